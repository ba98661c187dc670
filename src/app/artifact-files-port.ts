import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** Takes kept files out of the store. */
export interface ArtifactFiles {
  /**
   * Writes each file to its path below the directory, all of them or, where one cannot be, as few as possible. Nothing
   * is written outside of the directory, through links in it, or, unless told so, over what is there.
   */
  write(files: readonly FileToWrite[], into: Destination): Result<void, Failure>
}

export interface FileToWrite {
  /** Names with `/` between them. */
  readonly path: string
  readonly digest: string
}

export interface Destination {
  /** Relative to where the process was started. */
  readonly directory: string
  readonly replaces: boolean
}
