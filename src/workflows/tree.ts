import type { Digest } from '#base/digest.ts'
import { TREE_ACTIVITY, type TreeReport } from '#domain/run/recorded-tree.ts'
import { activity } from '#engine/workflow.ts'
import type { KnownSecret } from './agents/tool-call.ts'

export type TreeInput = {
  /** Absolute: where the run works. */
  readonly directories: readonly string[]
  /** The digest of the tree that was recorded last, by the top of its repository: only what differs is told again. */
  readonly known: Readonly<Record<string, Digest>>
  /** A file that holds the value of one of these is not kept. */
  readonly secrets?: readonly KnownSecret[]
}

/** Records how the repositories stand in which a run works, and changes nothing in them. */
export const tree = activity<TreeInput, TreeReport>(TREE_ACTIVITY)
