import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { sha256 } from '#base/digest.ts'
import type { ReadFile } from './digest-file.ts'
import { keepNewest, quietly, readOwn, writeOwn } from './own-file.ts'

/** So many jobs and directories are remembered. */
const KEPT_FILES = 256
/** A clock of a file system ticks every 10 ms at worst where it counts parts of a second; FAT has ticks of 2 s. */
const FINE_TICK_MS = 20
const COARSE_TICK_MS = 2000
/** What is known of a file besides its digest: inode, size, times of content and of inode, mode. */
const NUMBERS = 5
const DIGEST_DIGITS = 64
/** The digest of all that follows, so that a torn file is none. */
const HEAD_BYTES = 64 + 8

/** Which content files had when they were read last. A file that looks exactly the same is taken to hold the same. */
export interface StatCache {
  digestOf(path: string, stat: Stats): string | undefined
  learn(path: string, read: ReadFile): void
  /** Keeps what was asked for or learnt, and forgets the rest. That it cannot be written stops nobody. */
  write(): void
}

interface Entry {
  /** The numbers of many entries, and where its own begin. */
  readonly numbers: Float64Array
  readonly at: number
  readonly digest: string
}

/** What the file at `path` says. One that others could have written, or that is not whole, says nothing. */
export function statCache(path: string, { believes }: { readonly believes: boolean }): StatCache {
  const known = (believes ? quietly(() => readEntries(path)) : undefined) ?? new Map<string, Entry>()
  const used = new Map<string, Entry>()
  let isChanged = !believes
  return {
    digestOf: (path, stat) => {
      const entry = used.get(path) ?? known.get(path)
      if (entry === undefined || !isAsKnown(stat, entry)) return undefined
      used.set(path, entry)
      return entry.digest
    },
    learn: (path, read) => {
      isChanged = true
      if (isSettled(read)) used.set(path, { numbers: numbersOf(read.stat), at: 0, digest: read.digest })
      else used.delete(path)
    },
    write: () => {
      if (isChanged || used.size !== known.size) quietly(() => writeEntries(path, used))
    },
  }
}

/** Times in milliseconds, exact to a quarter of a microsecond: far finer than any that is believed has to be. */
function numbersOf({ ino, size, mtimeMs, ctimeMs, mode }: Stats): Float64Array {
  return Float64Array.of(ino, size, mtimeMs, ctimeMs, mode)
}

function isAsKnown({ ino, size, mtimeMs, ctimeMs, mode }: Stats, { numbers, at }: Entry): boolean {
  return (
    numbers[at] === ino &&
    numbers[at + 1] === size &&
    numbers[at + 2] === mtimeMs &&
    numbers[at + 3] === ctimeMs &&
    numbers[at + 4] === mode
  )
}

/** Whether a later change must show: within one tick of the file system's clock, a file changes and looks the same. */
function isSettled({ stat: { mtimeMs, ctimeMs }, at }: ReadFile): boolean {
  const tick = ctimeMs % 1000 === 0 ? COARSE_TICK_MS : FINE_TICK_MS
  return Math.max(mtimeMs, ctimeMs) + tick < at
}

/** It decides what is not run, so a file that others could have written says nothing. */
function readEntries(path: string): Map<string, Entry> | undefined {
  const bytes = readOwn(path)
  return bytes && parse(bytes)
}

function parse(bytes: Buffer): Map<string, Entry> | undefined {
  if (sha256(bytes.subarray(DIGEST_DIGITS)) !== bytes.toString('latin1', 0, DIGEST_DIGITS)) return undefined
  const count = Number(bytes.readBigUInt64LE(DIGEST_DIGITS))
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset + HEAD_BYTES), 0, count * NUMBERS)
  const digestsAt = HEAD_BYTES + numbers.byteLength
  const pathsAt = digestsAt + count * DIGEST_DIGITS
  const digests = bytes.toString('latin1', digestsAt, pathsAt)
  // The digest says that this program wrote it.
  const paths = JSON.parse(bytes.toString('utf8', pathsAt)) as readonly string[]
  const entries = paths.map((path, index): readonly [string, Entry] => {
    const digest = digests.slice(index * DIGEST_DIGITS, (index + 1) * DIGEST_DIGITS)
    return [path, { numbers, at: index * NUMBERS, digest }]
  })
  return new Map(entries)
}

function format(entries: ReadonlyMap<string, Entry>): Buffer {
  const values = [...entries.values()]
  const count = Buffer.alloc(8)
  count.writeBigUInt64LE(BigInt(entries.size))
  const numbers = new Float64Array(values.length * NUMBERS)
  for (const [index, entry] of values.entries())
    numbers.set(entry.numbers.subarray(entry.at, entry.at + NUMBERS), index * NUMBERS)
  const digests = Buffer.from(values.map(({ digest }) => digest).join(''), 'latin1')
  const paths = Buffer.from(JSON.stringify([...entries.keys()]))
  const body = Buffer.concat([count, new Uint8Array(numbers.buffer), digests, paths])
  return Buffer.concat([Buffer.from(sha256(body), 'latin1'), body])
}

function writeEntries(path: string, entries: ReadonlyMap<string, Entry>): void {
  writeOwn(path, format(entries))
  keepNewest(dirname(path), KEPT_FILES)
}
