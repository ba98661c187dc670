import type { Digest } from '#base/digest.ts'
import type { BorrowedEvent } from './event.ts'
import { TREE_ACTIVITY, type TreeEntry, type TreeReport } from './recorded-tree.ts'
import type { WriteAnswer } from './tool-answer.ts'

/** A tree with everything that differs from its commit. */
export interface WholeTree
  extends Pick<TreeReport['trees'][number], 'root' | 'directories' | 'head' | 'branch' | 'digest'> {
  readonly entries: ReadonlyMap<string, TreeEntry>
}

/** The trees of a run, folded from its facts: from those that were recorded, and what tools of agents say they wrote. */
export class TreeFold {
  /** As they were recorded last. */
  readonly #recorded = new Map<string, WholeTree>()
  /** What was written since then, in its order. */
  #written: WriteAnswer[] = []
  #without: TreeReport['without'] = []

  add(event: Pick<BorrowedEvent, 'type' | 'body'>): void {
    if (event.type !== 'step.succeeded' || !('output' in event.body)) return
    const { activity, output } = event.body
    // The activity's name says what its output is.
    if (activity === TREE_ACTIVITY) this.#take(output as unknown as TreeReport)
    else if (activity === 'tool' && isWritten(output)) this.#written.push(output)
  }

  get trees(): readonly WholeTree[] {
    return [...this.#recorded.values()].map((tree) => {
      const entries = new Map(tree.entries)
      for (const change of this.#written) {
        const path = pathIn(tree, change)
        if (path !== undefined) entries.set(path, entryOf(change))
      }
      return { ...tree, entries }
    })
  }

  get without(): TreeReport['without'] {
    return this.#without
  }

  #take(report: TreeReport): void {
    this.#without = report.without
    this.#written = []
    const lost = new Set(report.without.map(({ directory }) => directory))
    for (const [root, { directories }] of this.#recorded)
      if (directories.some(({ path }) => lost.has(path))) this.#recorded.delete(root)
    for (const tree of report.trees) this.#recorded.set(tree.root, this.#whole(tree, report.artifacts))
  }

  #whole(tree: TreeReport['trees'][number], files: TreeReport['artifacts']): WholeTree {
    const { root, directories, head, branch, digest, from } = tree
    const before = this.#recorded.get(root)
    const entries = new Map<string, TreeEntry>(from !== null && before?.digest === from ? before.entries : [])
    for (const path of tree.back) entries.delete(path)
    for (const path of tree.gone) entries.set(path, { kind: 'gone' })
    for (const { path, target } of tree.links) entries.set(path, { kind: 'link', target })
    for (const { path, why } of tree.left_out) entries.set(path, { kind: 'left_out', why })
    for (const { root: of, path, digest: content, bytes, executable } of files)
      if (of === root) entries.set(path, { kind: 'file', digest: content, bytes, executable })
    return { root, directories, head, branch, digest, entries }
  }
}

function isWritten(output: unknown): output is WriteAnswer {
  return typeof output === 'object' && output !== null && 'ok' in output && output.ok === true && 'before' in output
}

/** Below the top of the repository; undefined where it lies elsewhere. */
function pathIn({ root, directories }: WholeTree, change: WriteAnswer): string | undefined {
  const known = directories.find(({ path }) => path === change.root)
  const isBelow = change.root === root || change.root.startsWith(`${root}/`)
  const below = known?.below ?? (isBelow ? change.root.slice(root.length + 1) : undefined)
  if (below === undefined) return undefined
  return below === '' ? change.path : `${below}/${change.path}`
}

function entryOf({ sha256, bytes, mode }: WriteAnswer): TreeEntry {
  if (sha256 === null) return { kind: 'gone' }
  // Writing leaves the permissions as they were.
  return { kind: 'file', digest: sha256 as Digest, bytes: bytes ?? 0, executable: ((mode ?? 0) & 0o100) !== 0 }
}
