import type { BorrowedEvent } from './event.ts'
import { TREE_ACTIVITY, type TreeEntry, type TreeReport } from './recorded-tree.ts'

/** A tree with everything that differs from its commit. */
export interface WholeTree
  extends Pick<TreeReport['trees'][number], 'root' | 'directories' | 'head' | 'branch' | 'digest'> {
  readonly entries: ReadonlyMap<string, TreeEntry>
}

/** The trees of a run, folded from its facts. */
export class TreeFold {
  readonly #trees = new Map<string, WholeTree>()
  #without: TreeReport['without'] = []
  #hasReport = false

  add(event: Pick<BorrowedEvent, 'type' | 'body'>): void {
    if (event.type !== 'step.succeeded' || !('output' in event.body) || event.body.activity !== TREE_ACTIVITY) return
    // The activity's name says what its output is.
    const report = event.body.output as unknown as TreeReport
    this.#hasReport = true
    this.#without = report.without
    const lost = new Set(report.without.map(({ directory }) => directory))
    for (const [root, { directories }] of this.#trees)
      if (directories.some(({ path }) => lost.has(path))) this.#trees.delete(root)
    for (const tree of report.trees) this.#trees.set(tree.root, this.#whole(tree, report.artifacts))
  }

  /** Whether anything was recorded at all. */
  get hasReport(): boolean {
    return this.#hasReport
  }

  /** As they were recorded last. */
  get trees(): readonly WholeTree[] {
    return [...this.#trees.values()]
  }

  get without(): TreeReport['without'] {
    return this.#without
  }

  #whole(tree: TreeReport['trees'][number], files: TreeReport['artifacts']): WholeTree {
    const { root, directories, head, branch, digest, from } = tree
    const before = this.#trees.get(root)
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
