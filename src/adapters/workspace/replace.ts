import { type BigIntStats, closeSync, fchmodSync, fsyncSync, writeSync } from 'node:fs'
import type { KeptContent } from '#activities/kept-content-port.ts'
import type { Place, Replacement } from '#activities/workspace-port.ts'
import { sha256 } from '#base/digest.ts'
import { reasonOf, systemCode } from '#base/system-error.ts'
import type { FileChange } from '#domain/run/file-change.ts'
import { writeNote } from './change-notes.ts'
import { type Entering, Fault, inside, partsOf } from './enter.ts'
import { type Folder, NotRegular } from './folder.ts'
import { isFile, isSame, readFile } from './read-file.ts'

/** Larger files are not replaced: what they held would have to be kept. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024
const USUAL_MODE = 0o666
const PERMISSIONS = 0o777

export interface ReplaceParts {
  readonly entering: (root: string) => Entering
  readonly kept: KeptContent
  /** Where the note of a step lies while it changes a file. */
  readonly notePath: (key: string) => string
}

/** What a name stood for when it was looked at. */
interface Before {
  readonly stats: BigIntStats | undefined
  readonly digest: string | null
  readonly mode: number | null
  /** Directories that are missing on the way, below the root, the outermost first. */
  readonly missing: readonly string[]
}

const NOTHING: Omit<Before, 'missing'> = { stats: undefined, digest: null, mode: null }

/**
 * Replaces a file: what it held is kept, a note says what is about to be done, a draft is written beside it, and takes
 * its name. Whoever is killed leaves the old or the new content, and a note by which the step can be taken back.
 */
export function replace(parts: ReplaceParts, place: Place, change: Replacement): FileChange {
  const { key, content, expected } = change
  const before = lookBefore(parts, place, key)
  if (expected !== undefined && expected !== before.digest) throw new Fault('changed_meanwhile', { detail: 'content' })
  if (content === null && before.stats === undefined) throw new Fault('missing')
  const digest = content === null ? null : sha256(content)
  const { root, names } = place
  const told: FileChange = {
    path: names.join('/'),
    root,
    bytes: content?.length ?? null,
    sha256: digest,
    before: before.digest,
    mode: before.mode,
    made: [...before.missing],
  }
  if (digest === before.digest) return told
  const { mode, made } = told
  inStore(() =>
    writeNote(parts.notePath(key), {
      root,
      names: [...names],
      sha256: digest,
      before: before.digest,
      mode,
      made: [...made],
    }),
  )
  carryOut(parts, place, { ...change, before })
  return told
}

function lookBefore({ entering, kept }: ReplaceParts, { root, names }: Place, key: string): Before {
  const { folder, name } = partsOf(names)
  for (let depth = folder.length; ; depth--) {
    try {
      return inside({ root, names: folder.slice(0, depth), entering: entering(root) }, (open) => {
        if (depth < folder.length) return missingFrom(open, folder, depth)
        return { ...lookAt(open, name, { kept, key }), missing: [] }
      })
    } catch (error) {
      if (depth === 0 || systemCode(error) !== 'ENOENT') throw error
    }
  }
}

/** Nothing is there yet, from this directory on. */
function missingFrom(open: Folder, folder: readonly string[], depth: number): Before {
  const next = folder[depth] ?? ''
  if (open.look(next) !== undefined) throw new Fault('changed_meanwhile', { detail: 'directory' })
  return { ...NOTHING, missing: folder.slice(depth).map((_, at) => folder.slice(0, depth + at + 1).join('/')) }
}

function lookAt(
  folder: Folder,
  name: string,
  { kept, key }: { readonly kept: KeptContent; readonly key: string },
): Omit<Before, 'missing'> {
  const found = folder.look(name)
  if (found === undefined) return NOTHING
  if (!isFile(found)) throw new NotRegular(name)
  const mode = Number(found.mode) & PERMISSIONS
  if ((mode & 0o222) === 0) throw new Fault('read_only')
  // Another name of the file keeps what it stands for: a new file takes this name.
  const { content, stats } = readFile(folder, name, { mostBytes: MOST_KEPT_BYTES, allowsOtherNames: true })
  inStore(() => kept.keep(key, content))
  return { stats, digest: sha256(content), mode }
}

/** What the system says of the store is not said of the file. */
function inStore(work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new Fault('system', { detail: `what it holds cannot be kept (${reasonOf(error)})`, cause: error })
  }
}

function carryOut(
  { entering }: ReplaceParts,
  { root, names }: Place,
  { key, content, mode = USUAL_MODE, unmade = [], before }: Replacement & { readonly before: Before },
): void {
  const { folder, name } = partsOf(names)
  inside({ root, names: folder, entering: { ...entering(root), make: content !== null } }, (open) => {
    const settle = () => {
      if (!isSame(open.look(name), before.stats)) throw new Fault('changed_meanwhile', { detail: 'content' })
    }
    if (content === null) {
      settle()
      open.remove(name)
      open.sync()
    } else put(open, name, { key, content, mode: before.mode, newMode: mode, settle })
  })
  if (content === null) unmake(entering(root), root, unmade)
}

interface Put {
  readonly key: string
  readonly content: Uint8Array
  /** Exactly these permissions; null for those of a new file. */
  readonly mode: number | null
  readonly newMode: number
  /** Looks once more, right before the name changes hands. */
  readonly settle: () => void
}

/** Writes a draft beside a file and gives it its name. Throws what the system says, and leaves no draft then. */
export function put(folder: Folder, name: string, { key, content, mode, newMode, settle }: Put): void {
  const draft = draftName(key)
  removeIfThere(folder, draft)
  const file = folder.create(draft, mode ?? newMode)
  try {
    try {
      for (let written = 0; written < content.length; ) written += writeSync(file, content, written)
      if (mode !== null) fchmodSync(file, mode)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    settle()
    folder.rename(draft, name)
  } catch (error) {
    removeIfThere(folder, draft)
    throw error
  }
  folder.sync()
}

/** The same for every start of a step, so that what a dead one left is found. */
export function draftName(key: string): string {
  return `.orchastration-${key.replaceAll('/', '-')}.tmp`
}

export function removeIfThere(folder: Folder, name: string): void {
  try {
    folder.remove(name)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}

/** Removes directories that were made for a file, the innermost first, as far as nothing is in them. */
export function unmake(entering: Entering, root: string, paths: readonly string[]): void {
  for (const path of paths.toReversed()) {
    const { folder, name } = partsOf(path.split('/'))
    try {
      inside({ root, names: folder, entering }, (open) => open.removeFolder(name))
    } catch {
      // Somebody put something there, or it is gone already.
      return
    }
  }
}
