import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { configWithAgents } from '../agent-files.ts'
import type { Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, describedOrchestration, orchestrationNames } from '../orchestrations.ts'

const Input = z.object({})

export interface ListedOrchestration {
  readonly name: string
  readonly description?: string
  readonly isBuiltIn: boolean
}

/** The orchestrations that can be run, by name. */
export const listOrchestrations: Operation<z.infer<typeof Input>, readonly ListedOrchestration[]> = {
  name: 'orchestration list',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, call) => {
    const loaded = await configWithAgents(call.services)
    if (!loaded.ok) return loaded
    const { config } = loaded.value
    const own = config.orchestrations ?? {}
    return ok(
      orchestrationNames(config).map((name) => {
        const description = describedOrchestration(config, name)?.description
        const isBuiltIn = name === DEFAULT_ORCHESTRATION && !Object.hasOwn(own, name)
        return { name, isBuiltIn, ...(description !== undefined && { description }) }
      }),
    )
  },
}
