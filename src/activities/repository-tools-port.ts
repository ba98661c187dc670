import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** The programs that work on repositories and their hosts. They never ask anybody anything. */
export interface RepositoryTools {
  /** Opens an issue where the repository is hosted; gives all that the program said. */
  createIssue(issue: NewIssue, signal: AbortSignal): Promise<Result<string, Failure>>
  /** Makes a branch and changes to it; gives all that the program said. */
  createBranch(branch: NewBranch, signal: AbortSignal): Promise<Result<string, Failure>>
}

interface NewIssue {
  /** Absolute: the repository. */
  readonly directory: string
  readonly title: string
  readonly body: string
}

interface NewBranch {
  readonly directory: string
  readonly branch: string
}
