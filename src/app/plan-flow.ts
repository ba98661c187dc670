import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Script } from '#domain/agents/script.ts'
import { toolOf } from '#domain/agents/tool-name.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'
import type { ImportedRole } from '#domain/orket/flow-import.ts'
import type { PlannedAgent } from '#workflows/agents/planned-agent.ts'
import type { PlannedTools } from '#workflows/agents/tool-call.ts'
import { workersOf } from '#workflows/agents/workers.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { missingBackend } from './backends.ts'
import type { ShownFlow } from './flows.ts'
import type { OrketFiles } from './orket-port.ts'
import { withBackend } from './plan-orchestration.ts'
import type { Services } from './services.ts'

/** What runs where a flow is wanted and none is named. */
export const STANDARD_FLOW = 'standard'

/** What an agent of a flow knows of the run: the task, and what was said and noted before it. */
const READS = ['goal', 'task.name', 'transcript']

/** What a flow is to do, as its caller said it. */
export interface FlowRequest {
  readonly goal?: string | undefined
  /** A configured task, a file, or `-` for standard input. */
  readonly task?: string | undefined
}

/** What there is to do, and where it stands. */
export interface FlowTask {
  readonly goal: string
  /** The name of a configured task. */
  readonly name?: string
  /** The replies that go with it. */
  readonly script?: string
}

/** The task of a flow: what was asked for, else what its files say. */
export async function taskOfFlow(
  { flow }: ShownFlow,
  { goal, task }: FlowRequest,
  { config, services }: { readonly config: Config; readonly services: Pick<Services, 'orket' | 'documents'> },
): Promise<Result<FlowTask, Failure>> {
  if (goal !== undefined && task !== undefined) return err(twoTasks())
  if (goal !== undefined) return ok({ goal })
  if (task === undefined) {
    if (flow.task === undefined) return err({ code: 'nothing_planned', known: Object.keys(config.tasks ?? {}) })
    return ok({ goal: flow.task, ...(flow.script !== undefined && { script: flow.script }) })
  }
  if (task === '-') return await inputTask(services)
  const orket = await services.orket()
  return orket.isFile(task) || IS_PATH.test(task) ? await fileTask(orket, task) : configuredTask(config, task)
}

/** What is no name of a task, since it is plainly a path. */
const IS_PATH = /[\\/]|\.[a-z]+$/i

async function fileTask(orket: OrketFiles, path: string): Promise<Result<FlowTask, Failure>> {
  const read = await orket.readTask(path)
  if (!read.ok) return read
  const { text, script } = read.value
  return ok({ goal: text, ...(script !== undefined && { script }) })
}

function configuredTask({ tasks = {} }: Config, task: string): Result<FlowTask, Failure> {
  const configured = Object.hasOwn(tasks, task) ? tasks[task] : undefined
  if (configured !== undefined) return ok({ goal: configured.description ?? task, name: task })
  const known = Object.keys(tasks)
  const suggestion = nearest(task, known)
  return err({ code: 'unknown_task', task, known, ...(suggestion !== undefined && { nearest: suggestion }) })
}

async function inputTask({ documents }: Pick<Services, 'documents'>): Promise<Result<FlowTask, Failure>> {
  const text = await documents.readInput()
  if (!text.ok) return text
  const goal = text.value.trim()
  return goal === '' ? err({ code: 'file_unreadable', path: '-', reason: 'empty' }) : ok({ goal })
}

export interface FlowRun {
  readonly task: FlowTask
  readonly parallel: number
  readonly backend?: string | undefined
  readonly script?: Script | undefined
  readonly tools: PlannedTools
}

/** The whole input of a flow's run: from here on it depends on no file. */
export function planFlow(
  { name, nodes: own, flow }: ShownFlow,
  { task, parallel, backend, script, tools }: FlowRun,
): Result<OrchestrationInput, Failure> {
  const nodes = backend === undefined ? own : own.map((node) => withBackend(node, backend))
  const agents = flow.roles.map((role) => plannedAgent(role, flow.spaces.workspace))
  const missing = missingBackend(workersOf(nodes, agents), script !== undefined)
  if (missing !== undefined) return err(missing)
  return ok({
    name,
    goal: task.goal,
    ...(task.name !== undefined && { task: task.name }),
    choice: [],
    nodes,
    agents,
    tasks: [],
    jobs: [],
    parallel,
    ...(script !== undefined && { script }),
    tools,
    flow: { path: flow.path, parts: flow.parts, unheeded: flow.unheeded },
  })
}

function plannedAgent(role: ImportedRole, directory: string): PlannedAgent {
  const { name, instructions, tools, requires, model, timeoutSeconds } = role
  return {
    name,
    built_in: false,
    role: {
      instructions,
      version: 0,
      reads: READS,
      feedback: [],
      writes: ['transcript'],
      tools: tools.flatMap((tool) => toolOf(tool) ?? []),
      output: 'text',
      // Agents of Orket write their calls into their text; such as have calls of their own may use those.
      calls_in_text: true,
    },
    backend: 'model',
    limits: { ...(timeoutSeconds !== undefined && { timeout_seconds: timeoutSeconds }) },
    directory,
    ...(model !== null && { model }),
    ...((requires.read || requires.write || requires.tools.length > 0) && { requires }),
  }
}

function twoTasks(): Failure {
  const expected = 'a goal or a task, and both were given'
  return { code: 'usage', problem: 'unexpected_argument', word: '--goal', command: 'orchestration run', expected }
}
