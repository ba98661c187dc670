import type { Digest } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import type { ResumePolicy } from '#domain/definition/job.ts'
import type { Failure } from '#domain/failure.ts'
import type { Tenant } from '#domain/people/principal.ts'
import type { Question } from '#domain/people/question.ts'
import type { ErasureReason, ErasureSummary } from './erasure.ts'
import type { RecordedBodies } from './recorded-fact.ts'
import type { RunId } from './run.ts'

/**
 * Every fact of the log, by type: what stands in its body. Bodies are JSON; a changed shape gets a new `version`.
 * All facts but `value.drawn` and `signal.taken` mean something to people; those two exist for the replay alone.
 * docs/log-format.md describes the same for readers without our code.
 */
export interface EventBodies extends NumberedBodies {
  /** The first event of a store. */
  'store.created': { readonly format: number; readonly store: string }
  /** The store was found older than what was signed of it: restored, cut, or copied without its WAL. */
  'store.behind': {
    readonly mark_seq: number
    readonly mark_hash: string
    readonly found_seq: number
    readonly found_hash: string | null
  }

  'run.queued': {
    readonly workflow: string
    readonly workflow_version: number
    /** What people call the run, such as the requested job. */
    readonly name: string
    readonly input: Json
    readonly resume: ResumePolicy
    /** The files that the input was made from; a later one counts over an earlier one. */
    readonly config: readonly { readonly path: string; readonly digest: string }[] | null
    /** The earlier run whose unfinished part this one does again. */
    readonly retry_of?: string
    /** The earlier run that this one goes on from, and the step from which on it does so itself. */
    readonly fork_of?: { readonly run: string; readonly step: string; readonly seq: number }
  }
  /** What a forked run takes over from the run it goes on from: what was asked for there, and how it ended. */
  'run.borrowed': { readonly run: string; readonly events: readonly BorrowedEvent[] }
  /** A process began to execute the run. */
  'run.started': { readonly owner: string }
  /** A process went on with the run; `restarted` are the steps that were in flight and start again. */
  'run.resumed': { readonly owner: string; readonly unattended: boolean; readonly restarted: readonly number[] }
  /** Nothing but waits is open: the process let go of the run. */
  'run.waiting': { readonly ready_at: number | null }
  /** The run stands still until a person says how to go on. */
  'run.paused': { readonly reason: PauseReason; readonly question: Question | null }
  'run.cancel_requested': { readonly signal: string | null }
  'run.succeeded': { readonly output: Json }
  'run.failed': { readonly failure: Failure }
  'run.cancelled': { readonly failure: Failure }
  'run.timed_out': { readonly failure: Failure }
  /** The last event of a run: bodies and salts of its first `through` events are erased, for this reason. */
  'run.erased': { readonly through: number; readonly reason: ErasureReason; readonly summary: ErasureSummary }

  'step.started': {
    readonly number: number
    /** What people call the step, such as its job. */
    readonly name: string
    readonly activity: string
    readonly input: Json
    readonly input_digest: Digest
    readonly idempotent: boolean
  }
  /** A try failed; the next one is due at `due_at`, milliseconds since the epoch. */
  'step.retried': {
    readonly number: number
    readonly attempt: number
    readonly failure: Failure
    readonly due_at: number
  }
  'step.succeeded': StepEnd & { readonly output: Json }
  'step.failed': StepEnd & { readonly failure: Failure }

  'timer.started': { readonly number: number; readonly duration_ms: number; readonly due_at: number }
  'timer.fired': { readonly number: number }
  'timer.cancelled': { readonly number: number }

  'wait.opened': { readonly number: number; readonly signal: string; readonly question: Question | null }
  'wait.closed': { readonly number: number }
  'signal.received': { readonly signal: string; readonly payload: Json }

  /** The wait `number` consumed the signal that is event `signal_seq` of this run; number 0 is the run's cancellation. */
  'signal.taken': { readonly number: number; readonly signal_seq: number }
  'value.drawn': { readonly number: number; readonly kind: DrawKind; readonly value: string | number }
}

/** An event as it stood in another run, in the order of that run. Its directories are those of the forked run. */
export type BorrowedEvent = {
  [Type in BorrowedType]: {
    readonly seq: number
    readonly run_seq: number
    readonly at: number
    readonly actor: string
    readonly type: Type
    readonly body: EventBodies[Type]
  }
}[BorrowedType]

/** Types of events that replays are made of. */
export type BorrowedType =
  | 'step.started'
  | 'step.succeeded'
  | 'step.failed'
  | 'timer.started'
  | 'timer.fired'
  | 'timer.cancelled'
  | 'wait.opened'
  | 'wait.closed'
  | 'signal.received'
  | 'signal.taken'
  | 'value.drawn'
  | keyof RecordedBodies

/** What workflow code records has the number of its command, as everything that a replay compares. */
type NumberedBodies = {
  [Type in keyof RecordedBodies]: RecordedBodies[Type] & { readonly number: number }
}

/** Which step ended: its name and activity are said again, so that the fact is understood without its beginning. */
interface StepEnd {
  readonly number: number
  readonly name: string
  readonly activity: string
  readonly attempt: number
}

export type EventType = keyof EventBodies
export type DrawKind = 'now' | 'random' | 'uuid'

/** Why a run stands still. */
export type PauseReason =
  | { readonly kind: 'step_in_flight'; readonly step: string; readonly number: number }
  | { readonly kind: 'resumed_too_often'; readonly times: number }
  | { readonly kind: 'failure'; readonly failure: Failure }

/** An event before it has its place in the log. */
export type EventDraft = {
  [Type in EventType]: { readonly type: Type; readonly body: EventBodies[Type]; readonly dedupeKey?: string }
}[EventType]

/** A fact as readers meet it: its place, its author and its body. */
export type RunEvent = {
  [Type in EventType]: {
    readonly seq: number
    readonly runId: RunId
    readonly runSeq: number
    /** Milliseconds since the epoch, by the clock of the machine that wrote it. */
    readonly at: number
    readonly actor: string
    readonly tenant: Tenant
    readonly type: Type
    readonly epoch: number
    readonly dedupeKey: string | null
    readonly body: EventBodies[Type]
  }
}[EventType]

/** One kind of event, by its type. */
export type EventOf<Type extends EventType> = Extract<RunEvent, { readonly type: Type }>
