import type { Result } from '#base/result.ts'
import type { Access, Spaces } from '#domain/agents/spaces.ts'
import type { FileChange } from '#domain/run/file-change.ts'
import type { ListEntry } from '#domain/run/tool-answer.ts'

/**
 * The files that agents work on. A path is taken for what it really is, links followed, and whatever is opened, made
 * or replaced is reached without another look at a name: who swaps a directory for a link in the meantime is refused.
 */
export interface Workspace {
  /** Where a path that an agent names really lies; refused where it may not be used so. */
  locate(path: string, access: Access, spaces: Spaces): Result<Place, PlaceFault>
  /** All of a regular file, up to so many bytes. */
  read(place: Place, mostBytes: number): Result<Uint8Array, PlaceFault>
  /** The digest of a file; null where there is nothing of that name. */
  digest(place: Place): Result<string | null, PlaceFault>
  /** What is below a directory, by name, so many levels deep; what is refused is named, and not entered. */
  list(place: Place, how: ListLimits): Result<readonly ListEntry[], PlaceFault>
  /** The files below a directory, or the one file, each handed over with what it holds; ends when told to. */
  walk(place: Place, how: WalkLimits): Promise<Result<void, PlaceFault>>
  /**
   * Replaces a file as a whole, or makes it, or removes it where there is no content. What it held is kept by its digest
   * before. What an earlier start of the step left half done is taken back first.
   */
  replace(place: Place, change: Replacement): Result<FileChange, PlaceFault>
  /** Takes back what a dead process left half done of a step; says whether there was something. */
  takeBack(key: string): Result<boolean, PlaceFault>
}

/** A real place below the directory of a space. */
export interface Place {
  /** Absolute, real. */
  readonly root: string
  /** Below the root; none for the root itself. */
  readonly names: readonly string[]
  /** As answers name it: below the workspace where it lies there, else absolute. */
  readonly shown: string
  readonly spaces: Spaces
}

export interface PlaceFault {
  readonly kind:
    | 'no_workspace'
    | 'unusable_path'
    | 'outside'
    | 'not_in_scope'
    | 'protected'
    | 'missing'
    | 'not_a_file'
    | 'not_a_directory'
    | 'too_large'
    | 'read_only'
    | 'changed_meanwhile'
    | 'system'
  /** What more there is to say: a reason, a code of the system. */
  readonly detail: string
}

export interface ListLimits {
  readonly depth: number
  readonly most: number
}

export interface WalkLimits {
  /** Larger ones are left out. */
  readonly mostBytes: number
  /** Whether a file of these names below the place is wanted. */
  readonly wants: (names: readonly string[]) => boolean
  /** Hands a file over, by the path that answers name it by; undefined where it was left out. True ends the walk. */
  readonly take: (path: string, content: Uint8Array | undefined) => Promise<boolean>
}

export interface Replacement {
  /** The step's idempotency key, `<run id>/<number>`. */
  readonly key: string
  /** Null removes the file. */
  readonly content: Uint8Array | null
  /** The digest that it must have now, null for none; whatever it has where this is left out. */
  readonly expected?: string | null
  /** Permissions for a file that is made anew. */
  readonly mode?: number
  /** Directories, below the root, that go where nothing is left in them, the outermost first. */
  readonly unmade?: readonly string[]
}
