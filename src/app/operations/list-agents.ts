import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { BUILT_IN_ROLES } from '#domain/agents/role.ts'
import type { Operation } from '../operation.ts'

const Input = z.object({})

export interface ListedAgent {
  readonly name: string
  readonly capabilities: readonly string[]
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly isBuiltIn: boolean
}

/** The agents that an orchestration can be made of, by name. */
export const listAgents: Operation<z.infer<typeof Input>, readonly ListedAgent[]> = {
  name: 'agent list',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, call) => {
    const loaded = await call.services.config()
    if (!loaded.ok) return loaded
    const own = Object.keys(loaded.value.config.agents ?? {}).filter(
      (name) => !BUILT_IN_ROLES.some((role) => role.name === name),
    )
    const agents = [
      ...BUILT_IN_ROLES.map(({ name, capabilities, reads, writes }) => ({
        name,
        capabilities,
        reads,
        writes,
        isBuiltIn: true,
      })),
      ...own.map((name) => ({ name, capabilities: [], reads: [], writes: [], isBuiltIn: false })),
    ]
    return ok(agents.sort((left, right) => (left.name < right.name ? -1 : 1)))
  },
}
