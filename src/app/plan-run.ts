import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { type NamedJob, selectJobs } from '#domain/definition/graph.ts'
import { type ParamProblem, type PlannedJob, planJob, strayParams } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import { type JobRunInput, job } from '#workflows/job.ts'
import type { LoadedConfig } from './config-port.ts'
import { jobDirectory } from './project-jobs.ts'
import type { Services } from './services.ts'

/** What is asked of a run, as its caller said it. */
export interface RunRequest {
  readonly requested: readonly string[]
  /** `name=value` each; the last one of a name counts. */
  readonly params?: readonly string[] | undefined
  /** Further arguments for the one job that is asked for. */
  readonly args?: readonly string[] | undefined
  readonly parallel?: number | undefined
  readonly keepGoing?: boolean | undefined
  /** Every job runs, whatever its files say. */
  readonly force?: boolean | undefined
}

/** The whole input of a run, made from the configuration: from here on the run depends on no file. */
export function planRun(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  request: RunRequest,
  services: Pick<Services, 'currentDirectory' | 'processors' | 'platform'>,
): Result<JobRunInput, Failure> {
  const requested = [...new Set(request.requested)]
  const at = jobDirectory(loaded, services.currentDirectory)
  const graph = selectJobs(loaded.config.jobs ?? {}, requested)
  if (!graph.ok) return graph
  const jobs = planJobs(graph.value, { ...request, requested }, { platform: services.platform, resolve: at })
  if (!jobs.ok) return jobs
  const parallel = request.parallel ?? services.processors
  return ok({
    requested,
    jobs: jobs.value,
    parallel,
    ...(request.keepGoing === true && { keep_going: true }),
    ...(request.force === true && { force: true }),
    ...givenOf(request),
  })
}

function givenOf({ params = [], args = [] }: RunRequest): Pick<JobRunInput, 'given'> {
  if (params.length + args.length === 0) return {}
  return { given: { ...(params.length > 0 && { params }), ...(args.length > 0 && { args }) } }
}

/** The first event of a run with this input. */
export function queuedBody(
  input: JobRunInput,
  { sources }: Pick<LoadedConfig, 'sources'>,
  retryOf?: string,
): EventBodies['run.queued'] {
  // What may start again without harm asks nobody anyway.
  const asks = input.jobs.some(({ job: definition }) => definition.idempotent !== true && definition.resume !== 'auto')
  return {
    workflow: job.name,
    workflow_version: job.version,
    name: input.requested.join(' '),
    input,
    resume: asks ? 'ask' : 'auto',
    config: sources.map(({ path, digest }) => ({ path, digest })),
    ...(retryOf !== undefined && { retry_of: retryOf }),
  }
}

function planJobs(
  graph: readonly NamedJob[],
  { requested, params = [], args = [] }: RunRequest,
  { platform, resolve }: { readonly platform: string; readonly resolve: ReturnType<typeof jobDirectory> },
): Result<readonly PlannedJob[], Failure> {
  // A name alone may be a value that was forgotten, which is no empty text.
  const [named, alone] = [params.filter((param) => param.includes('=')), params.filter((param) => !param.includes('='))]
  const given = givenParams(named)
  const problems: ParamProblem[] = alone.map((param) => ({ param, problem: 'no_value' }))
  const strays = strayParams(graph, Object.keys(given))
  problems.push(...strays.map((param) => unknown(param, graph)))
  if (args.length > 0 && requested.length > 1) problems.push({ param: '--', problem: 'several_jobs' })
  const planned = graph.flatMap(({ name, job: definition }): readonly PlannedJob[] => {
    const one = planJob(name, definition, {
      params: given,
      args: requested.length === 1 && name === requested[0] ? args : [],
      platform,
      resolve: (directory) => resolve(name, directory),
    })
    if (!one.ok) problems.push(...one.error)
    return one.ok ? [one.value] : []
  })
  return problems.length === 0 ? ok(planned) : err({ code: 'params_invalid', problems })
}

function givenParams(params: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    params.map((param) => {
      const equals = param.indexOf('=')
      return [param.slice(0, equals), param.slice(equals + 1)]
    }),
  )
}

function unknown(param: string, graph: readonly NamedJob[]): ParamProblem {
  const known = graph.flatMap(({ job: { params = {} } }) => Object.keys(params))
  const suggestion = nearest(param, known)
  return { param, problem: 'unknown', ...(suggestion !== undefined && { nearest: suggestion }) }
}
