import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventDraft, EventOf, RunEvent } from '#domain/run/event.ts'
import type { RunId, RunStatus } from '#domain/run/run.ts'

/**
 * Where runs are written. One append is one atomic, durable step: it is wholly there, or not at all, and once its
 * promise resolves it survives the death of process and machine. Whatever is not certain is a failure.
 */
export interface Journal {
  /** Adds the owner's events to a run. Fails with `run_fenced` where the run has gone to somebody else. */
  append(append: Append): Promise<Result<Appended, Failure>>
  /** Adds what comes from outside. Anybody may; a dedupe key counts once, and says so. */
  deliver(delivery: Delivery): Promise<Result<Delivered, Failure>>
  /**
   * All that is recorded of a run, in order, every body checked against its digest. Nothing can be replayed where one
   * of them cannot be read; who only wants to end the run leaves those out.
   */
  history(runId: RunId, how?: { readonly leavesOutUnreadable: boolean }): Promise<Result<RunHistory, Failure>>
  /** What came from outside for any run after this event. */
  inboundAfter(seq: number): Promise<Result<InboundPage, Failure>>
  /** Runs that can go on at this time and that no living process owns, the longest ready first. */
  ready(query: { readonly now: number; readonly limit: number }): Promise<Result<readonly ReadyRun[], Failure>>
}

export interface Append {
  readonly runId: RunId
  /**
   * `create` begins the run under `epoch`; `takeover` raises the epoch to `epoch` and needs a run that is not over
   * and whose owner is gone; `own` needs the run's epoch to be `epoch` still.
   */
  readonly take: 'create' | 'takeover' | 'own'
  readonly epoch: number
  readonly actor: string
  readonly events: readonly EventDraft[]
  /**
   * The last event of the run that the writer knows of. What came from outside after it is returned; where an owner
   * wrote after it, the append fails with `run_fenced`.
   */
  readonly seenRunSeq: number
  /** Written after `events`, but only where nothing came from outside in the meantime. */
  readonly park?: EventDraft
}

export interface Appended {
  readonly lastRunSeq: number
  readonly inbound: readonly Inbound[]
  readonly parked: boolean
}

/** What others may add to a run that is not theirs. */
export type Inbound = EventOf<'signal.received' | 'run.cancel_requested'>

export interface Delivery {
  readonly runId: RunId
  readonly actor: string
  readonly draft: Extract<EventDraft, { readonly type: Inbound['type'] }>
  /** From this time on it comes too late, and is refused with `signal_late`. Milliseconds since the epoch. */
  readonly notAfter?: number
}

export interface Delivered {
  readonly seq: number
  /** False where the dedupe key was there already: `seq` is then the event that came first. */
  readonly fresh: boolean
}

export interface RunHistory {
  readonly status: RunStatus
  readonly epoch: number
  /** Whether a living process executes the run. */
  readonly owned: boolean
  readonly lastRunSeq: number
  readonly events: readonly RunEvent[]
}

export interface InboundPage {
  readonly lastSeq: number
  readonly events: readonly Inbound[]
}

export interface ReadyRun {
  readonly runId: RunId
  readonly status: RunStatus
}

/** Who is alive is an operating system's lock, not a clock. */
export interface Liveness {
  /** This process, as the log names it. */
  readonly owner: string
  isAlive(owner: string): boolean
}
