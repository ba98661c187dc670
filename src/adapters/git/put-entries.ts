import { chmodSync, copyFileSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { breath } from '#base/breath.ts'
import { hasRawBytes, rawBytes } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { TreeEntry } from '#domain/run/recorded-tree.ts'

export interface NewEntries {
  /** Absolute and without links: nothing outside of it is written. */
  readonly root: string
  readonly entries: ReadonlyMap<string, TreeEntry>
  readonly artifact: (digest: string) => string
  readonly signal: AbortSignal
}

/** Makes what differs from a commit. Links come last, so that nothing is written through one. */
export async function putEntries({ root, entries, artifact, signal }: NewEntries): Promise<Result<void, string>> {
  const air = breath(signal)
  const order = (entry: TreeEntry) => (entry.kind === 'gone' ? 0 : entry.kind === 'link' ? 2 : 1)
  const sorted = [...entries].toSorted(([, left], [, right]) => order(left) - order(right))
  for (const [path, entry] of sorted) {
    if (entry.kind === 'left_out') continue
    try {
      const place = placeFor(root, path)
      if (place === undefined) return err(`${path} leads out of it`)
      put(place, entry, artifact)
    } catch (error) {
      return err(`${path}: ${reasonOf(error)}`)
    }
    if (await air.take()) return err('it was called off')
  }
  return ok()
}

function put(place: string | Buffer, entry: TreeEntry, artifact: (digest: string) => string): void {
  rmSync(place, { recursive: true, force: true })
  if (entry.kind === 'link') symlinkSync(raw(entry.target), place)
  if (entry.kind !== 'file') return
  copyFileSync(artifact(entry.digest), place)
  chmodSync(place, entry.executable ? 0o755 : 0o644)
}

/** The path of a log that anyone may have written to; undefined where it leads out, or to what is git's own. */
function placeFor(root: string, path: string): string | Buffer | undefined {
  const names = path.split('/')
  const isOdd = (name: string) => name === '' || name === '.' || name === '..' || name.toLowerCase() === '.git'
  if (names.some(isOdd)) return undefined
  let directory = root
  for (const name of names.slice(0, -1)) {
    directory = `${directory}/${name}`
    const stat = lstatSync(raw(directory), { throwIfNoEntry: false })
    // In the place of what the commit had there.
    if (stat !== undefined && !stat.isDirectory()) rmSync(raw(directory), { force: true })
    if (stat?.isDirectory() !== true) mkdirSync(raw(directory))
  }
  return raw(`${root}/${path}`)
}

function raw(path: string): string | Buffer {
  return hasRawBytes(path) ? Buffer.from(rawBytes(path)) : path
}
