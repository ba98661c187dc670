import type { Json } from '#base/json.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** An activity made real. */
export interface Activity {
  /** Does the work. Every failure is a value; when the signal aborts, it stops and answers with the signal's reason. */
  run(input: Json, attempt: ActivityAttempt): Promise<Result<Json, Failure>>
  /** Ends what a dead process may have left of this step, before it starts again or its run is closed; says how much. */
  endLeftovers?(key: string): Promise<number>
  /** No step of this run goes on here; it is still ours, so nobody else has begun one. */
  letGo?(runId: string): void
  /** The run is over, and that is written; it may not hear of it where the process dies before. */
  ended?(runId: string): void
}

export interface ActivityAttempt {
  /** The idempotency key, `<run id>/<number>`: equal for all attempts of the step, also after a crash. */
  readonly key: string
  /** What people call the step. */
  readonly step: string
  /** Counts the tries of the retry policy, from 1. */
  readonly attempt: number
  /** Unlike any other start of this step: `<number>.<epoch>.<attempt>`. */
  readonly start: string
  /** Aborts at the timeout and at cancellation; its reason is the `Failure` to answer with. */
  readonly signal: AbortSignal
  /** Aborts where an end that was asked for must not take its time any longer. */
  readonly hurry: AbortSignal
}

export type Activities = Readonly<Record<string, Activity>>
