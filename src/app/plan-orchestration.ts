import { resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { type Candidate, type Chosen, chooseTasks, unspokenWords, withAllNeeds } from '#domain/agents/choose-tasks.ts'
import type { Script } from '#domain/agents/script.ts'
import type { Agent } from '#domain/definition/agent.ts'
import type { Config } from '#domain/definition/config.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import { type PlannedJob, planJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import type { AgentLimits, PlannedAgent } from '#workflows/agents/planned-agent.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { missingBackend, needChoice, plansFreely, type Worker, workersOf } from './backends.ts'
import type { LoadedConfig } from './config-port.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration, roleOf, type ShownOrchestration } from './orchestrations.ts'
import { planTools } from './plan-tools.ts'
import { jobDirectory } from './project-jobs.ts'
import type { Services } from './services.ts'

/** What is asked of an orchestration, as its caller said it. */
export interface OrchestrationRequest {
  /** The built-in one without it. */
  readonly name?: string | undefined
  readonly goal?: string | undefined
  readonly task?: string | undefined
  readonly parallel?: number | undefined
  /** What takes the turns of all agents, in place of their own backends. */
  readonly backend?: string | undefined
  readonly script?: Script | undefined
}

/** The whole input of an orchestration's run: from here on it depends on no file. */
export function planOrchestration(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  { name = DEFAULT_ORCHESTRATION, goal, task, parallel, backend, script }: OrchestrationRequest,
  services: Pick<Services, 'currentDirectory' | 'processors' | 'platform'>,
): Result<OrchestrationInput, Failure> {
  const found = findOrchestration(loaded.config, name)
  if (!found.ok) return found
  const nodes = backend === undefined ? found.value.nodes : found.value.nodes.map((node) => withBackend(node, backend))
  const agents = plannedAgents(loaded, { nodes }, services.currentDirectory)
  const workers = workersOf(nodes, agents)
  const missing = missingBackend(workers, script !== undefined)
  if (missing !== undefined) return err(missing)
  const choice = choose(loaded.config, { ...found.value, workers }, { goal, task })
  if (!choice.ok) return choice
  const isOpen = workers.some(plansFreely)
  const chosen = new Set(
    isOpen ? candidates(loaded.config).map((each) => each.name) : choice.value.map((each) => each.name),
  )
  const jobs = plannedJobs(loaded, { chosen, isOpen }, services)
  if (!jobs.ok) return jobs
  const tools = planTools(loaded, found.value.tools, services)
  if (!tools.ok) return tools
  return ok({
    name,
    ...(goal !== undefined && { goal }),
    ...(task !== undefined && { task }),
    choice: choice.value,
    nodes,
    agents,
    tasks: Object.entries(loaded.config.tasks ?? {}).flatMap(([each, definition]) =>
      chosen.has(each) ? [{ name: each, task: definition }] : [],
    ),
    jobs: jobs.value,
    tools: tools.value,
    parallel: parallel ?? services.processors,
    ...(script !== undefined && { script }),
  })
}

/** The node with that backend in place of its own. */
export function withBackend(node: GraphNode, backend: string): GraphNode {
  return { ...node, with: { ...node.with, backend } }
}

/** The agents that the graph names, built-in ones, too. */
function plannedAgents(
  { config, project }: Pick<LoadedConfig, 'config' | 'project'>,
  { nodes }: Pick<ShownOrchestration, 'nodes'>,
  currentDirectory: string,
): OrchestrationInput['agents'] {
  const { agents = {} } = config
  const base = project?.directory ?? currentDirectory
  return [...new Set(nodes.map((node) => node.with.agent))].flatMap((name): readonly PlannedAgent[] => {
    const role = roleOf(config, name)
    if (role === undefined) return []
    const own = Object.hasOwn(agents, name) ? agents[name] : undefined
    const { instructions, version, reads, feedback, writes, tools, output } = role
    const { backend = 'command', command, timeout_seconds, limits, calls, working_dir = '.' } = own ?? {}
    return [
      {
        name,
        built_in: own === undefined,
        role: {
          ...{ instructions, version, reads, feedback, writes, tools, output },
          ...(calls === 'text' && { calls_in_text: true }),
        },
        backend,
        limits: limitsOf({ timeout_seconds, ...limits }),
        directory: resolve(base, working_dir),
        ...(command !== undefined && { command }),
      },
    ]
  })
}

function limitsOf(limits: Agent['limits']): AgentLimits {
  return Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined))
}

