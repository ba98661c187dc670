import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { WholeTree } from '#domain/run/tree-fold.ts'

/** Repositories that runs work in. */
export interface Checkouts {
  /** Whether the directory lies in the working tree of a git repository; asks the file system alone. */
  isInRepository(directory: string): boolean
  /** Why the directory cannot become a checkout; undefined where it can. Nothing is made yet. */
  refusal(directory: string, tree: WholeTree): Failure | undefined
  /**
   * Makes a directory that is as the tree was, in a repository of its own that borrows the commits of the other one,
   * and answers with its path without links. Nothing is written to the other one; what fails leaves nothing behind.
   */
  make(directory: string, tree: WholeTree, signal: AbortSignal): Promise<Result<string, Failure>>
  /** Removes one that was made and that nothing was done in. */
  discard(directory: string): void
}
