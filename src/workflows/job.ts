import { parseDuration } from '#base/duration.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Confirm, Job } from '#domain/definition/job.ts'
import type { Retry } from '#domain/definition/retry.ts'
import type { CommandReport, Failure, JobOutcome } from '#domain/failure.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import { type RetryPolicy, type WorkflowContext, workflow } from '#engine/workflow.ts'
import { command } from './command.ts'
import { limiter } from './limiter.ts'

/** A job as a run pins it. */
export type PlannedJob = {
  readonly name: string
  readonly job: Job
  /** Absolute: where the command runs. */
  readonly directory: string
}

export type JobRunInput = {
  readonly requested: readonly string[]
  /** Each after all that it needs. */
  readonly jobs: readonly PlannedJob[]
  /** How many commands run at once. */
  readonly parallel: number
}

export type JobRunOutput = { readonly jobs: Readonly<Record<string, JobOutcome>> }

/** How one job ended, and what of it failed. */
interface JobEnd {
  readonly outcome: JobOutcome
  readonly failure?: Failure
}

/** Runs the requested jobs and all they need, as a graph: each one once those that it needs have succeeded. */
export const job = workflow<JobRunInput, JobRunOutput>('job', 1, async (ctx, input) => {
  const inTurn = limiter(input.parallel)
  const ends = new Map<string, Promise<JobEnd>>()
  for (const planned of input.jobs) ends.set(planned.name, runWhenReady(ctx, planned, { ends, inTurn }))
  const settled = new Map<string, JobEnd>()
  for (const [name, end] of ends) settled.set(name, await end)
  return conclude(input.requested, settled)
})

interface Graph {
  readonly ends: ReadonlyMap<string, Promise<JobEnd>>
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

async function runWhenReady(ctx: WorkflowContext, planned: PlannedJob, { ends, inTurn }: Graph): Promise<JobEnd> {
  for (const need of planned.job.needs ?? []) {
    const end = await ends.get(need)
    if (end?.outcome.status !== 'succeeded') return { outcome: { status: 'skipped', because: need } }
  }
  const declined = await askFirst(ctx, planned)
  return declined ?? (await inTurn(() => runCommand(ctx, planned)))
}

async function runCommand(ctx: WorkflowContext, { name, job: definition, directory }: PlannedJob): Promise<JobEnd> {
  const [program = '', ...args] = definition.command
  const limit = definition.timeout_seconds ?? 0
  const result = await ctx.run(
    command,
    { argv: [program, ...args], directory, env: definition.env ?? {} },
    {
      name,
      idempotent: definition.idempotent ?? false,
      ...(limit > 0 && { timeoutMs: limit * 1000 }),
      ...(definition.retry !== undefined && { retry: retryPolicy(definition.retry, ctx.random()) }),
    },
  )
  return endOf(result)
}

function endOf(result: Result<CommandReport, Failure>): JobEnd {
  if (result.ok) return { outcome: { status: 'succeeded' } }
  const { code } = result.error
  const status = code === 'timed_out' || code === 'cancelled' ? code : 'failed'
  return { outcome: { status }, failure: result.error }
}

/** Asks what the job wants to have asked; answers with its end where the answer is no. */
async function askFirst(ctx: WorkflowContext, planned: PlannedJob): Promise<JobEnd | undefined> {
  const { confirm } = planned.job
  if (confirm === undefined) return undefined
  const asked: Confirm = typeof confirm === 'string' ? { question: confirm } : confirm
  const answer = await waitForAnswer(ctx, planned.name, asked)
  if (!answer.ok) return { outcome: { status: 'cancelled' }, failure: answer.error }
  if (answer.value.choice === 'yes') return undefined
  const { by } = answer.value
  const failure: Failure = { code: 'declined', question: asked.question, expired: by === '', ...(by !== '' && { by }) }
  return { outcome: { status: 'declined' }, failure }
}

async function waitForAnswer(ctx: WorkflowContext, asker: string, asked: Confirm): Promise<Result<Answer, Failure>> {
  const id = ctx.uuid()
  const timeoutMs = asked.timeout === undefined ? undefined : milliseconds(asked.timeout)
  const deadline = timeoutMs === undefined ? null : ctx.now() + timeoutMs
  const question = { id, text: asked.question, choices: ['yes', 'no'], asker, addressee: 'anyone', deadline }
  const answered = ctx.signal<Answer>(answerSignal(id), question)
  if (timeoutMs === undefined) return await answered
  const first = await ctx.race({ answered, late: ctx.sleep(timeoutMs) })
  if (first.winner === 'answered') return first.result
  answered.cancel()
  return first.result.ok ? ok({ choice: asked.otherwise ?? 'no', by: '' }) : first.result
}

function retryPolicy(retry: Retry, spread: number): RetryPolicy {
  const { attempts, exit_codes } = retry
  const backoffMs = milliseconds(retry.backoff ?? '1s')
  const backoffMaxMs = milliseconds(retry.backoff_max ?? '1m')
  return { attempts, backoffMs, backoffMaxMs, spread, ...(exit_codes !== undefined && { exitCodes: exit_codes }) }
}

/** The schema has let only durations through. */
function milliseconds(text: string): number {
  const parsed = parseDuration(text)
  return parsed.ok ? parsed.value : 0
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
