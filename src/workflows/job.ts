import { err, ok, type Result } from '#base/result.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { JobOutcome } from '#domain/run/job-outcome.ts'
import { type WorkflowContext, workflow } from '#engine/workflow.ts'
import { confirmJob } from './confirm-job.ts'
import { runJob } from './job-step.ts'
import { limiter } from './limiter.ts'
import { Stop } from './stop.ts'

export type JobRunInput = {
  readonly requested: readonly string[]
  /** Each after all that it needs. */
  readonly jobs: readonly PlannedJob[]
  /** How many commands run at once. */
  readonly parallel: number
  /** Whether a failure stops only what needs the failed job; otherwise nothing more is begun after it. */
  readonly keep_going?: boolean
  /** Whether every job runs, whatever its files say. */
  readonly force?: boolean
  /** What was said on top of the names of the jobs, word by word. */
  readonly given?: { readonly params?: readonly string[]; readonly args?: readonly string[] }
}

export type JobRunOutput = { readonly jobs: Readonly<Record<string, JobOutcome>> }

/** How one job ended, and what of it failed. */
interface JobEnd {
  readonly outcome: JobOutcome
  readonly failure?: Failure
}

/** Runs the requested jobs and all they need, as a graph: each one once those that it needs have succeeded. */
export const job = workflow<JobRunInput, JobRunOutput>('job', 2, async (ctx, input) => {
  const graph: Graph = {
    ends: new Map(),
    inTurn: limiter(input.parallel),
    stop: input.keep_going === true ? undefined : new Stop(),
    force: input.force === true,
  }
  for (const planned of input.jobs) graph.ends.set(planned.name, runWhenReady(ctx, planned, graph))
  const settled = new Map<string, JobEnd>()
  for (const [name, end] of graph.ends) settled.set(name, await end)
  return conclude(input.requested, settled)
})

interface Graph {
  readonly ends: Map<string, Promise<JobEnd>>
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** Absent where a failure stops only what needs the failed job. */
  readonly stop: Stop | undefined
  readonly force: boolean
}

async function runWhenReady(ctx: WorkflowContext, planned: PlannedJob, graph: Graph): Promise<JobEnd> {
  if (planned.reused !== undefined) return { outcome: { status: 'succeeded', reused: planned.reused } }
  for (const need of planned.job.needs ?? []) {
    const end = await graph.ends.get(need)
    if (end?.outcome.status !== 'succeeded') return skipped(need, 'need')
  }
  const declined = await askFirst(ctx, planned, graph)
  if (declined === undefined) return await graph.inTurn(() => runUnlessStopped(ctx, planned, graph))
  if (declined.outcome.status !== 'skipped') graph.stop?.because(planned.name)
  return declined
}

function skipped(because: string, reason: 'need' | 'fail_fast'): JobEnd {
  return { outcome: { status: 'skipped', because, reason } }
}

async function runUnlessStopped(ctx: WorkflowContext, planned: PlannedJob, graph: Graph): Promise<JobEnd> {
  const { stop, force } = graph
  if (stop?.cause !== undefined) return skipped(stop.cause, 'fail_fast')
  const end = endOf(await runJob(ctx, planned, force))
  // Before its place is given to the next one, which must not begin after a failure.
  if (end.outcome.status !== 'succeeded') stop?.because(planned.name)
  return end
}

function endOf(result: Result<CommandReport, Failure>): JobEnd {
  if (result.ok) return { outcome: { status: 'succeeded' } }
  const { code } = result.error
  const status = code === 'timed_out' || code === 'cancelled' ? code : 'failed'
  return { outcome: { status }, failure: result.error }
}

/** Asks what the job wants to have asked; answers with its end where the answer is no. A question is not left open when
 * the run stops. */
async function askFirst(ctx: WorkflowContext, planned: PlannedJob, { stop }: Graph): Promise<JobEnd | undefined> {
  if (planned.job.confirm === undefined) return undefined
  if (stop?.cause !== undefined) return skipped(stop.cause, 'fail_fast')
  const failure = await confirmJob(ctx, planned, (close) => stop?.onStop(close))
  if (failure === undefined) return undefined
  if (failure.code === 'declined') return { outcome: { status: 'declined' }, failure }
  return stop?.cause !== undefined ? skipped(stop.cause, 'fail_fast') : { outcome: { status: 'cancelled' }, failure }
}

/** One requested job speaks for the run by its own failure; several, or a need that failed, by the list of outcomes. */
function conclude(requested: readonly string[], ends: ReadonlyMap<string, JobEnd>): Result<JobRunOutput, Failure> {
  const jobs = Object.fromEntries([...ends].map(([name, end]) => [name, end.outcome]))
  const failed = [...ends].filter(([, end]) => end.outcome.status !== 'succeeded').map(([name]) => name)
  if (failed.length === 0) return ok({ jobs })
  const cancelled = [...ends.values()].find((end) => end.failure?.code === 'cancelled')
  if (cancelled?.failure !== undefined) return err(cancelled.failure)
  const [only] = requested
  const own = requested.length === 1 && only !== undefined ? ends.get(only)?.failure : undefined
  return err(own ?? { code: 'jobs_failed', failed, jobs })
}
