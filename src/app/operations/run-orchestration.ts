import * as z from 'zod/mini'
import type { Operation } from '../operation.ts'
import { planOrchestration, queuedOrchestration, unspokenOf } from '../plan-orchestration.ts'
import { requireTrust } from '../project-jobs.ts'
import { type StartedRun, startRun } from '../start-run.ts'

const Input = z.object({
  name: z.optional(z.string()),
  goal: z.optional(z.string()),
  task: z.optional(z.string()),
  jobs: z.optional(z.coerce.number<string>()),
  detach: z.optional(z.boolean()),
})

/** Runs an orchestration: its agents in the order of its graph, over one shared context. */
export const runOrchestration: Operation<z.infer<typeof Input>, StartedRun> = {
  name: 'orchestration run',
  effect: 'write',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ name, goal, task, jobs: parallel, detach }, call) => {
    const config = await call.services.config()
    if (!config.ok) return config
    const trusted = await requireTrust(config.value, [])
    if (!trusted.ok) return trusted
    const planned = planOrchestration(config.value, { name, goal, task, parallel }, call.services)
    if (!planned.ok) return planned
    const left = goal === undefined ? [] : unspokenOf(config.value.config, goal, planned.value)
    if (left.length > 0) call.report({ kind: 'note', text: `nothing is configured that speaks of: ${left.join(', ')}` })
    return await startRun(call, queuedOrchestration(planned.value, config.value), { detach })
  },
}
