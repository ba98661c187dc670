import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** What is written into a repository about a task, and nowhere else: no link leads out of it. */
export interface TaskPages {
  /**
   * Replaces the page as a whole, and of the README the part between the marks; without one, the part is put behind
   * what is there. Gives the absolute paths, the page first.
   */
  write(directory: string, texts: TaskTexts): Promise<Result<readonly string[], Failure>>
}

export interface TaskTexts {
  /** Names that become a path below the directory. */
  readonly page: { readonly path: readonly string[]; readonly text: string }
  readonly section: { readonly begin: string; readonly end: string; readonly text: string }
}
