import { resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { type Asked, choiceFor } from '#domain/agents/choice-for.ts'
import { type Candidate, type Chosen, unspokenWords } from '#domain/agents/choose-tasks.ts'
import type { Script } from '#domain/agents/script.ts'
import type { Agent } from '#domain/definition/agent.ts'
import { isBuiltInAgent } from '#domain/definition/agent-role.ts'
import type { Config } from '#domain/definition/config.ts'
import type { GraphNode, NamedGraph } from '#domain/definition/orchestration-graph.ts'
import { type PlannedJob, planJob } from '#domain/definition/planned-job.ts'
import { withRework } from '#domain/definition/rework.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import type { AgentLimits, PlannedAgent } from '#workflows/agents/planned-agent.ts'
import { needChoice, plansFreely, type Worker, workersOf } from '#workflows/agents/workers.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { canMend, missingBackend } from './backends.ts'
import type { LoadedConfig } from './config-port.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration, roleOf, type ShownOrchestration } from './orchestrations.ts'
import { jobsOfNodes, type Pinning, pinnedGraph, plannedJobNodes } from './pin-graph.ts'
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
  const within = graphsWithin(loaded.config, found.value)
  if (!within.ok) return within
  const all = [found.value, ...within.value].map((graph) => takenBy(graph, backend))
  const [{ nodes, tasks: own }, ...inner] = all as [NamedGraph, ...NamedGraph[]]
  const agents = plannedAgents(loaded, all, services.currentDirectory)
  const workers = all.flatMap((graph) => workersOf(graph.nodes, agents))
  const missing = missingBackend(workers, script !== undefined)
  if (missing !== undefined) return err(missing)
  const asked = { goal, task }
  const choice = choose(loaded.config, { name, tasks: own, workers: workersOf(nodes, agents) }, asked)
  if (!choice.ok) return choice
  const pinning = { loaded, services }
  const isOpen = inner.length > 0 || workers.some(plansFreely)
  const chosen = new Set((isOpen ? candidates(loaded.config) : choice.value).map((each) => each.name))
  const jobs = jobsOfRun(all, { chosen, isOpen }, pinning)
  if (!jobs.ok) return jobs
  const jobNodes = plannedJobNodes(all, pinning)
  if (!jobNodes.ok) return jobNodes
  const pinned = (graph: NamedGraph) => pinnedGraph(reworked(graph, agents), pinning)
  const tools = planTools(loaded, found.value.tools, services)
  if (!tools.ok) return tools
  return ok({
    name,
    ...given({ goal, task, script }),
    choice: choice.value,
    nodes: pinned({ name, nodes, tasks: own }).nodes,
    agents,
    tasks: Object.entries(loaded.config.tasks ?? {}).flatMap(([each, definition]) =>
      chosen.has(each) ? [{ name: each, task: definition }] : [],
    ),
    jobs: jobs.value,
    tools: tools.value,
    parallel: parallel ?? services.processors,
    ...(inner.length > 0 && { graphs: inner.map(pinned), candidates: runnable(loaded.config, jobs.value) }),
    ...(Object.keys(jobNodes.value).length > 0 && { job_nodes: jobNodes.value }),
  })
}

