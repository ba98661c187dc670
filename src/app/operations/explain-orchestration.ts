import * as z from 'zod/mini'
import type { Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration, type ShownOrchestration } from '../orchestrations.ts'

const Input = z.object({ name: z.optional(z.string()), mermaid: z.optional(z.boolean()) })

/** The graph that an orchestration is short for, or everything that is wrong with it. */
export const explainOrchestration: Operation<z.infer<typeof Input>, ShownOrchestration> = {
  name: 'orchestration explain',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ name = DEFAULT_ORCHESTRATION }, call) => {
    const loaded = await call.services.config()
    return loaded.ok ? findOrchestration(loaded.value.config, name) : loaded
  },
}
