import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { configWithAgents } from '../agent-files.ts'
import type { LoadedConfig } from '../config-port.ts'
import { flowMisuse } from '../flows.ts'
import { withPlaces } from '../graph-places.ts'
import type { Call, Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, describedOrchestration } from '../orchestrations.ts'
import { pinSpaces } from '../pin-spaces.ts'
import { planConductor } from '../plan-conductor.ts'
import { STANDARD_FLOW } from '../plan-flow.ts'
import { planOrchestration, queuedOrchestration, unspokenOf } from '../plan-orchestration.ts'
import { requireOrchestrationTrust } from '../project-jobs.ts'
import { readScript, strangersIn } from '../read-script.ts'
import { queuedFlow } from '../run-flow.ts'
import { type QueuedRun, type StartedRun, startRun } from '../start-run.ts'
import { treePlaces } from '../work-places.ts'

const Input = z.object({
  name: z.optional(z.string()),
  goal: z.optional(z.string()),
  task: z.optional(z.string()),
  backend: z.optional(z.string()),
  script: z.optional(z.string()),
  flow: z.optional(z.string()),
  workspace: z.optional(z.string()),
  jobs: z.optional(z.coerce.number<string>()),
  detach: z.optional(z.boolean()),
  interactive_conductor: z.optional(z.boolean()),
  conductor: z.optional(z.string()),
})
type Asked = z.infer<typeof Input>

/** Runs an orchestration: its agents in the order of its graph, over one shared context. */
export const runOrchestration: Operation<Asked, StartedRun> = {
  name: 'orchestration run',
  effect: 'write',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (asked, call) => {
    const { detach, interactive_conductor: interactive = false } = asked
    if (interactive && (detach === true || !call.attended))
      return err({ code: 'terminal_missing', option: '--interactive-conductor' })
    const config = await configWithAgents(call.services)
    if (!config.ok) return config
    const trusted = asked.flow === undefined ? await requireOrchestrationTrust(config.value, asked) : ok()
    if (!trusted.ok) return trusted
    const queued = await queuedRun(call, config.value, asked)
    return queued.ok ? await startRun(call, queued.value, { detach }) : queued
  },
}

async function queuedRun(call: Call, config: LoadedConfig, asked: Asked): Promise<Result<QueuedRun, Failure>> {
  const { name, goal, task, jobs: parallel, script, workspace, interactive_conductor: interactive = false } = asked
  const isAlone = interactive && [name, goal, task].every((said) => said === undefined)
  const flow = asked.flow ?? (isAlone ? STANDARD_FLOW : undefined)
  const misuse = flowMisuse('orchestration run', { name, flow, workspace })
  if (misuse !== undefined) return err(misuse)
  if (flow === undefined) return await queuedConfigured(call, config, asked)
  return await queuedFlow(call, config, { ...asked, flow, parallel, script, interactive, rules: asked.conductor })
}

/** The run of an orchestration of the configuration. */
async function queuedConfigured(
  call: Call,
  config: LoadedConfig,
  { name, goal, task, jobs: parallel, backend, script: named, ...governing }: Asked,
): Promise<Result<QueuedRun, Failure>> {
  const path = named ?? scriptOf(config, name, call.services.currentDirectory)
  const script = path === undefined ? ok(undefined) : await readScript(call.services.documents, path)
  if (!script.ok) return script
  const asked = { name, goal, task, parallel, backend, script: script.value }
  const found = planOrchestration(config, asked, call.services)
  const planned = await withPlaces(found, config, call.services.configFiles)
  if (!planned.ok) return planned
  const left = goal === undefined ? [] : unspokenOf(config.config, goal, planned.value)
  if (left.length > 0) call.report({ kind: 'note', text: `nothing is configured that speaks of: ${left.join(', ')}` })
  const strangers = script.value === undefined ? [] : strangersIn(script.value, planned.value)
  if (strangers.length > 0)
    call.report({ kind: 'note', text: `the script has replies for nobody of this run: ${strangers.join(', ')}` })
  const { interactive_conductor: interactive = false, conductor: rules } = governing
  const { configFiles } = call.services
  const governed = await planConductor(planned.value, { config: config.config, interactive, rules, configFiles })
  if (!governed.ok) return governed
  const trees = treePlaces(planned.value, await call.services.checkouts())
  const spaces = pinSpaces(planned.value.tools, await call.services.realPath())
  const input = { ...planned.value, ...governed.value, ...spaces, trees }
  return ok(queuedOrchestration(input, config))
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