/** Of these values, those that are there. */
function given<Values extends Readonly<Record<string, unknown>>>(
  values: Values,
): { readonly [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as { [Key in keyof Values]?: Exclude<Values[Key], undefined> }
}

/** The orchestration as it would run here: with what its judges send back. */
export function explained(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  shown: ShownOrchestration,
  { currentDirectory }: Pick<Services, 'currentDirectory'>,
): ShownOrchestration {
  return { ...shown, nodes: reworked(shown, plannedAgents(loaded, [shown], currentDirectory)).nodes }
}

/** The graph with what its judges send back. */
function reworked(graph: NamedGraph, agents: readonly PlannedAgent[]): NamedGraph {
  const workers = new Map(workersOf(graph.nodes, agents).map((worker) => [worker.node, worker]))
  const partOf = ({ id }: GraphNode) => {
    const worker = workers.get(id)
    return { judges: worker?.agent.role.output === 'verdict', mends: worker !== undefined && canMend(worker) }
  }
  return { ...graph, nodes: withRework(graph.nodes, partOf) }
}

/** The orchestrations that are played within this one, and within those, each once. */
function graphsWithin(config: Config, outer: ShownOrchestration): Result<readonly ShownOrchestration[], Failure> {
  const found = new Map<string, ShownOrchestration>()
  const open = [outer]
  for (let graph = open.pop(); graph !== undefined; graph = open.pop()) {
    for (const node of graph.nodes) {
      if (node.kind !== 'orchestration' || found.has(node.with.orchestration)) continue
      const inner = findOrchestration(config, node.with.orchestration)
      if (!inner.ok) return inner
      found.set(inner.value.name, inner.value)
      open.push(inner.value)
    }
  }
  return ok([...found.values()])
}

/** The graph with what takes the turns of all its agents, where that was said. */
function takenBy({ name, nodes, tasks }: ShownOrchestration, backend: string | undefined): NamedGraph {
  return { name, tasks, nodes: backend === undefined ? nodes : nodes.map((node) => withBackend(node, backend)) }
}

/** The node with that backend in place of its own, where an agent takes it. */
export function withBackend(node: GraphNode, backend: string): GraphNode {
  return node.kind === 'agent' ? { ...node, with: { ...node.with, backend } } : node
}

/** The agents that the graphs name, built-in ones, too. */
export function plannedAgents(
  { config, project }: Pick<LoadedConfig, 'config' | 'project'>,
  graphs: readonly NamedGraph[],
  currentDirectory: string,
): OrchestrationInput['agents'] {
  const { agents = {} } = config
  const base = project?.directory ?? currentDirectory
  const named = graphs.flatMap(({ nodes }) => nodes.flatMap((node) => (node.kind === 'agent' ? [node.with.agent] : [])))
  return [...new Set(named)].flatMap((name): readonly PlannedAgent[] => {
    const role = roleOf(config, name)
    if (role === undefined) return []
    const own = Object.hasOwn(agents, name) ? agents[name] : undefined
    const { instructions, version, reads, feedback, writes, tools, output } = role
    const { backend = 'command', command, timeout_seconds, limits, calls, variables, working_dir = '.' } = own ?? {}
    return [
      {
        name,
        built_in: isBuiltInAgent(name, own),
        role: {
          ...{ instructions, version, reads, feedback, writes, tools, output },
          ...(calls === 'text' && { calls_in_text: true }),
        },
        backend,
        limits: limitsOf({ timeout_seconds, ...limits }),
        directory: resolve(base, working_dir),
        ...(command !== undefined && { command }),
        ...(variables !== undefined && { variables }),
      },
    ]
  })
}

function limitsOf(limits: Agent['limits']): AgentLimits {
  return Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined))
}

/** What there is to do. Nothing at all is a failure, since an empty run would pass for a success. */
function choose(
  config: Config,
  { workers, ...graph }: Pick<NamedGraph, 'name' | 'tasks'> & { readonly workers: readonly Worker[] },
  asked: Asked,
): Result<readonly Chosen[], Failure> {
  const { tasks = {}, jobs = {} } = config
  const isNamed = asked.task !== undefined || graph.tasks.length > 0 || Object.hasOwn(tasks, graph.name)
  const isNeeded = needChoice(workers)
  // Whoever plans freely may take it for a proposal.
  if (!isNamed && !isNeeded && !workers.some(plansFreely)) return ok([])
  const choice = choiceFor(graph, asked, candidates(config))
  if (!choice.ok) return err(unknownTask(config, choice.error))
  if (choice.value.length > 0 || (!isNamed && !isNeeded)) return choice
  const { goal } = asked
  const known = [...Object.keys(tasks), ...Object.keys(jobs)]
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

/** What orchestrations within the run may plan: jobs only where they can run without being given anything. */
function runnable(config: Config, jobs: readonly PlannedJob[]): readonly Candidate[] {
  const names = new Set(jobs.map(({ name }) => name))
  return candidates(config).filter(({ kind, name }) => kind === 'task' || names.has(name))
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

/** The jobs that are planned, and those that nodes run. Fails with what is missing where one has parameters that nobody gives. */
function jobsOfRun(
  graphs: readonly NamedGraph[],
  { chosen, isOpen }: { readonly chosen: ReadonlySet<string>; readonly isOpen: boolean },
  { loaded, services: { currentDirectory, platform } }: Pinning,
): Result<OrchestrationInput['jobs'], Failure> {
  const resolve = jobDirectory(loaded, currentDirectory)
  const { tasks = {}, jobs = {} } = loaded.config
  const ofNodes = jobsOfNodes(graphs, loaded.config)
  if (!ofNodes.ok) return ofNodes
  const { needed, given } = ofNodes.value
  const planned: PlannedJob[] = []
  for (const [name, definition] of Object.entries(jobs)) {
    const isPlanned = chosen.has(name) && !Object.hasOwn(tasks, name)
    if (!isPlanned && !needed.has(name)) continue
    const at = (directory: string) => resolve(name, directory)
    const one = planJob(name, definition, { params: {}, args: [], platform, resolve: at })
    if (one.ok) planned.push(one.value)
    // What lacks parameters cannot be planned, and is in the way only of what asks for it.
    else if (needed.has(name) ? !given.has(name) : !isOpen)
      return err({ code: 'params_invalid', problems: [...one.error] })
  }
  return ok(planned)
}

function unknownTask({ tasks = {} }: Config, task: string): Failure {
  const known = Object.keys(tasks)
  const suggestion = nearest(task, known)
  return { code: 'unknown_task', task, known, ...(suggestion !== undefined && { nearest: suggestion }) }
}
