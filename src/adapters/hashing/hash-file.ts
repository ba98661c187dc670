import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Hashed } from '#app/hash-port.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { Hasher } from './hashers.ts'
import { special, whyNot } from './look.ts'
import { pathName } from './path-name.ts'
import { readAhead } from './read-ahead.ts'

/** Up to this size, a file is read at one go: to begin something in the background would take longer. */
const SMALL_BYTES = 2 ** 18

/** Windows knows neither: there, what would be 0. A pipe that took the file's place must not make us wait. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants

/** Where the bytes go, and who looks on. */
export interface HashPlace {
  readonly hasher: Hasher
  readonly scratch: Uint8Array
  readonly moved: (bytes: number) => void
  readonly isStopped: () => boolean
}

export function scratch(): Uint8Array {
  return Buffer.allocUnsafeSlow(SMALL_BYTES + 1)
}

/**
 * Hashes one file; a small one at once, so that ten thousand of them need not wait ten thousand times. Nothing comes of
 * one that is stopped half way.
 */
export function hashFile(path: string, place: HashPlace): Hashed | Promise<Hashed | undefined> {
  const opened = open(path)
  if ('failure' in opened) return opened
  const { file, before } = opened
  if (before.size > SMALL_BYTES) return hashLarge(path, opened, place)
  try {
    return judged({ path, file, before }, hashSmall(file, Number(before.size), place))
  } catch (error) {
    return { failure: whyNot(path, error) }
  } finally {
    closeSync(file)
  }
}

interface OpenFile {
  readonly file: number
  readonly before: BigIntStats
}

function open(path: string): OpenFile | { readonly failure: Failure } {
  let file: number | undefined
  try {
    file = openSync(pathName(path), O_RDONLY | O_NONBLOCK | O_NOCTTY)
    const before = fstatSync(file, { bigint: true })
    if (before.isFile()) return { file, before }
    closeSync(file)
    const isDirectory = before.isDirectory()
    return { failure: isDirectory ? { code: 'file_unreadable', path, reason: 'EISDIR' } : special(path, before) }
  } catch (error) {
    return { failure: whyNot(path, error) }
  }
}

type Content = { readonly hash: string; readonly bytes: number }

/** Mostly one read: that nothing follows is known from the size, which is compared afterwards. */
function hashSmall(file: number, size: number, { hasher, scratch, moved }: HashPlace): Content {
  const first = readSync(file, scratch, 0, scratch.length, null)
  moved(first)
  if (first > 0 && first === size) return { hash: hasher.whole(scratch.subarray(0, first)), bytes: first }
  const { update, digest } = hasher.begin()
  let bytes = 0
  for (let read = first; read > 0; read = readSync(file, scratch, 0, scratch.length, null)) {
    update(scratch.subarray(0, read))
    bytes += read
  }
  return { hash: digest(), bytes }
}

async function hashLarge(path: string, { file, before }: OpenFile, place: HashPlace): Promise<Hashed | undefined> {
  const { update, digest } = place.hasher.begin()
  let bytes = 0
  try {
    const read = await readAhead(file, (piece) => {
      update(piece)
      bytes += piece.length
      place.moved(piece.length)
      return place.isStopped() ? 'stop' : 'more'
    })
    if (read === 'stopped') return undefined
    return judged({ path, file, before }, { hash: digest(), bytes })
  } catch (error) {
    return { failure: whyNot(path, error) }
  } finally {
    closeSync(file)
  }
}

/** The digest, unless the file is not what it was. */
function judged({ path, file, before }: OpenFile & { readonly path: string }, content: Content): Hashed {
  const how = changeSince(before, path, file)
  return how === undefined ? content : { failure: { code: 'file_changed', path, how } }
}

function changeSince(before: BigIntStats, path: string, file: number): FailureOf<'file_changed'>['how'] | undefined {
  const after = statAfter(path, file)
  if (after === undefined) return 'removed'
  if (after.ino !== before.ino || after.dev !== before.dev) return 'replaced'
  if (after.size !== before.size) return after.size > before.size ? 'grew' : 'shrank'
  if (after.mtimeNs !== before.mtimeNs) return 'written'
  return after.ctimeNs === before.ctimeNs ? undefined : 'touched'
}

/** By its path, so that a file put in its place is noticed; Windows numbers files differently by path and by handle. */
function statAfter(path: string, file: number): BigIntStats | undefined {
  if (process.platform === 'win32') return fstatSync(file, { bigint: true })
  return statSync(pathName(path), { bigint: true, throwIfNoEntry: false })
}
