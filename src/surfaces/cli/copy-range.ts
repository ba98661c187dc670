import { closeSync, openSync, readSync } from 'node:fs'

export interface Range {
  readonly from: number
  readonly until: number
}

/** Passes bytes of a file on, a bounded piece at a time. A file that is gone has nothing to show. */
export function copyRange(path: string, { from, until }: Range, take: (chunk: Uint8Array) => void): void {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return
  }
  const buffer = Buffer.allocUnsafe(64 * 1024)
  try {
    for (let position = from; position < until; ) {
      const read = readSync(file, buffer, 0, Math.min(buffer.length, until - position), position)
      if (read === 0) return
      take(buffer.subarray(0, read))
      position += read
    }
  } finally {
    closeSync(file)
  }
}
