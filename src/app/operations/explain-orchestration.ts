import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { configWithAgents } from '../agent-files.ts'
import { findFlow, flowMisuse, type ShownFlow } from '../flows.ts'
import { withPlaces } from '../graph-places.ts'
import type { Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration, type ShownOrchestration } from '../orchestrations.ts'
import { explained } from '../plan-orchestration.ts'

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
  run: async ({ name: named, flow, workspace }, call) => {
    const misuse = flowMisuse('orchestration explain', { name: named, flow, workspace })
    if (misuse !== undefined) return err(misuse)
    if (flow !== undefined) return await findFlow(flow, { workspace }, call.services)
    const name = named ?? DEFAULT_ORCHESTRATION
    const loaded = await configWithAgents(call.services)
    if (!loaded.ok) return loaded
    const found = findOrchestration(loaded.value.config, name)
    if (!found.ok) return await withPlaces(found, loaded.value, call.services.configFiles)
    return ok(explained(loaded.value, found.value, call.services))
  },
}
