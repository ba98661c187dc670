import type { Failure } from '#domain/failure.ts'
import type { PauseReason } from '#domain/run/event.ts'
import type { Stale } from '#domain/run/fingerprint.ts'
import type { RunSummary } from '../store-port.ts'

/** What became of a job or a run, or what it is at. */
export type Verdict =
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'cancelled'
  | 'declined'
  | 'skipped'
  | 'rejected'
  | 'reused'
  | 'up_to_date'
  | 'waiting'
  | 'running'
  | 'interrupted'
  | 'paused'
  | 'queued'
  | 'not_begun'
  | 'never_run'
  | 'not_asked'

/** The one fact that decides: had it been different, the verdict would be another one. */
export type Fact =
  /** Somebody asked for the job itself. */
  | { readonly kind: 'asked_for'; readonly by: string; readonly at: number }
  /** A job that was asked for needs it. */
  | { readonly kind: 'needed'; readonly by: string; readonly at: number }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly attempts: number }
  | { readonly kind: 'need'; readonly need: string; readonly root: string; readonly failure: Failure | null }
  | { readonly kind: 'fail_fast'; readonly job: string; readonly failure: Failure | null }
  | { readonly kind: 'answer'; readonly question: string; readonly by: string | null; readonly at: number }
  | { readonly kind: 'cancelled'; readonly by: string; readonly at: number }
  | { readonly kind: 'reused'; readonly run: string }
  /** Nothing that decides whether it must run has changed. */
  | { readonly kind: 'unchanged'; readonly run: string; readonly inputs: number; readonly outputs: number }
  /** Its files say that it had to run. */
  | { readonly kind: 'stale'; readonly stale: Stale }
  | {
      readonly kind: 'question'
      readonly number: number
      readonly text: string
      readonly at: number
      readonly deadline: number | null
      readonly choices: readonly string[]
    }
  | { readonly kind: 'backoff'; readonly attempt: number; readonly due: number; readonly failure: Failure }
  | { readonly kind: 'in_flight'; readonly since: number }
  | { readonly kind: 'owner_died'; readonly step: string | null; readonly idempotent: boolean }
  | { readonly kind: 'pause'; readonly reason: PauseReason }
  | { readonly kind: 'not_claimed'; readonly since: number }
  /** It is not its turn: a job that it needs has not ended. */
  | { readonly kind: 'need_open'; readonly need: string }
  /** It is not its turn: as many jobs run as may at once. */
  | { readonly kind: 'no_place'; readonly parallel: number }
  /** What a node of an orchestration says of its end. */
  | { readonly kind: 'node'; readonly node: string; readonly message: string }
  | { readonly kind: 'nobody_asked'; readonly before: RunSummary | null; readonly after: RunSummary | null }

/** An event that shows the fact. */
export interface Evidence {
  readonly seq: number
  readonly type: string
  readonly at: number
}

export interface Explanation {
  /** Null where the whole run is explained. */
  readonly job: string | null
  /** Null where there is none. */
  readonly run: RunSummary | null
  readonly verdict: Verdict
  readonly fact: Fact
  readonly evidence: readonly Evidence[]
}
