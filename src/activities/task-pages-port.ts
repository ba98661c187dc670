import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { FileChange } from '#domain/run/file-change.ts'

/** What is written into a repository about a task, and nowhere else: no link leads out of it. */
export interface TaskPages {
  /**
   * Replaces the page as a whole, and of the README the part between the marks; without one, the part is put behind
   * what is there. What an earlier start of the step left half done is taken back first.
   */
  write(directory: string, texts: TaskTexts, key: string): Promise<Result<WrittenPages, Failure>>
  /** Takes back what a dead process left half done of a step; says of how many files. */
  takeBack(key: string): number
}

export interface WrittenPages {
  /** Absolute, the page first. */
  readonly paths: readonly string[]
  readonly changes: readonly FileChange[]
}

export interface TaskTexts {
  /** Names that become a path below the directory. */
  readonly page: { readonly path: readonly string[]; readonly text: string }
  readonly section: { readonly begin: string; readonly end: string; readonly text: string }
}
