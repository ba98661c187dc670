import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ErasureReason, ErasureSummary } from '#domain/run/erasure.ts'
import type { RunId } from '#domain/run/run.ts'

/**
 * What erasing asks of the store. A run is erased by a fact first, signed in the same transaction; only what such a
 * fact covers is ever emptied, so that whatever is missing is explained, wherever a process dies.
 */
export interface Eraser {
  /** Writes and signs the fact that a run is erased; false where it was there. A run that is not over is refused. */
  begin(
    runId: RunId,
    why: { readonly actor: string; readonly reason: ErasureReason },
  ): Promise<Result<boolean, Failure>>
  /** Runs with such a fact, signed by this machine, of which a body or salt is still there. */
  begun(): Promise<Result<readonly BegunErasure[], Failure>>
  /** The runs in which a job ended last. */
  lastRuns(): Promise<Result<ReadonlySet<RunId>, Failure>>
  /** What the bodies of all events say of artifacts, in pages; of those named in `among`. */
  contents(among: ReadonlySet<string>): AsyncIterable<Result<readonly EventContents[], Failure>>
  /** Does something while nobody else can record anything. */
  exclusively<T>(work: (look: ExclusiveLook) => T): Promise<Result<T, Failure>>
  /** Empties bodies and salts of runs that have such a fact. */
  empty(runIds: readonly RunId[]): Promise<Result<void, Failure>>
  /** Rewrites the file, so that nothing of what was emptied is left in it or beside it. */
  rewrite(): Promise<Result<void, Failure>>
}

export interface BegunErasure {
  readonly runId: RunId
  readonly summary: ErasureSummary
}

export interface EventContents {
  readonly seq: number
  /** Null for the store's own events. */
  readonly runId: RunId | null
  /** Bytes of its body and salt. */
  readonly bytes: number
  /** Artifacts that its body names. */
  readonly digests: readonly string[]
}

/** The store while nobody else writes to it. */
export interface ExclusiveLook {
  /** Which of these artifacts a run that is not erased names in an event after this one, and where the log ends. */
  namedAfter(seq: number, among: ReadonlySet<string>): { readonly digests: ReadonlySet<string>; readonly last: number }
  /** The tries of living processes that have begun and are not recorded to have ended. */
  tries(): readonly OpenTry[]
}

/** One try of a step: the start of its output's files. */
export interface OpenTry {
  /** The step's idempotency key. */
  readonly key: string
  /** Unlike any other start of the step. */
  readonly start: string
}
