import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { configWithAgents } from '../agent-files.ts'
import type { LoadedConfig } from '../config-port.ts'
import type { Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, describedOrchestration } from '../orchestrations.ts'
import { planOrchestration, queuedOrchestration, unspokenOf } from '../plan-orchestration.ts'
import { requireTrust } from '../project-jobs.ts'
import { readScript } from '../read-script.ts'
import { type StartedRun, startRun } from '../start-run.ts'
import { workPlaces } from '../work-places.ts'

const Input = z.object({
  name: z.optional(z.string()),
  goal: z.optional(z.string()),
  task: z.optional(z.string()),
  backend: z.optional(z.string()),
  script: z.optional(z.string()),
  jobs: z.optional(z.coerce.number<string>()),
  detach: z.optional(z.boolean()),
  interactive_conductor: z.optional(z.boolean()),
})

/** Runs an orchestration: its agents in the order of its graph, over one shared context. */
export const runOrchestration: Operation<z.infer<typeof Input>, StartedRun> = {
  name: 'orchestration run',
  effect: 'write',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ name, goal, task, jobs: parallel, backend, script: named, detach, ...conductor }, call) => {
    const { interactive_conductor: interactive = false } = conductor
    if (interactive && (detach === true || !call.attended))
      return err({ code: 'terminal_missing', option: '--interactive-conductor' })
    const config = await configWithAgents(call.services)
    if (!config.ok) return config
    const trusted = await requireTrust(config.value, [])
    if (!trusted.ok) return trusted
    const path = named ?? scriptOf(config.value, name, call.services.currentDirectory)
    const script = path === undefined ? ok(undefined) : await readScript(call.services.documents, path)
    if (!script.ok) return script
    const asked = { name, goal, task, parallel, backend, script: script.value }
    const planned = planOrchestration(config.value, asked, call.services)
    if (!planned.ok) return planned
    const left = goal === undefined ? [] : unspokenOf(config.value.config, goal, planned.value)
    if (left.length > 0) call.report({ kind: 'note', text: `nothing is configured that speaks of: ${left.join(', ')}` })
    const trees = workPlaces(planned.value, await call.services.checkouts())
    const input = { ...planned.value, trees, ...(interactive && { conductor: { interactive } }) }
    return await startRun(call, queuedOrchestration(input, config.value), { detach })
  },
}

/** The script that the orchestration itself names. */
function scriptOf(
  { config, project }: Pick<LoadedConfig, 'config' | 'project'>,
  name: string | undefined,
  currentDirectory: string,
): string | undefined {
  const script = describedOrchestration(config, name ?? DEFAULT_ORCHESTRATION)?.script
  return script === undefined ? undefined : resolve(project?.directory ?? currentDirectory, script)
}
