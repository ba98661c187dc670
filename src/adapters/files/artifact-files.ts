import { closeSync, lstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, type Stats, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ArtifactFiles, Destination, FileToWrite } from '#app/artifact-files-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { fileNameFault } from '#domain/run/file-name-fault.ts'
import { artifactPath } from './outputs.ts'
import { draftOf } from './own-file.ts'
import { rawPath } from './raw-path.ts'

const CHUNK_BYTES = 1024 * 1024

export interface ArtifactFilesOptions {
  readonly store: string
  readonly currentDirectory: string
  readonly platform: string
}

/** Kept files on their way out of the store. What stands in the log is not trusted with a path. */
export function artifactFiles({ store, currentDirectory, platform }: ArtifactFilesOptions): ArtifactFiles {
  return {
    write: (files, { directory, replaces }) => {
      const root = resolve(currentDirectory, directory)
      const planned: Planned[] = []
      for (const file of files) {
        const fault = fileNameFault(file.path, platform) ?? placeFault(root, file.path, replaces)
        if (fault !== undefined) return unwritable(`${root}/${file.path}`, fault)
        planned.push({ ...file, target: `${root}/${file.path}`, replaces })
      }
      for (const file of planned) {
        const written = writeFile(store, root, file)
        if (!written.ok) return written
      }
      return ok()
    },
  }
}

interface Planned extends FileToWrite, Pick<Destination, 'replaces'> {
  readonly target: string
}

/** A link on the way may lead out of the directory, and what is there is somebody's. */
function placeFault(root: string, path: string, replaces: boolean): string | undefined {
  const names = path.split('/')
  let place = root
  for (const name of names.slice(0, -1)) {
    place = `${place}/${name}`
    const found = look(place)
    if (found === undefined) return undefined
    if (!found.isDirectory()) return 'ENOTDIR'
  }
  const found = look(`${root}/${path}`)
  if (found === undefined) return undefined
  if (found.isDirectory()) return 'EISDIR'
  return replaces ? undefined : 'EEXIST'
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(rawPath(path), { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function writeFile(store: string, root: string, file: Planned): Result<void, Failure> {
  const { target, path, digest, replaces } = file
  const draft = replaces ? draftOf(target) : target
  let isOurs = false
  try {
    // Others may have put a link in its way since it was looked at.
    mkdirSync(rawPath(target.slice(0, target.lastIndexOf('/'))), { recursive: true })
    const fault = placeFault(root, path, replaces)
    if (fault !== undefined) return unwritable(target, fault)
    // Never through a link, never over a file.
    const out = openSync(rawPath(draft), 'wx', 0o644)
    isOurs = true
    try {
      const copied = copy(artifactPath(store, digest), digest, out)
      if (!copied.ok) return copied
    } finally {
      closeSync(out)
    }
    if (replaces) renameSync(rawPath(draft), rawPath(target))
    isOurs = false
    return ok()
  } catch (error) {
    return unwritable(target, reasonOf(error))
  } finally {
    if (isOurs) rmSync(rawPath(draft), { force: true })
  }
}

function copy(artifact: string, digest: string, out: number): Result<void, Failure> {
  let file: number
  try {
    file = openSync(artifact, 'r')
  } catch (error) {
    return err({ code: 'file_unreadable', path: artifact, reason: reasonOf(error) })
  }
  try {
    const hasher = new Bun.CryptoHasher('sha256')
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      hasher.update(chunk.subarray(0, read))
      for (let written = 0; written < read; ) written += writeSync(out, chunk, written, read - written)
    }
    if (hasher.digest('hex') === digest) return ok()
    return err({ code: 'file_unreadable', path: artifact, reason: 'its content was changed since it was kept' })
  } finally {
    closeSync(file)
  }
}

function unwritable(path: string, reason: string): Result<never, Failure> {
  if (reason === 'EEXIST') return err({ code: 'file_exists', path })
  return err({ code: 'file_unwritable', path, reason })
}
