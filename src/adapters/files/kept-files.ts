import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { FilesToKeep, KeepFault, KeptFiles, KeptFilesPort } from '#activities/kept-files-port.ts'
import type { StartKey } from '#activities/output-port.ts'
import { type Breath, breath } from '#base/breath.ts'
import { sha256 } from '#base/digest.ts'
import type { Mask } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { FileFault } from '#domain/run/command-report.ts'
import { absolute } from './find-files.ts'
import { artifactPath, keep, runningFolder, stepOf } from './outputs.ts'

const CHUNK_BYTES = 1024 * 1024

type KeptFile = KeptFiles['files'][number]

/** Files beside the outputs of steps, by digest. A copy is made where the step runs, synced, and renamed. */
export function keptFiles(store: string): KeptFilesPort {
  return {
    keepText: (text, start) => keepText(store, text, start),
    readText: (digest) => readText(artifactPath(store, digest), digest),
    keepFiles: async (files) => await keepFiles(store, files),
  }
}

function keepText(store: string, text: string, { key, start }: StartKey): Result<void, FileFault> {
  const artifact = artifactPath(store, sha256(text))
  const folder = runningFolder(store, stepOf(key).runId)
  const draft = join(folder, `${start}.list`)
  try {
    if (readText(artifact, sha256(text)) !== undefined) return ok()
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(draft, text, { mode: 0o600 })
    const file = openSync(draft, 'r+')
    try {
      keep(file, draft, artifact)
    } finally {
      closeSync(file)
    }
    return ok()
  } catch (error) {
    return err({ path: artifact, reason: reasonOf(error) })
  } finally {
    rmSync(draft, { force: true })
  }
}

function readText(path: string, digest: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    return sha256(text) === digest ? text : undefined
  } catch {
    return undefined
  }
}

interface Copying {
  readonly store: string
  readonly draft: string
  readonly air: Breath
  readonly mask: Mask | undefined
  /** What is left of the bytes that may be kept. */
  room: number
}

async function keepFiles(store: string, files: FilesToKeep): Promise<Result<KeptFiles, KeepFault>> {
  const { directory, paths, start, mostBytes, mask, signal } = files
  const { runId, number } = stepOf(start.key)
  const folder = runningFolder(store, runId)
  const draft = join(folder, `${start.start}.artifact`)
  const copying: Copying = { store, draft, air: breath(signal), mask, room: mostBytes }
  const kept: KeptFile[] = []
  const links: string[] = []
  removeDrafts(folder, number)
  try {
    for (const path of paths) {
      const copied = leadsOut(directory, path) ? err(OUTSIDE) : await keepFile(copying, absolute(directory, path))
      if (!copied.ok) return err({ path: copied.error.isOurs ? draft : path, ...copied.error })
      if (copied.value === undefined) links.push(path)
      else kept.push({ path, ...copied.value })
    }
    return ok({ files: kept, links })
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Those of starts whose process died; nobody else executes the step. */
function removeDrafts(folder: string, number: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const isOurs = name.startsWith(`${number}.`)
    if (isOurs && (name.endsWith('.artifact') || name.endsWith('.list'))) rmSync(join(folder, name), { force: true })
  }
}

type Fault = Omit<KeepFault, 'path'>

const OUTSIDE: Fault = { reason: 'outside', isOurs: false }

/** Whether a path is a link to a file elsewhere: what a job unpacks must not decide which files of ours are kept. */
function leadsOut(directory: string, path: string): boolean {
  try {
    const file = absolute(directory, path)
    if (!lstatSync(file).isSymbolicLink() || !statSync(file).isFile()) return false
    // As raw bytes, since names need not be UTF-8.
    const [root, real] = [directory, file].map((each) => realpathSync(each, { encoding: 'buffer' }).toString('latin1'))
    return !`${real}`.startsWith(root?.endsWith(sep) === true ? root : `${root}${sep}`)
  } catch {
    // What cannot be looked at is told when it is opened.
    return false
  }
}

/** Undefined for a link to a directory or to nothing. */
async function keepFile(
  copying: Copying,
  path: string | Buffer,
): Promise<Result<Omit<KeptFile, 'path'> | undefined, Fault>> {
  let source: number
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || stat.isDirectory()) return ok(undefined)
    // A pipe in its place must not keep anyone waiting.
    source = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    return reasonOf(error) === 'ELOOP' ? ok(undefined) : err({ reason: reasonOf(error), isOurs: false })
  }
  try {
    if (!fstatSync(source).isFile()) return err({ reason: 'special', isOurs: false })
    return await copyOpen(copying, source)
  } finally {
    closeSync(source)
  }
}

async function copyOpen(copying: Copying, source: number): Promise<Result<Omit<KeptFile, 'path'>, Fault>> {
  const { store, draft } = copying
  let target: number | undefined
  try {
    mkdirSync(dirname(draft), { recursive: true, mode: 0o700 })
    const file = openSync(draft, 'w', 0o600)
    target = file
    const hasher = new Bun.CryptoHasher('sha256')
    const copied = await copyBytes(copying, source, (part) => {
      hasher.update(part)
      for (let written = 0; written < part.length; ) written += writeSync(file, part, written)
    })
    if (!copied.ok) return copied
    const digest = hasher.digest('hex')
    keep(file, draft, artifactPath(store, digest))
    return ok({ digest, bytes: copied.value })
  } catch (error) {
    return err({ reason: reasonOf(error), isOurs: true })
  } finally {
    if (target !== undefined) closeSync(target)
  }
}

/** Hands over all bytes of a file in which nothing is to be hidden, and says how many there are. */
async function copyBytes(
  copying: Copying,
  source: number,
  take: (part: Uint8Array) => void,
): Promise<Result<number, Fault>> {
  const masker = copying.mask?.stream()
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, fstatSync(source).size + 1))
  for (let bytes = 0; ; ) {
    const read = readChunk(source, chunk, bytes)
    if (!read.ok) return read
    copying.room -= read.value
    if (copying.room < 0) return err({ reason: 'too_many_bytes', isOurs: false })
    const part = chunk.subarray(0, read.value)
    // As long as nothing is hidden, what the mask gives is what it was given.
    const shown = read.value === 0 ? masker?.end() : masker?.push(part)
    if (masker?.hasHidden === true) return err({ reason: 'secret', isOurs: false })
    take(shown ?? part)
    if (read.value === 0) return ok(bytes)
    bytes += read.value
    if (await copying.air.take()) return err({ reason: 'aborted', isOurs: false })
  }
}

function readChunk(file: number, chunk: Buffer, position: number): Result<number, Fault> {
  try {
    return ok(readSync(file, chunk, 0, chunk.length, position))
  } catch (error) {
    return err({ reason: reasonOf(error), isOurs: false })
  }
}
