import type { Result } from '#base/result.ts'

/** Repositories, looked at without a change to them. */
export interface WorkTrees {
  /** The top of the repository in which the directory lies, without links; or why there is none to be looked at. */
  topOf(directory: string, signal: AbortSignal): Promise<Result<WorkTreePlace, string>>
  /** What differs from the commit that is checked out, files that git does not know yet included. */
  look(root: string, signal: AbortSignal): Promise<Result<WorkTreeState, string>>
}

export interface WorkTreePlace {
  readonly root: string
  /** Where the directory lies below the top, without a slash at its end; '' for the top. */
  readonly below: string
}

interface WorkTreeState {
  readonly head: string | null
  readonly branch: string | null
  readonly changes: readonly WorkTreeChange[]
}

/** What stands at a path that differs, by itself: no link is followed. */
export type WorkTreeChange = { readonly path: string } & (
  | {
      readonly kind: 'file'
      readonly bytes: number
      readonly executable: boolean
      /** Changes with the content; undefined where the file is so new that it may change without that. */
      readonly stamp: string | undefined
    }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'gone' | 'repository' | 'special' | 'unreadable' }
)
