import { type Digest, sha256 } from '#base/digest.ts'
import { canonicalJson, type Json } from '#base/json.ts'

/**
 * How a repository stood at a moment of a run: a commit of its own, and what in the working tree differs from it, files
 * that git does not know yet included. What git ignores is no part of it.
 */
type RecordedTree = {
  /** Absolute: the top of the repository, without links. */
  readonly root: string
  /** The run's directories that lie in it, as the run names them, and where they lie below the top; '' is the top. */
  readonly directories: readonly { readonly path: string; readonly below: string }[]
  /** The commit; null before the first one. */
  readonly head: string | null
  /** Null where no branch is checked out. */
  readonly branch: string | null
  /** Over the commit and all that differs. */
  readonly digest: Digest
  /** The tree of this repository recorded before, from which the lists count; null: from the commit. */
  readonly from: Digest | null
  /** Paths are relative to the top, with slashes. */
  readonly links: readonly { readonly path: string; readonly target: string }[]
  /** Paths of the commit that are not there. */
  readonly gone: readonly string[]
  /** Paths that are again as the commit has them. */
  readonly back: readonly string[]
  /** What differs and is not kept, and why. */
  readonly left_out: readonly LeftOut[]
}

type LeftOut = { readonly path: string; readonly why: LeftOutReason }

/** `repository`: one of its own within this one. `special`: neither file nor link. */
type LeftOutReason = 'large' | 'protected' | 'repository' | 'secret' | 'special' | 'unreadable'

/** A file whose content is kept, by its digest. */
type TreeFile = {
  readonly root: string
  readonly path: string
  readonly digest: Digest
  readonly bytes: number
  readonly executable: boolean
}

/** What recording the trees of a run's directories came to. */
export type TreeReport = {
  readonly trees: readonly RecordedTree[]
  /** The files that came to these trees: all that differ from the commit where a tree does not count from another. */
  readonly artifacts: readonly TreeFile[]
  /** Directories of which no tree can be recorded, and why. */
  readonly without: readonly { readonly directory: string; readonly why: string }[]
}

/** What stands at a path in place of what the commit has there. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly digest: Digest; readonly bytes: number; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'left_out'; readonly why: LeftOutReason }

export function treeDigest(head: string | null, entries: ReadonlyMap<string, TreeEntry>): Digest {
  return sha256(canonicalJson({ head, entries: Object.fromEntries(entries) as Json }))
}

/** The activity whose steps record trees. */
export const TREE_ACTIVITY = 'tree'
