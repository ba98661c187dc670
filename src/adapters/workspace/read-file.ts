import { type BigIntStats, closeSync, fstatSync, readSync } from 'node:fs'
import { sha256 } from '#base/digest.ts'
import { Fault } from './enter.ts'
import { type Folder, Moved, NotRegular } from './folder.ts'

/** More is never kept, so no file that is compared with what was kept has more. */
const MOST_DIGESTED_BYTES = 256 * 1024 * 1024

/** What a file held when it was read. */
export interface FileRead {
  readonly content: Uint8Array
  readonly stats: BigIntStats
}

export interface ReadLimits {
  readonly mostBytes: number
  /** Whether it may have other names, which may lie elsewhere. */
  readonly allowsOtherNames: boolean
}

/** Reads a regular file of an open directory. Throws what the system says. */
export function readFile(folder: Folder, name: string, { mostBytes, allowsOtherNames }: ReadLimits): FileRead {
  const file = folder.open(name)
  try {
    const stats = fstatSync(file, { bigint: true })
    if (stats.nlink > 1n && !allowsOtherNames) throw new Fault('protected', { detail: 'other_name' })
    if (stats.size > BigInt(mostBytes)) throw new Fault('too_large', { detail: String(stats.size) })
    return { content: readOpen(file, Number(stats.size), mostBytes), stats }
  } finally {
    closeSync(file)
  }
}

/** The digest of what a name stands for; null for nothing. Throws where that is no regular file. */
export function digestIn(folder: Folder, name: string): string | null {
  const found = folder.look(name)
  if (found === undefined) return null
  if (!isFile(found)) throw new NotRegular(name)
  return sha256(readFile(folder, name, { mostBytes: MOST_DIGESTED_BYTES, allowsOtherNames: true }).content)
}

/** Not by its size alone: it may grow while it is read, and some files say 0. */
function readOpen(file: number, size: number, mostBytes: number): Uint8Array {
  let bytes = Buffer.allocUnsafe(size + 1)
  for (let length = 0; ; ) {
    const read = readSync(file, bytes, length, bytes.length - length, length)
    if (read === 0) return bytes.subarray(0, length)
    length += read
    if (length > mostBytes) throw new Fault('too_large', { detail: String(length) })
    if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)])
  }
}

/** Whether two looks at a name saw the same file, unchanged. */
export function isSame(left: BigIntStats | undefined, right: BigIntStats | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  const signs = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const
  return signs.every((sign) => left[sign] === right[sign])
}

/** A link where a file was located is somebody's work in the meantime. */
export function isFile(stats: BigIntStats): boolean {
  if (stats.isSymbolicLink()) throw new Moved()
  return stats.isFile()
}
