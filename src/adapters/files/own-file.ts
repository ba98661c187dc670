import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** What a file of ours holds; undefined for one that others could have written. Throws what the system says. */
export function readOwn(path: string): Buffer | undefined {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const { uid, mode } = fstatSync(file)
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOurs ? readFileSync(file) : undefined
  } finally {
    closeSync(file)
  }
}

/** Writes a file for us alone, whole or not at all. Throws what the system says. */
export function writeOwn(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = draftOf(path)
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Beside a file, a name that no other process takes: those in different containers have the same numbers. */
export function draftOf(path: string): string {
  return `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`
}

/** Keeps the newest files of a folder, while other processes may do the same. */
export function keepNewest(folder: string, kept: number): void {
  const names = readdirSync(folder)
  if (names.length <= kept) return
  const byAge = names.map((name) => ({
    name,
    age: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }))
  byAge.sort((left, right) => right.age - left.age)
  for (const { name } of byAge.slice(kept)) rmSync(join(folder, name), { force: true })
}

/** What nobody is to be stopped by. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
