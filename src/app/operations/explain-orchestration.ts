import * as z from 'zod/mini'
import { configWithAgents } from '../agent-files.ts'
import { findFlow, type ShownFlow } from '../flows.ts'
import type { Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration, type ShownOrchestration } from '../orchestrations.ts'

const Input = z.object({
  name: z.optional(z.string()),
  mermaid: z.optional(z.boolean()),
  flow: z.optional(z.string()),
  workspace: z.optional(z.string()),
})

/** The graph that an orchestration or the files of a flow are short for, or everything that is wrong with it. */
export const explainOrchestration: Operation<z.infer<typeof Input>, ShownOrchestration | ShownFlow> = {
  name: 'orchestration explain',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ name = DEFAULT_ORCHESTRATION, flow, workspace }, call) => {
    if (flow !== undefined) return await findFlow(flow, { workspace }, call.services)
    const loaded = await configWithAgents(call.services)
    return loaded.ok ? findOrchestration(loaded.value.config, name) : loaded
  },
}
