import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import type { Breath } from '#base/breath.ts'
import { err, ok, type Result } from '#base/result.ts'

const CHUNK_BYTES = 1024 * 1024
/** How often a file is read that changes while it is read. */
const TRIES = 3

export interface ReadFile {
  readonly digest: string
  /** As it was while it was read, before and after. */
  readonly stat: Stats
  /** When reading began, milliseconds since the epoch. */
  readonly at: number
}

let chunk: Buffer | undefined

/** SHA-256 of a file that does not change meanwhile; an error is a word for why not. Throws what the system says. */
export async function digestFile(path: string | Buffer, breath: Breath): Promise<Result<ReadFile, string>> {
  // What is no file any more must not keep anyone waiting: a pipe does until somebody writes to it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    for (let tried = 0; tried < TRIES; tried++) {
      const at = Date.now()
      const stat = fstatSync(file)
      if (!stat.isFile()) return err('special')
      const digest = await digestOpen(file, breath)
      if (digest === undefined) return err('aborted')
      const after = fstatSync(file)
      if (isSame(stat, after)) return ok({ digest, stat, at })
    }
    return err('changing')
  } finally {
    closeSync(file)
  }
}

function isSame(left: Stats, right: Stats): boolean {
  return left.size === right.size && left.mtimeMs === right.mtimeMs && left.ctimeMs === right.ctimeMs
}

async function digestOpen(file: number, breath: Breath): Promise<string | undefined> {
  const hasher = new Bun.CryptoHasher('sha256')
  for (let position = 0; ; ) {
    chunk ??= Buffer.allocUnsafe(CHUNK_BYTES)
    const read = readSync(file, chunk, 0, CHUNK_BYTES, position)
    if (read === 0) return hasher.digest('hex')
    // At once: with the next breath, another job may use the same chunk.
    hasher.update(chunk.subarray(0, read))
    position += read
    if (read === CHUNK_BYTES && (await breath.take())) return undefined
  }
}
