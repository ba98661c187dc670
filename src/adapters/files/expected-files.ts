import { closeSync, fstatSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ExpectedFiles, KeptOutput, TailLimits } from '#activities/expected-files-port.ts'
import { type Breath, breath } from '#base/breath.ts'
import { sha256 } from '#base/digest.ts'
import { printable } from '#base/text.ts'
import { digestFile } from './digest-file.ts'
import { artifactPath } from './outputs.ts'

/** Of a directory, so many of the things in it count. */
const MOST_ENTRIES = 100_000
const USUAL_TAIL: TailLimits = { lines: 20, characters: 4000 }
const MOST_CHARACTER_BYTES = 4

/** Expected outputs on disk. */
export function expectedFiles(): ExpectedFiles {
  return {
    resolve: (directory, path) => resolve(directory, path),
    signs: async (paths, signal) => {
      const air = breath(signal)
      const found = new Map<string, string | null>()
      for (const path of paths) found.set(path, await signOf(path, air))
      return found
    },
    fault: (path) => {
      try {
        return statSync(path, { throwIfNoEntry: false }) === undefined ? { path, reason: 'missing' } : undefined
      } catch (error) {
        return { path, reason: reasonOf(error) }
      }
    },
  }
}

/** What steps wrote, in the store. */
export function keptOutput(store: string): KeptOutput {
  return { tail: (digest, most = USUAL_TAIL) => tailOf(artifactPath(store, digest), most) }
}

/**
 * Of a file its content and when it was written: a build that writes the same again has written it. Of a directory all
 * that is in it, by its looks alone.
 */
async function signOf(path: string, air: Breath): Promise<string | null> {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return null
    if (stat.isDirectory()) return await directorySign(path, air)
    if (!stat.isFile()) return looksOf(stat)
    const read = await digestFile(path, air)
    return read.ok ? `${looksOf(stat)} ${read.value.digest}` : looksOf(stat)
  } catch (error) {
    // What cannot be looked at before and after is not shown to be new.
    return reasonOf(error) === 'ENOENT' ? null : ''
  }
}

async function directorySign(directory: string, air: Breath): Promise<string> {
  const lines: string[] = []
  const left = [directory]
  for (let at = left.pop(); at !== undefined && lines.length < MOST_ENTRIES; at = left.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      const stat = statSync(path, { throwIfNoEntry: false })
      lines.push(`${path} ${stat === undefined ? '' : looksOf(stat)}`)
      // A link to a directory could lead round in circles.
      if (entry.isDirectory()) left.push(path)
      if (await air.take()) return ''
    }
  }
  return sha256(lines.sort().join('\n'))
}

function looksOf({ dev, ino, size, mtimeMs, mode }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${mode}`
}

/** However large a file is, its end is all that is read of it. */
function tailOf(path: string, { lines, characters }: TailLimits): string {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const bytes = Buffer.alloc(Math.min(size, characters * MOST_CHARACTER_BYTES))
      const read = readSync(file, bytes, 0, bytes.length, size - bytes.length)
      const text = bytes.toString('utf8', 0, read).slice(-characters).trimEnd()
      return text.split('\n').slice(-lines).map(printable).join('\n')
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
