import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Algorithm } from '#domain/hashing/algorithm.ts'

/** Files as the operating system has them, to be hashed. Names and paths are raw text: no byte of them is lost. */
export interface HashPort {
  /** Words of the command line as they were typed, byte by byte, where reading them as UTF-8 lost some. */
  exact(words: readonly string[]): readonly string[]
  /** The absolute path of a name, seen from where the process was started. */
  at(name: string): string
  /** Where a path leads to once all links are followed, also where nothing is there yet. */
  real(path: string): string
  /** What is there, links followed. */
  look(path: string): Looked
  /** All files below a directory. `leaveOut` is the real path of a file that is none of them. */
  walk(directory: string, options: WalkOptions): Promise<Walked>
  /** The bytes of a manifest, `-` is standard input; undefined where it was stopped before they had come. */
  readManifest(name: string, stop: AbortSignal): Promise<Result<Uint8Array, Failure> | undefined>
  /** Hashes files at the same time, and tells of them in their order. Resolves early once it was stopped. */
  hash(tasks: readonly HashTask[], watch: HashWatch): Promise<void>
}

export type Looked =
  | { readonly kind: 'file'; readonly bytes: number }
  | { readonly kind: 'directory' }
  | { readonly kind: 'failure'; readonly failure: Failure }

export interface WalkOptions {
  readonly leaveOut: string | undefined
  readonly stop: AbortSignal
  /** How many files were found by now. */
  readonly found: (files: number) => void
}

export interface Walked {
  /** Paths below the directory, in the order of their bytes. */
  readonly files: readonly string[]
  readonly failures: readonly Failure[]
  /** Links to directories: they are not entered, since they may lead anywhere, and in a circle. */
  readonly notEntered: readonly string[]
}

export interface HashTask {
  /** Absolute. */
  readonly path: string
  readonly algorithm: Algorithm
}

export type Hashed = { readonly hash: string; readonly bytes: number } | { readonly failure: Failure }

export interface HashWatch {
  readonly stop: AbortSignal
  /** What came of the next of the tasks, in their order. */
  readonly hashed: (results: readonly Hashed[]) => void
  /** Bytes read by now, of all files. */
  readonly moved: (bytes: number) => void
  /** Bytes in all, where somebody knows: what little there is to do is done without help. */
  readonly expectedBytes: number | undefined
}
