/**
 * That a file was written, made or removed: a fact of the log. What it held before is kept under its digest, so that it
 * can be put back.
 */
export type FileChange = {
  /** Below the root, with `/` between names. */
  readonly path: string
  /** Absolute: the directory of the space that it lies in. */
  readonly root: string
  /** What it holds now; null where it is gone. */
  readonly bytes: number | null
  readonly sha256: string | null
  /** What it held before; null where it was not there. */
  readonly before: string | null
  /** Its permissions before, as a number; null where it was not there. */
  readonly mode: number | null
  /** Directories that were made for it, below the root, the outermost first. */
  readonly made: readonly string[]
}
