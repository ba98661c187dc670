import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** Where plans are kept between being shown and being run. A cache: one that is gone is made anew. */
export interface Plans {
  /** Keeps a plan's text under its digest. */
  write(digest: string, text: string): Result<void, Failure>
  /** The texts of the plans whose digests begin with this, two at most. */
  find(prefix: string): readonly string[]
}
