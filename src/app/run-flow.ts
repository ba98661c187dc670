import { err, ok, type Result } from '#base/result.ts'
import type { Script } from '#domain/agents/script.ts'
import type { Failure } from '#domain/failure.ts'
import type { LoadedConfig } from './config-port.ts'
import { reachOf, tooFar } from './flow-reach.ts'
import { unheededText } from './flow-words.ts'
import { findFlow } from './flows.ts'
import type { Call } from './operation.ts'
import { pinSpaces } from './pin-spaces.ts'
import { planConductor } from './plan-conductor.ts'
import { type FlowRequest, type FlowTask, planFlow, taskOfFlow } from './plan-flow.ts'
import { queuedOrchestration } from './plan-orchestration.ts'
import { planTools } from './plan-tools.ts'
import { readScript } from './read-script.ts'
import type { QueuedRun } from './start-run.ts'
import { treePlaces } from './work-places.ts'

export interface FlowStart extends FlowRequest {
  readonly flow: string
  readonly workspace?: string | undefined
  readonly parallel?: number | undefined
  readonly backend?: string | undefined
  readonly script?: string | undefined
  readonly interactive: boolean
  /** A file of rules for the Conductor. */
  readonly rules?: string | undefined
}

/** The run of a flow as it begins. What its files say and nothing follows is said before. */
export async function queuedFlow(
  call: Call,
  config: LoadedConfig,
  { flow, workspace, parallel, backend, script: named, interactive, rules, ...request }: FlowStart,
): Promise<Result<QueuedRun, Failure>> {
  const { services } = call
  const found = await findFlow(flow, { workspace }, services)
  if (!found.ok) return found
  const task = await taskOfFlow(found.value, request, { config: config.config, services })
  if (!task.ok) return task
  const script = await scriptFor(call, { named, backend, task: task.value })
  if (!script.ok) return script
  const tools = planTools(config, found.value.tools, services)
  if (!tools.ok) return tools
  const parallelWork = parallel ?? services.processors
  const run = { task: task.value, parallel: parallelWork, backend, script: script.value, tools: tools.value }
  const planned = planFlow(found.value, run)
  if (!planned.ok) return planned
  const { configFiles } = services
  const governed = await planConductor(planned.value, { config: config.config, interactive, rules, configFiles })
  if (!governed.ok) return governed
  const realPath = await services.realPath()
  const pinned = pinSpaces(planned.value.tools, realPath)
  const spaces = pinned.tools?.spaces
  const standing = {
    flow,
    currentDirectory: realPath(services.currentDirectory),
    named: workspace === undefined ? undefined : spaces?.workspace,
  }
  const refused = spaces && tooFar(spaces, standing)
  if (refused !== undefined) return err(refused)
  const made = spaces ? await (await services.orket()).makeDirectory(spaces.workspace) : ok()
  if (!made.ok) return made
  const reach = spaces ? reachOf(spaces, standing) : []
  for (const text of reach) call.report({ kind: 'note', text })
  for (const each of found.value.flow.unheeded) call.report({ kind: 'note', text: unheededText(each) })
  const trees = treePlaces(planned.value, await services.checkouts())
  const input = { ...planned.value, ...governed.value, ...pinned, trees }
  return ok(queuedOrchestration(input, { sources: [...config.sources, ...found.value.flow.sources] }))
}

interface ScriptFor {
  readonly named: string | undefined
  readonly backend: string | undefined
  readonly task: FlowTask
}

/** The script that was named; with the scripted backend else that of the task. */
async function scriptFor(
  { services }: Call,
  { named, backend, task }: ScriptFor,
): Promise<Result<Script | undefined, Failure>> {
  const path = named ?? (backend === 'scripted' ? task.script : undefined)
  if (path === undefined) return ok(undefined)
  const orket = await services.orket()
  return await readScript({ readText: async (each) => await orket.readText(each) }, path)
}
