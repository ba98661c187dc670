import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { BackupDraft, BackupSize, ManifestCheck } from '#app/backup-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { readRegular } from './open-regular.ts'
import { artifactPath, digestOf } from './outputs.ts'

/** The store of a backup lies below it as below a directory that `--state-dir` names. */
export const STORE_FOLDER = 'store'
/** As `sha256sum` writes and checks it. */
const MANIFEST = 'SHA256SUMS'

export interface BackupOptions {
  /** Where the backup shall be, absolute. */
  readonly directory: string
  /** The store that is copied. */
  readonly store: string
  /** Tells this try from others. */
  readonly id: string
  readonly copyLog: (to: string) => Promise<Result<void, Failure>>
}

type Draft = Omit<BackupDraft, 'failure'> & { failure: Failure | undefined }

/** A new backup, under a name that nobody takes for a whole one. */
export function beginBackup({ directory, store, id, copyLog }: BackupOptions): Result<BackupDraft, Failure> {
  if (isWithin(store, directory)) return err(withinStore(directory, store))
  const free = isFree(directory)
  if (!free.ok) return free
  const path = `${directory}.partial-${id}`
  const copy = join(path, STORE_FOLDER)
  const made = attempt(path, () => mkdirSync(copy, { recursive: true, mode: 0o700 }))
  if (!made.ok) return made
  let artifacts = 0
  const draft: Draft = {
    path,
    failure: undefined,
    copyLog: async () => await copyLog(copy),
    copyArtifact: async (digest) => {
      if (draft.failure !== undefined) return undefined
      const copied = await copyArtifact({ digest, from: store, to: copy })
      if (!copied.ok) draft.failure = copied.error
      else if (copied.value === undefined) artifacts += 1
      return copied.ok ? copied.value : undefined
    },
    stop: (signal) => {
      draft.failure ??= { code: 'cancelled', signal }
    },
    write: (name, text) => {
      const written = attempt(join(path, name), () => writeFileSync(join(path, name), text, { mode: 0o600 }))
      if (!written.ok) draft.failure ??= written.error
    },
    finish: async () => {
      const isStopped = () => draft.failure !== undefined
      const bytes = await attemptLong(path, async () => await seal(path, isStopped))
      // Somebody may have wanted no more of it meanwhile.
      if (draft.failure !== undefined) return err(draft.failure)
      if (!bytes.ok) return bytes
      const named = giveName(path, directory)
      return named.ok ? ok({ directory, artifacts, bytes: bytes.value } satisfies BackupSize) : named
    },
    discard: () => rmSync(path, { recursive: true, force: true }),
  }
  return ok(draft)
}

/** Seen without links, also where only what lies above it is there. */
function isWithin(store: string, directory: string): boolean {
  const path = relative(realPath(store), realPath(directory))
  return path === '' || !(path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path))
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPath(above), basename(path))
  }
}

function withinStore(word: string, store: string): Failure {
  const expected = `a directory outside of the store ${store}`
  return { code: 'usage', problem: 'bad_value', word, command: 'backup', expected }
}

interface ArtifactCopy {
  readonly digest: string
  readonly from: string
  readonly to: string
}

/**
 * A copy and no link: what happens to the one file must not happen to the other. A file system that can shares their
 * blocks. What is wrong with the original is no failure of the backup; it is told, and copied as it is.
 */
async function copyArtifact({ digest, from, to }: ArtifactCopy): Promise<Result<string | undefined, Failure>> {
  // It comes out of a log that anyone may have written to, and a path is made of it.
  if (!/^[0-9a-f]{64}$/.test(digest)) return ok('has no digest for a name')
  const source = artifactPath(from, digest)
  const target = artifactPath(to, digest)
  if (!existsSync(source)) return ok('is missing')
  const copied = attempt(target, () => {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    copyFileSync(source, target, constants.COPYFILE_FICLONE)
    chmodSync(target, 0o600)
  })
  if (!copied.ok) return copied
  return await attemptLong(target, async () => ((await digestOf(target)) === digest ? undefined : 'was changed'))
}

/** Writes the manifest and makes all of it durable; gives the bytes that there are. */
async function seal(path: string, isStopped: () => boolean): Promise<number> {
  const files = filesBelow(path)
  const lines: string[] = []
  for (const name of files) {
    if (isStopped()) return 0
    lines.push(`${await digestOf(join(path, name))}  ${name}\n`)
  }
  writeFileSync(join(path, MANIFEST), lines.join(''), { mode: 0o600 })
  for (const name of [...files, MANIFEST]) sync(join(path, name))
  for (const folder of new Set([...files.map((name) => dirname(join(path, name))), path])) syncFolder(folder)
  return files.reduce((sum, name) => sum + statSync(join(path, name)).size, 0)
}

/** Nobody may have put anything there meanwhile; an empty directory would be replaced without a word. */
function giveName(path: string, directory: string): Result<void, Failure> {
  const free = isFree(directory)
  if (!free.ok) return free
  return attempt(directory, () => {
    renameSync(path, directory)
    syncFolder(dirname(directory))
  })
}

function isFree(directory: string): Result<void, Failure> {
  const found = attempt(directory, () => lstatSync(directory, { throwIfNoEntry: false }))
  if (!found.ok) return found
  return found.value === undefined ? ok() : err({ code: 'backup_exists', path: directory })
}

/** Compares the files of a backup with its manifest. */
export async function checkManifest(path: string): Promise<Result<ManifestCheck, Failure>> {
  const directory = resolve(path)
  const manifest = join(directory, MANIFEST)
  try {
    const named = readManifest(readRegular(manifest))
    if (named === undefined) return err({ code: 'file_unreadable', path: manifest, reason: 'it is not a manifest' })
    const found = filesBelow(directory).filter((name) => name !== MANIFEST)
    const unnamed = found.filter((name) => !named.has(name)).map((name) => `${name} is not in the manifest`)
    const faults: string[] = []
    for (const [name, digest] of named) faults.push(...(await fileFault(directory, name, digest)))
    return ok({ directory, files: named.size, faults: [...faults, ...unnamed] })
  } catch (error) {
    return err({ code: 'file_unreadable', path: manifest, reason: reasonOf(error) })
  }
}

function readManifest(text: string): ReadonlyMap<string, string> | undefined {
  const named = new Map<string, string>()
  for (const line of text.split('\n').slice(0, -1)) {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line)
    if (match === null) return undefined
    named.set(String(match[2]), String(match[1]))
  }
  return text.endsWith('\n') ? named : undefined
}

async function fileFault(directory: string, name: string, digest: string): Promise<readonly string[]> {
  try {
    return (await digestOf(join(directory, name))) === digest ? [] : [`${name} was changed`]
  } catch (error) {
    const code = reasonOf(error)
    if (code === 'not_a_file') return [`${name} is no regular file`]
    return [code === 'ENOENT' ? `${name} is missing` : `${name} cannot be read: ${code}`]
  }
}

/** Names of files, with slashes, in one order everywhere. */
function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Windows has no such thing. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

async function attemptLong<T>(path: string, work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work())
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: reasonOf(error) })
  }
}

function attempt<T>(path: string, work: () => T): Result<T, Failure> {
  try {
    return ok(work())
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: reasonOf(error) })
  }
}
