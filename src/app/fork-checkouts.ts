import { basename, dirname, join } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Move } from '#domain/run/rebased.ts'
import type { WholeTree } from '#domain/run/tree-fold.ts'
import type { Call } from './operation.ts'

export interface MadeCheckout extends Move {
  /** All names that its repository goes by, and what takes their place. */
  readonly moves: readonly Move[]
}

export interface Making {
  /** Absolute; undefined for a place beside each repository. */
  readonly base: string | undefined
  readonly runId: string
  readonly call: Call
}

/** Makes a directory for each tree; all of them, or none. */
export async function makeCheckouts(
  trees: readonly WholeTree[],
  { base, runId, call }: Making,
): Promise<Result<readonly MadeCheckout[], Failure>> {
  const checkouts = await call.services.checkouts()
  const places = placesFor(trees, base, runId)
  if (places.length === 0 && base !== undefined)
    call.report({ kind: 'note', text: `${base} is not made: the run changes nothing in any directory` })
  for (const { tree, directory } of places) {
    const refused = checkouts.refusal(directory, tree)
    if (refused !== undefined) return err(refused)
  }
  const stopping = new AbortController()
  const stopListening = call.stop.onRequest(() => stopping.abort())
  const made: MadeCheckout[] = []
  for (const { tree, directory } of places) {
    const done = await checkouts.make(directory, tree, stopping.signal)
    if (!done.ok) {
      stopListening()
      for (const { to } of made) checkouts.discard(to)
      return done
    }
    tellLeftOut(tree, call)
    made.push({ from: tree.root, to: done.value, moves: movesOf(tree, done.value) })
  }
  stopListening()
  return ok(made)
}

/** Of several, each below the directory that is named, under its own name; without one, beside each. */
function placesFor(
  trees: readonly WholeTree[],
  base: string | undefined,
  runId: string,
): readonly { readonly tree: WholeTree; readonly directory: string }[] {
  return trees.map((tree, index) => {
    const name = basename(tree.root)
    const beside = join(dirname(tree.root), `${name}.fork-${runId.slice(-8)}`)
    const isTaken = trees.slice(0, index).some(({ root }) => basename(root) === name)
    const below = base && join(base, isTaken ? `${name}-${index + 1}` : name)
    return { tree, directory: (trees.length === 1 ? base : below) ?? beside }
  })
}

/** The repository as it is without links, and as the run names it. */
function movesOf({ root, directories }: WholeTree, to: string): readonly Move[] {
  const named = directories.map(({ path, below }): Move => {
    if (below === '') return { from: path, to }
    const end = `/${below}`
    return path.endsWith(end) ? { from: path.slice(0, -end.length), to } : { from: path, to: `${to}${end}` }
  })
  return [{ from: root, to }, ...named]
}

function tellLeftOut({ entries }: WholeTree, call: Call): void {
  for (const [path, entry] of entries)
    if (entry.kind === 'left_out') call.report({ kind: 'note', text: `${path} is not there: ${LEFT_OUT[entry.why]}` })
}

const LEFT_OUT = {
  large: 'it was too large to be kept',
  protected: 'names like that are not kept',
  repository: 'it is a repository of its own',
  secret: 'it held a secret',
  special: 'it was no file',
  unreadable: 'it could not be read',
} as const
