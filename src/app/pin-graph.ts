import { isAbsolute, resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import { literal, marked } from '#domain/context/fill-texts.ts'
import type { Config } from '#domain/definition/config.ts'
import { selectJobs } from '#domain/definition/graph.ts'
import type { Job } from '#domain/definition/job.ts'
import type { GraphNode, NamedGraph, NodeOf } from '#domain/definition/orchestration-graph.ts'
import { type ParamProblem, type PlannedJob, planJob } from '#domain/definition/planned-job.ts'
import { shellArgv, usualShell } from '#domain/definition/shell.ts'
import type { Failure } from '#domain/failure.ts'
import { jobNodeKey } from '#workflows/orchestration/input.ts'
import type { LoadedConfig } from './config-port.ts'
import { jobDirectory } from './project-jobs.ts'
import type { Services } from './services.ts'

/** What is pinned, and what it is pinned by. */
export interface Pinning {
  readonly loaded: Pick<LoadedConfig, 'config' | 'project'>
  readonly services: Pick<Services, 'currentDirectory' | 'platform'>
}

/** The graph with what its commands start and where, so that from here on it depends on no file and no directory. */
export function pinnedGraph(graph: NamedGraph, { loaded, services }: Pinning): NamedGraph {
  const base = loaded.project?.directory ?? services.currentDirectory
  const pin = (node: GraphNode): GraphNode => (node.kind === 'command' ? pinnedCommand(node, base, services) : node)
  return { ...graph, nodes: graph.nodes.map(pin) }
}

function pinnedCommand(node: NodeOf<'command'>, base: string, { platform }: Pinning['services']): NodeOf<'command'> {
  const { command, shell = false, working_dir: directory = '.', env } = node.with
  const interpreter = typeof shell === 'boolean' ? usualShell(platform) : shell
  // A text for a shell holds no placeholders, so braces of its own stay what they are.
  const argv = typeof command === 'string' ? (shellArgv(interpreter, command, []) ?? [command]).map(literal) : command
  const absolute = isAbsolute(directory) ? directory : resolve(base, directory)
  return { ...node, with: { command: argv, working_dir: absolute, ...(env !== undefined && { env }) } }
}

/** The jobs that nodes of a run's graphs need. */
interface JobsOfNodes {
  /** Those that nodes run, and all that they need. */
  readonly needed: ReadonlySet<string>
  /** Those that every node gives something, so that they are planned for their nodes. */
  readonly given: ReadonlySet<string>
}

export function jobsOfNodes(graphs: readonly NamedGraph[], { jobs = {} }: Config): Result<JobsOfNodes, Failure> {
  const nodes = graphs.flatMap((graph) => graph.nodes.flatMap((node) => (node.kind === 'job' ? [node] : [])))
  const selected = selectJobs(
    jobs,
    nodes.map((node) => node.with.job),
  )
  if (!selected.ok) return selected
  const bare = new Set(nodes.flatMap((node) => (isGiven(node) ? [] : [node.with.job])))
  const needs = new Set(selected.value.flatMap(({ job }) => job.needs ?? []))
  const given = nodes.map((node) => node.with.job).filter((name) => !bare.has(name) && !needs.has(name))
  return ok({ needed: new Set(selected.value.map(({ name }) => name)), given: new Set(given) })
}

function isGiven({ with: { params, args } }: NodeOf<'job'>): boolean {
  return params !== undefined || args !== undefined
}

/** The jobs of nodes that give them something, by orchestration and node, with places left for what the run will know. */
export function plannedJobNodes(
  graphs: readonly NamedGraph[],
  pinning: Pinning,
): Result<Readonly<Record<string, PlannedJob>>, Failure> {
  const planned: Record<string, PlannedJob> = {}
  const problems: ParamProblem[] = []
  for (const { key, node, job } of givenJobs(graphs, pinning.loaded.config)) {
    const one = plannedNode(node, job, pinning)
    if (one.ok) planned[key] = one.value
    else problems.push(...one.error)
  }
  return problems.length > 0 ? err({ code: 'params_invalid', problems }) : ok(planned)
}

interface GivenJob {
  readonly key: string
  readonly node: NodeOf<'job'>
  readonly job: Job
}

function givenJobs(graphs: readonly NamedGraph[], { jobs = {} }: Config): readonly GivenJob[] {
  return graphs.flatMap(({ name, nodes }) =>
    nodes.flatMap((node): readonly GivenJob[] => {
      if (node.kind !== 'job' || !isGiven(node)) return []
      const job = Object.hasOwn(jobs, node.with.job) ? jobs[node.with.job] : undefined
      return job === undefined ? [] : [{ key: jobNodeKey(name, node.id), node, job }]
    }),
  )
}

function plannedNode(
  { with: { job: name, params = {}, args = [] } }: NodeOf<'job'>,
  job: Job,
  { loaded, services }: Pinning,
): Result<PlannedJob, readonly ParamProblem[]> {
  const values = Object.fromEntries(Object.entries(params).map(([param, value]) => [param, marked(value)]))
  const resolveIn = jobDirectory(loaded, services.currentDirectory)
  const request = {
    params: values,
    args: args.map(marked),
    platform: services.platform,
    resolve: (directory: string) => resolveIn(name, directory),
  }
  const planned = planJob(
    name,
    looser(job, (param) => values[param] !== params[param]),
    request,
  )
  // In the run, what was filled in is held to what the job says.
  return planned.ok ? ok({ ...planned.value, job: { ...planned.value.job, ...ownParams(job) } }) : planned
}

/** The job that takes anything where only the run will know the value. */
function looser(job: Job, isOpen: (param: string) => boolean): Job {
  const { params } = job
  if (params === undefined) return job
  return {
    ...job,
    params: Object.fromEntries(Object.entries(params).map(([name, param]) => [name, isOpen(name) ? {} : param])),
  }
}

function ownParams({ params }: Job): Pick<Job, 'params'> {
  return params === undefined ? {} : { params }
}
