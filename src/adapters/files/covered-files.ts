import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import type { CoveredFile } from '#app/project-port.ts'
import { type Digest, sha256 } from '#base/digest.ts'
import type { Config } from '#domain/definition/config.ts'
import { type NamedFile, namedFiles } from '#domain/definition/named-files.ts'
import { PROJECT_FILE } from './find-project.ts'

const CHUNK_BYTES = 1024 * 1024
/** Of a larger file only the size is looked at, so that no start takes seconds. `trust` says which. */
const LARGEST_BYTES = 64 * 1024 * 1024
const LONGEST_PATH = 1024

export interface Covered {
  readonly covered: readonly CoveredFile[]
  readonly outside: readonly NamedFile[]
}

/** The files that a project's configuration names, by where they lie; the project file itself is the first. */
export function coveredFiles(directory: string, config: Config, digest: Digest): Covered {
  const inside = new Map<string, Digest | null>([[PROJECT_FILE, digest]])
  const outside: NamedFile[] = []
  for (const named of namedFiles(config)) {
    // What a parameter fills in, nobody knows before.
    if (named.path.length > LONGEST_PATH || named.path.includes('{{')) continue
    const path = pathInside(directory, resolve(directory, named.directory, named.path))
    if (path !== undefined) inside.set(path, inside.get(path) ?? fileDigest(join(directory, path)))
    else if (named.role !== 'script') outside.push(named)
  }
  return { covered: [...inside].map(([path, found]) => ({ path, digest: found })), outside }
}

/** Relative to the directory, with `/`; undefined where it lies outside. */
function pathInside(directory: string, path: string): string | undefined {
  const inside = relative(directory, path)
  const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
  return isOutside ? undefined : inside.split(sep).join('/')
}

/** The digest of what is in the file now; null where no file is. Links are followed: what they lead to would be run. */
export function fileDigest(path: string): Digest | null {
  return withFile(path, (file) => {
    const stat = fstatSync(file)
    if (!stat.isFile()) return null
    if (stat.size > LARGEST_BYTES) return sha256(`size ${stat.size}`)
    const hasher = new Bun.CryptoHasher('sha256')
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, stat.size + 1))
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hasher.update(chunk.subarray(0, read))
    return hasher.digest('hex') as Digest
  })
}

/**
 * What everybody on the machine may change: the files, and the directories that hold them, in which a file can be put in
 * the place of another. A sticky directory, as the one for temporary files is, does not let others do that.
 */
export function openToAll(directory: string, files: readonly CoveredFile[]): readonly string[] {
  if (process.platform === 'win32') return []
  const paths = new Set<string>(['.'])
  for (const { path, digest } of files) {
    if (digest !== null) paths.add(path)
    for (let above = posix.dirname(path); above !== '.'; above = posix.dirname(above)) paths.add(above)
  }
  return [...paths].filter((path) => {
    const stat = statSync(join(directory, path), { throwIfNoEntry: false })
    const isSticky = stat?.isDirectory() === true && (stat.mode & 0o1000) !== 0
    return stat !== undefined && !isSticky && (stat.mode & 0o002) !== 0
  })
}

/** Null where it cannot be opened. A pipe without a writer must not keep anybody waiting. */
function withFile<T>(path: string, work: (file: number) => T): T | null {
  try {
    // Most words that could be a path are none, and to be told so by an exception takes four times as long.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return null
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      return work(file)
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}
