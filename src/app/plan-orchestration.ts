import { resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { type Candidate, type Chosen, chooseTasks, unspokenWords, withAllNeeds } from '#domain/agents/choose-tasks.ts'
import type { Config } from '#domain/definition/config.ts'
import { type PlannedJob, planJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import type { PlannedAgent } from '#workflows/agents/planned-agent.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import type { LoadedConfig } from './config-port.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration, roleOf, type ShownOrchestration } from './orchestrations.ts'
import { jobDirectory } from './project-jobs.ts'
import type { Services } from './services.ts'

/** What is asked of an orchestration, as its caller said it. */
export interface OrchestrationRequest {
  /** The built-in one without it. */
  readonly name?: string | undefined
  readonly goal?: string | undefined
  readonly task?: string | undefined
  readonly parallel?: number | undefined
}

/** The whole input of an orchestration's run: from here on it depends on no file. */
export function planOrchestration(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  { name = DEFAULT_ORCHESTRATION, goal, task, parallel }: OrchestrationRequest,
  services: Pick<Services, 'currentDirectory' | 'processors' | 'platform'>,
): Result<OrchestrationInput, Failure> {
  const found = findOrchestration(loaded.config, name)
  if (!found.ok) return found
  const choice = choose(loaded.config, found.value, { goal, task })
  if (!choice.ok) return choice
  const chosen = new Set(choice.value.map((each) => each.name))
  const jobs = plannedJobs(loaded, chosen, services)
  if (!jobs.ok) return jobs
  return ok({
    name,
    ...(goal !== undefined && { goal }),
    ...(task !== undefined && { task }),
    choice: choice.value,
    nodes: found.value.nodes,
    agents: plannedAgents(loaded, found.value, services.currentDirectory),
    tasks: Object.entries(loaded.config.tasks ?? {}).flatMap(([each, definition]) =>
      chosen.has(each) ? [{ name: each, task: definition }] : [],
    ),
    jobs: jobs.value,
    parallel: parallel ?? services.processors,
  })
}

/** The agents that the graph names, built-in ones, too. */
function plannedAgents(
  { config, project }: Pick<LoadedConfig, 'config' | 'project'>,
  { nodes }: ShownOrchestration,
  currentDirectory: string,
): OrchestrationInput['agents'] {
  const { agents = {} } = config
  const base = project?.directory ?? currentDirectory
  return [...new Set(nodes.map((node) => node.with.agent))].flatMap((name): readonly PlannedAgent[] => {
    const role = roleOf(config, name)
    if (role === undefined) return []
    const own = Object.hasOwn(agents, name) ? agents[name] : undefined
    const { instructions, reads, feedback, writes } = role
    const { backend = 'command', command, timeout_seconds, working_dir = '.' } = own ?? {}
    return [
      {
        name,
        built_in: own === undefined,
        role: { instructions, reads, feedback, writes },
        backend,
        limits: { ...(timeout_seconds !== undefined && { timeout_seconds }) },
        directory: resolve(base, working_dir),
        ...(command !== undefined && { command }),
      },
    ]
  })
}

/**
 * What there is to do: the task that was asked for, else those of the orchestration, else the one of its own name,
 * else what the goal speaks of. Nothing at all is a failure, since an empty run would pass for a success.
 */
function choose(
  config: Config,
  { name, tasks: own, nodes }: ShownOrchestration,
  { goal, task }: Pick<OrchestrationRequest, 'goal' | 'task'>,
): Result<readonly Chosen[], Failure> {
  const { tasks = {}, agents = {} } = config
  const named = task !== undefined ? [task] : own.length > 0 ? own : Object.hasOwn(tasks, name) ? [name] : []
  const missing = named.find((each) => !Object.hasOwn(tasks, each))
  if (missing !== undefined) return err(unknownTask(config, missing))
  if (named.length > 0) return ok(withAllNeeds(named, candidates(config)))
  // Agents of one's own need no tasks.
  if (nodes.every((node) => Object.hasOwn(agents, node.with.agent))) return ok([])
  const chosen = goal === undefined ? [] : chooseTasks(goal, candidates(config))
  if (chosen.length > 0) return ok(chosen)
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
  { sources }: Pick<LoadedConfig, 'sources'>,
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
  chosen: ReadonlySet<string>,
  { currentDirectory, platform }: Pick<Services, 'currentDirectory' | 'platform'>,
): Result<OrchestrationInput['jobs'], Failure> {
  const resolve = jobDirectory(loaded, currentDirectory)
  const { tasks = {}, jobs = {} } = loaded.config
  const planned: PlannedJob[] = []
  for (const [name, definition] of Object.entries(jobs)) {
    if (!chosen.has(name) || Object.hasOwn(tasks, name)) continue
    const at = (directory: string) => resolve(name, directory)
    const one = planJob(name, definition, { params: {}, args: [], platform, resolve: at })
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
