import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** Files that a caller names. Relative paths count from where the process was started. */
export interface Documents {
  /** The names in a directory; none where it cannot be read. */
  names(directory: string): readonly string[]
  /** Those of them that are files or lead to one. */
  files(directory: string): readonly string[]
  /** Writes a file that is there whole or not at all. */
  writeText(path: string, text: string): Promise<Result<void, Failure>>
  /** A regular file only: a pipe or a device is refused at once. */
  readText(path: string): Promise<Result<string, Failure>>
  /** All that comes by standard input, as text. */
  readInput(): Promise<Result<string, Failure>>
  /** The bytes, in pieces; iterating throws what the operating system says, with its code. */
  readBytes(path: string): AsyncIterable<Uint8Array>
  /**
   * Writes lines to a file that is there whole or not at all: one that was there is replaced, links are followed. A
   * device or a pipe gets the lines as they come. The first failure among the lines ends it.
   */
  writeLines(path: string, lines: AsyncIterable<Result<string | Uint8Array, Failure>>): Promise<Result<number, Failure>>
}
