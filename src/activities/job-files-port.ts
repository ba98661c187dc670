import type { Result } from '#base/result.ts'
import type { FileFault } from '#domain/run/command-report.ts'

/** The files that jobs name by patterns, and what is in them. */
export interface JobFilesPort {
  open(scope: JobFilesScope): JobFiles
}

export interface JobFilesScope {
  readonly job: string
  /** Absolute; patterns count from here. */
  readonly directory: string
  /** Whether files that look as they did are taken to hold what they held; otherwise each is read. */
  readonly believes: boolean
  /** Once it aborts, what is going on ends soon, with the fault `aborted`. */
  readonly signal: AbortSignal
}

export interface JobFiles {
  /**
   * The files that match, but those in `without`. Links are not followed into directories; directories of version
   * control systems are found only by name. A matching file that is neither file nor link is a fault.
   */
  find(patterns: readonly string[], without?: FoundFiles): Promise<Result<FoundFiles, FileFault>>
  /** Reads what is not known. A file that has gone in the meantime is left out. */
  digest(found: FoundFiles): Promise<Result<FileList, FileFault>>
  /** Keeps what was learnt for the next time, if it can. */
  close(): void
}

export interface FoundFiles {
  /** In the order of their code units, `/` between names, relative to the directory unless the pattern was absolute. */
  readonly paths: readonly string[]
  /** Patterns without wildcards that name nothing. */
  readonly missing: readonly string[]
  /** Other patterns that match nothing. */
  readonly unmatched: readonly string[]
}

/** Files with their contents: see #domain/run/file-list.ts for the text. */
export interface FileList {
  readonly count: number
  readonly text: string
  /** SHA-256 of the text. */
  readonly digest: string
}
