import type { Mask } from '#base/masker.ts'
import type { Result } from '#base/result.ts'
import type { FileFault } from '#domain/run/command-report.ts'
import type { StartKey } from './output-port.ts'

/** Texts and copies of files, kept for good by their digests. What is kept is on disk before the answer. */
export interface KeptFilesPort {
  keepText(text: string, start: StartKey): Result<void, FileFault>
  /** A text that was kept; undefined where it is not there, or was changed. */
  readText(digest: string): string | undefined
  /** Copies files into the store. The first one that cannot be copied ends it. */
  keepFiles(files: FilesToKeep): Promise<Result<KeptFiles, KeepFault>>
}

export interface FilesToKeep {
  /** Absolute; the paths count from here. */
  readonly directory: string
  readonly paths: readonly string[]
  readonly start: StartKey
  /** More than this in all is a fault. */
  readonly mostBytes: number
  /** A file in which it finds something to hide is a fault, and nothing of that is ever in the store. */
  readonly mask?: Mask | undefined
  readonly signal: AbortSignal
}

export interface KeptFiles {
  readonly files: readonly { readonly path: string; readonly digest: string; readonly bytes: number }[]
  /** Links to directories or to nothing, of which there is nothing to keep. */
  readonly links: readonly string[]
}

export interface KeepFault extends FileFault {
  /** Whether it is the copy that could not be written, rather than the file that could not be read. */
  readonly isOurs: boolean
}
