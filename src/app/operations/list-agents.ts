import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { BUILT_IN_ROLES } from '#domain/agents/role.ts'
import { configWithAgents } from '../agent-files.ts'
import type { Operation } from '../operation.ts'
import { roleOf } from '../orchestrations.ts'

const Input = z.object({})

export interface ListedAgent {
  readonly name: string
  readonly description?: string | undefined
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
    const loaded = await configWithAgents(call.services)
    if (!loaded.ok) return loaded
    const { config } = loaded.value
    const own = Object.keys(config.agents ?? {})
    const names = new Set([...BUILT_IN_ROLES.map(({ name }) => name), ...own])
    const agents = [...names].flatMap((name) => {
      const role = roleOf(config, name)
      if (role === undefined) return []
      const { capabilities, reads, writes } = role
      const description = config.agents?.[name]?.description
      return [{ name, description, capabilities, reads, writes, isBuiltIn: !own.includes(name) }]
    })
    return ok(agents.sort((left, right) => (left.name < right.name ? -1 : 1)))
  },
}
