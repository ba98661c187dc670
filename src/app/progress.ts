import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Attended } from './attended.ts'
import type { CheckedFile, HashedFile } from './hash-report.ts'
import type { ProjectReview } from './project-port.ts'
import type { AskedQuestion } from './store-port.ts'

/** What an operation tells while it goes on. */
export type Progress =
  | { readonly kind: 'begun'; readonly runId: RunId; readonly name: string; readonly jobs: readonly string[] }
  /** `isNews` is false for what an earlier process recorded and told. */
  | { readonly kind: 'event'; readonly event: RunEvent; readonly isNews: boolean }
  | { readonly kind: 'asks'; readonly question: AskedQuestion }
  | { readonly kind: 'sleeps'; readonly until: number }
  /** Bytes `from` to `until` of what a job wrote. */
  | {
      readonly kind: 'output'
      readonly job: string
      readonly stream: 'stdout' | 'stderr'
      readonly path: string
      readonly from: number
      readonly until: number
    }
  /** A line of the answer itself, where the answer is too long to be held. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  /** What a person is about to be asked to trust. */
  | { readonly kind: 'review'; readonly review: ProjectReview }
  /** A run that this call is done with: it is over, or only a time or a person can help. */
  | { readonly kind: 'rested'; readonly attended: Attended }
  | { readonly kind: 'failed'; readonly runId: RunId; readonly failure: Failure }
  /** Files that were hashed or could not be, in their order. */
  | {
      readonly kind: 'hashed'
      /** As it was written. */
      readonly algorithm: string
      readonly files: readonly HashedFile[]
      readonly failures: readonly Failure[]
    }
  /** Files that were compared with a manifest, in its order. */
  | { readonly kind: 'checked'; readonly files: readonly CheckedFile[] }
  /** How far hashing is. How many bytes there are in all, where that is known. */
  | {
      readonly kind: 'hashing'
      readonly files: number
      readonly ofFiles: number
      readonly bytes: number
      readonly ofBytes: number | undefined
    }
