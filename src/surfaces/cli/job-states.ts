import { commandEndOf, type JobEnd, runsCommand } from '#app/command-ends.ts'
import { jobNames, requestedJobs, reusedJobs } from '#app/run-jobs-of.ts'
import type { Answer } from '#domain/people/question.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { JobOutcome } from '#domain/run/job-outcome.ts'

/** How a job of a run stands. */
export type JobState =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly end: JobEnd }
  | { readonly kind: 'skipped'; readonly because: string; readonly reason: 'need' | 'fail_fast' }
  /** It succeeded in this earlier run, which counts. */
  | { readonly kind: 'reused'; readonly run: string }
  /** `by` is undefined where nobody answered in time. */
  | { readonly kind: 'declined'; readonly by: string | undefined }
  | { readonly kind: 'cancelled'; readonly hasBegun: boolean }
  /** The run is over, and never came to it. */
  | { readonly kind: 'not_run' }

export type UnendedState = Exclude<JobState, { readonly kind: 'ended' | 'reused' }>

export type ReusedState = Extract<JobState, { readonly kind: 'reused' }>

type RunEnd = EventOf<'run.failed' | 'run.cancelled' | 'run.timed_out'>

/** How the jobs of a run stand, by its events. */
export class JobStates {
  readonly #states = new Map<string, JobState>()
  /** Which job asked what, by the signal that answers. */
  readonly #askers = new Map<string, string>()
  readonly #answerers = new Map<string, string>()
  #jobs: readonly string[] = []
  #requested: readonly string[] = []

  take(event: RunEvent): void {
    const end = commandEndOf(event)
    if (end !== undefined) this.#states.set(end.job, { kind: 'ended', end })
    else if (event.type === 'run.queued') this.#begin(event)
    else if (event.type === 'step.started' && runsCommand(event.body.activity)) this.#started(event.body.name)
    else if (event.type === 'wait.opened' && event.body.question !== null) {
      this.#askers.set(event.body.signal, event.body.question.asker)
    } else if (event.type === 'signal.received') this.#answered(event)
    else if (event.type === 'run.failed' || event.type === 'run.cancelled' || event.type === 'run.timed_out') {
      this.#conclude(event)
    }
  }

  /** The jobs that were asked for. */
  get requested(): readonly string[] {
    return this.#requested
  }

  of(job: string): JobState | undefined {
    return this.#states.get(job)
  }

  endOf(job: string): JobEnd | undefined {
    const state = this.#states.get(job)
    return state?.kind === 'ended' ? state.end : undefined
  }

  /** The jobs of a run that is over which did not come to an end of their own, in the run's order. */
  get unended(): readonly (readonly [job: string, state: UnendedState])[] {
    return this.#jobs.flatMap((job) => {
      const state = this.#states.get(job)
      return state === undefined || state.kind === 'ended' || state.kind === 'reused' ? [] : [[job, state] as const]
    })
  }

  /** The jobs that an earlier run has done already, in the run's order. */
  get reused(): readonly (readonly [job: string, state: ReusedState])[] {
    return this.#jobs.flatMap((job) => {
      const state = this.#states.get(job)
      return state?.kind === 'reused' ? [[job, state] as const] : []
    })
  }

  #begin(event: EventOf<'run.queued'>): void {
    this.#jobs = jobNames([event])
    this.#requested = requestedJobs([event])
    for (const { job, run } of reusedJobs([event])) this.#states.set(job, { kind: 'reused', run })
  }

  #started(job: string): void {
    this.#states.set(job, { kind: 'running' })
    // Of other runs than those of jobs nobody knows before what they will come to.
    if (!this.#jobs.includes(job)) this.#jobs = [...this.#jobs, job]
  }

  #answered({ body }: EventOf<'signal.received'>): void {
    const asker = this.#askers.get(body.signal)
    // What comes by the signal of a question is its answer.
    if (asker !== undefined) this.#answerers.set(asker, (body.payload as Answer).by)
  }

  #conclude({ body: { failure } }: RunEnd): void {
    for (const job of this.#jobs) {
      const state = this.#states.get(job)
      if (state?.kind === 'ended' || state?.kind === 'reused') continue
      const hasBegun = state !== undefined
      if (failure.code === 'jobs_failed') this.#states.set(job, this.#outcome(job, failure.jobs[job], hasBegun))
      // All that the job needs has succeeded, or it would not have asked: it is the only one without an end.
      else if (failure.code === 'declined') this.#states.set(job, { kind: 'declined', by: failure.by })
      else if (failure.code === 'cancelled') this.#states.set(job, { kind: 'cancelled', hasBegun })
      else this.#states.set(job, { kind: 'not_run' })
    }
  }

  #outcome(job: string, outcome: JobOutcome | undefined, hasBegun: boolean): JobState {
    if (outcome?.status === 'skipped')
      return { kind: 'skipped', because: outcome.because ?? '', reason: outcome.reason ?? 'need' }
    if (outcome?.status === 'declined') return { kind: 'declined', by: this.#answerers.get(job) }
    if (outcome?.status === 'cancelled') return { kind: 'cancelled', hasBegun }
    return { kind: 'not_run' }
  }
}