/**
 * What there is to do: the task that was asked for, else those of the orchestration, else the one of its own name,
 * else what the goal speaks of. Nothing at all is a failure, since an empty run would pass for a success.
 */
function choose(
  config: Config,
  { name, tasks: own, workers }: Pick<ShownOrchestration, 'name' | 'tasks'> & { readonly workers: readonly Worker[] },
  { goal, task }: Pick<OrchestrationRequest, 'goal' | 'task'>,
): Result<readonly Chosen[], Failure> {
  const { tasks = {} } = config
  const named = task !== undefined ? [task] : own.length > 0 ? own : Object.hasOwn(tasks, name) ? [name] : []
  const missing = named.find((each) => !Object.hasOwn(tasks, each))
  if (missing !== undefined) return err(unknownTask(config, missing))
  if (named.length > 0) return ok(withAllNeeds(named, candidates(config)))
  const isNeeded = needChoice(workers)
  if (!isNeeded && !workers.some(plansFreely)) return ok([])
  const chosen = goal === undefined ? [] : chooseTasks(goal, candidates(config))
  // Whoever plans freely may take it for a proposal.
  if (chosen.length > 0 || !isNeeded) return ok(chosen)
  const known = [...Object.keys(tasks), ...Object.keys(config.jobs ?? {})]
  return err({ code: 'nothing_planned', ...(goal !== undefined && { goal }), known: known.slice(0, 50) })
}

/** The words of a goal that led to nothing, where others led to what is planned. */
export function unspokenOf(config: Config, goal: string, { choice }: OrchestrationInput): readonly string[] {
  return choice.some(({ words }) => words.length > 0) ? unspokenWords(goal, candidates(config)) : []
}

/** A task and a job of one name are two things; the task is meant. */
function candidates({ tasks = {}, jobs = {} }: Config): readonly Candidate[] {
  return [
    ...Object.entries(tasks).map(([name, { description, keywords, needs = [] }]): Candidate => {
      return { name, kind: 'task', description, keywords, needs }
    }),
    ...Object.entries(jobs).flatMap(([name, { description, group, needs = [] }]): readonly Candidate[] =>
      Object.hasOwn(tasks, name)
        ? []
        : [{ name, kind: 'job', description, keywords: group === undefined ? [] : [group], needs }],
    ),
  ]
}

/** The first event of an orchestration's run. */
export function queuedOrchestration(
  input: OrchestrationInput,
  { sources }: { readonly sources: readonly { readonly path: string; readonly digest: string }[] },
): EventBodies['run.queued'] {
  return {
    workflow: orchestration.name,
    workflow_version: orchestration.version,
    name: input.name,
    input,
    resume: 'ask',
    config: sources.map(({ path, digest }) => ({ path, digest })),
  }
}

/** Fails with what is missing where a job of the plan has parameters that nobody gives. */
function plannedJobs(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  { chosen, isOpen }: { readonly chosen: ReadonlySet<string>; readonly isOpen: boolean },
  { currentDirectory, platform }: Pick<Services, 'currentDirectory' | 'platform'>,
): Result<OrchestrationInput['jobs'], Failure> {
  const resolve = jobDirectory(loaded, currentDirectory)
  const { tasks = {}, jobs = {} } = loaded.config
  const planned: PlannedJob[] = []
  for (const [name, definition] of Object.entries(jobs)) {
    if (!chosen.has(name) || Object.hasOwn(tasks, name)) continue
    const at = (directory: string) => resolve(name, directory)
    const one = planJob(name, definition, { params: {}, args: [], platform, resolve: at })
    // What lacks parameters cannot be planned, and is in the way only of what asks for it.
    if (!one.ok && isOpen) continue
    if (!one.ok) return err({ code: 'params_invalid', problems: [...one.error] })
    planned.push(one.value)
  }
  return ok(planned)
}

function unknownTask({ tasks = {} }: Config, task: string): Failure {
  const known = Object.keys(tasks)
  const suggestion = nearest(task, known)
  return { code: 'unknown_task', task, known, ...(suggestion !== undefined && { nearest: suggestion }) }
}
