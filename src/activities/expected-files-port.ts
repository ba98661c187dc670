import type { FileFault } from '#domain/run/command-report.ts'

/** Files and directories that are expected of somebody, and signs by which it shows whether they were touched. */
export interface ExpectedFiles {
  /** An absolute path of one that is named relative to a directory. */
  resolve(directory: string, path: string): string
  /**
   * What each looks like: equal signs mean that nobody wrote it or changed what is in it. Null where it is not there,
   * an empty text where it could not be looked at. Ends early once the signal aborts.
   */
  signs(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string | null>>
  /** Why it cannot be used; undefined where it is there. */
  fault(path: string): FileFault | undefined
}

export interface TailLimits {
  readonly lines: number
  readonly characters: number
}

/** What steps wrote, by digest. */
export interface KeptOutput {
  /** The last lines of it, a few kilobytes unless more is asked for; empty where it is not there. */
  tail(digest: string, most?: TailLimits): string
}
