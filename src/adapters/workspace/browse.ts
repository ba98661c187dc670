import type { Dirent } from 'node:fs'
import type { ListLimits, Place, WalkLimits } from '#activities/workspace-port.ts'
import { systemCode } from '#base/system-error.ts'
import type { ListEntry } from '#domain/run/tool-answer.ts'
import { type Entering, Fault, inside, partsOf } from './enter.ts'
import type { Folder } from './folder.ts'
import type { Permits } from './locate.ts'
import { readFile } from './read-file.ts'

/** Deeper trees are made to be endless. */
const MOST_DEPTH = 64
/** Found when one looks in them, not when one looks around: they hold what others wrote. */
const PASSED_OVER = new Set(['node_modules'])

export interface Browsing {
  readonly entering: Entering
  /** What of a place is refused for its name, or allowed nevertheless. */
  readonly permits: Permits
}

/** What is in a directory, by name, each directory before what is in it. */
export function list(
  { entering, permits }: Browsing,
  { root, names }: Place,
  { depth, most }: ListLimits,
): ListEntry[] {
  const found: ListEntry[] = []
  const look = (folder: Folder, below: readonly string[]): void => {
    for (const entry of inOrder(folder.entries())) {
      if (found.length >= most) return
      const way = [...below, entry.name]
      const told = entryOf(folder, entry, permits.isProtected(way))
      if (told === undefined) continue
      found.push({ path: way.join('/'), ...told })
      if (told.kind === 'directory' && way.length < depth) {
        within(folder, entry.name, (open) => {
          if (!entering.refused.has(open.id)) look(open, way)
        })
      }
    }
  }
  insideDirectory({ entering, permits }, { root, names }, (folder) => look(folder, []))
  return found
}

function entryOf(folder: Folder, entry: Dirent, isProtected: boolean): Omit<ListEntry, 'path'> | undefined {
  if (isProtected) return { kind: 'refused' }
  if (entry.isDirectory()) return { kind: 'directory' }
  if (entry.isSymbolicLink()) return { kind: 'link' }
  if (!entry.isFile()) return { kind: 'other' }
  const stats = folder.look(entry.name)
  return stats === undefined ? undefined : { kind: 'file', bytes: Number(stats.size) }
}

/** Hands over each file below a place, one after the other, in order. */
export async function walk(browsing: Browsing, place: Place, how: WalkLimits): Promise<void> {
  if (await walkFile(browsing, place, how)) return
  const left: (readonly string[])[] = [[]]
  for (let below = left.pop(); below !== undefined; below = left.pop()) {
    const folders: (readonly string[])[] = []
    for (const entry of lookInto(browsing, place, below)) {
      const way = [...below, entry.name]
      if (entry.isDirectory()) folders.push(way)
      else if (!entry.isSymbolicLink() && (await hand(browsing, place, { way, how }))) return
    }
    left.push(...folders.filter((way) => mayEnter(browsing, way)).toReversed())
  }
}

/** Hands a file over where it is wanted; true where that is enough. */
async function hand(
  browsing: Browsing,
  place: Place,
  { way, how }: { readonly way: readonly string[]; readonly how: WalkLimits },
): Promise<boolean> {
  if (!how.wants(way)) return false
  return await how.take(shown(place, way), contentOf(browsing, place, { way, mostBytes: how.mostBytes }))
}

/** Where the place is one file. */
async function walkFile(browsing: Browsing, place: Place, how: WalkLimits): Promise<boolean> {
  if (place.names.length === 0) return false
  const { folder, name } = partsOf(place.names)
  const found = inside({ root: place.root, names: folder, entering: browsing.entering }, (open) => open.look(name))
  if (found?.isDirectory() !== false) return false
  await how.take(place.shown, contentOf(browsing, place, { way: [], mostBytes: how.mostBytes }))
  return true
}

function lookInto(browsing: Browsing, { root, names }: Place, below: readonly string[]): readonly Dirent[] {
  try {
    return insideDirectory(browsing, { root, names: [...names, ...below] }, (folder) => inOrder(folder.entries()))
  } catch (error) {
    // A directory that went or changed while one looks around is none of it; the place itself is another matter.
    if (below.length === 0) throw error
    return []
  }
}

function mayEnter({ permits }: Browsing, way: readonly string[]): boolean {
  return way.length < MOST_DEPTH && !PASSED_OVER.has(way.at(-1) ?? '') && !permits.isProtected(way)
}

function contentOf(
  { entering, permits }: Browsing,
  { root, names }: Place,
  { way, mostBytes }: { readonly way: readonly string[]; readonly mostBytes: number },
): Uint8Array | undefined {
  if (permits.isProtected(way)) return undefined
  const { folder, name } = partsOf([...names, ...way])
  const allowsOtherNames = permits.isAllowed(way)
  try {
    return inside(
      { root, names: folder, entering },
      (open) => readFile(open, name, { mostBytes, allowsOtherNames }).content,
    )
  } catch {
    return undefined
  }
}

function insideDirectory<T>(
  { entering }: Browsing,
  { root, names }: Pick<Place, 'root' | 'names'>,
  work: (folder: Folder) => T,
): T {
  try {
    return inside({ root, names, entering }, work)
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') throw new Fault('not_a_directory', { cause: error })
    throw error
  }
}

/** One that went in the meantime has nothing in it. */
function within(folder: Folder, name: string, work: (open: Folder) => void): void {
  let open: Folder
  try {
    open = folder.sub(name)
  } catch {
    return
  }
  try {
    work(open)
  } finally {
    open.close()
  }
}

function inOrder(entries: readonly Dirent[]): readonly Dirent[] {
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

function shown({ shown: path }: Place, way: readonly string[]): string {
  const below = way.join('/')
  if (path === '.' || below === '') return below === '' ? path : below
  return `${path}/${below}`
}
