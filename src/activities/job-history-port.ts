import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Fingerprint } from '#domain/run/fingerprint.ts'

/** What the log says of earlier runs of a job. */
export interface JobHistory {
  /** How the job ended last in this directory, of those ends that say something about its files. */
  lastEnd(job: string, directory: string): Promise<Result<LastEnd | undefined, Failure>>
}

export interface LastEnd {
  readonly run: string
  /** Absent where it did not succeed. */
  readonly fingerprint?: Fingerprint
}
