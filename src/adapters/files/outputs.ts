import {
  closeSync,
  existsSync,
  fstatSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { OutputFiles, OutputPort, SealedStream, StartKey } from '#activities/output-port.ts'
import { breath } from '#base/breath.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf, systemCode } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { openRegular } from './open-regular.ts'

const CHUNK_BYTES = 1024 * 1024
/** Up to this, a copy costs next to nothing, and need not be told whether somebody may still write. */
const COPIED_BYTES = 1024 * 1024
const EMPTY: SealedStream = { digest: sha256(''), bytes: 0 }

/** Where the outputs of a run's steps lie while they are written, all side by side: a folder a step would cost more. */
export function runningFolder(store: string, runId: string): string {
  return join(store, 'running', runId)
}

/** The run and the number of a step's key, `<run id>/<number>`. */
export function stepOf(key: string): { readonly runId: string; readonly number: string } {
  const slash = key.indexOf('/')
  return { runId: key.slice(0, slash), number: key.slice(slash + 1) }
}

/** Where an artifact lies. */
export function artifactPath(store: string, digest: string): string {
  return join(store, 'artifacts', digest.slice(0, 2), digest)
}

export function notePath(store: string, key: string): string {
  const { runId, number } = stepOf(key)
  return join(runningFolder(store, runId), `${number}.process.json`)
}

const CHANGE_NOTE = '.change.json'

/** Where a step notes what it is about to do to a file. */
export function changeNotePath(store: string, key: string): string {
  const { runId, number } = stepOf(key)
  return join(runningFolder(store, runId), `${number}${CHANGE_NOTE}`)
}

/** Output in plain files, each of which becomes an artifact under its digest. */
export function outputFiles(store: string): OutputPort {
  /** Runs whose folder is there: it is made once, and goes when the run is let go of. */
  const made = new Set<string>()
  /** Runs in whose folder something was left when they were let go of. */
  const held = new Set<string>()
  return {
    notePath: (key) => notePath(store, key),
    open: (start) => openFiles(store, start, made),
    seal: async (files, { hasWriters }) => {
      const stdout = await sealStream({ store, hasWriters }, files.stdoutPath)
      const stderr = await sealStream({ store, hasWriters }, files.stderrPath)
      if (!stdout.ok) return stdout
      return stderr.ok ? ok({ stdout: stdout.value, stderr: stderr.value }) : stderr
    },
    letGo: (runId) => {
      made.delete(runId)
      if (!removeIfEmpty(runningFolder(store, runId))) held.add(runId)
    },
    ended: (runId) => {
      if (held.delete(runId)) removeChangeNotes(runningFolder(store, runId))
    },
  }
}

function openFiles(store: string, { key, start }: StartKey, made: Set<string>): Result<OutputFiles, Failure> {
  const { runId } = stepOf(key)
  const folder = runningFolder(store, runId)
  try {
    if (!made.has(runId) || !existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
    made.add(runId)
  } catch (error) {
    return lost(folder, error)
  }
  return ok({
    stdoutPath: join(folder, `${start}.stdout`),
    stderrPath: join(folder, `${start}.stderr`),
  })
}

interface Sealing {
  readonly store: string
  readonly hasWriters: boolean
}

async function sealStream({ store, hasWriters }: Sealing, path: string): Promise<Result<SealedStream, Failure>> {
  try {
    const { size } = statSync(path)
    if (size === 0) {
      unlinkSync(path)
      return ok(EMPTY)
    }
    if (hasWriters || size <= COPIED_BYTES) await replaceByCopy(path)
    const file = openSync(path, 'r+')
    try {
      const sealed = await digestOpen(file)
      giveName(path, artifactPath(store, sealed.digest))
      await sync(file)
      return ok(sealed)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return lost(path, error)
  }
}

/**
 * Puts a copy in the place of a file, which nobody else has open: whatever a job left in the background may write on, and
 * must not do so into what was sealed.
 */
async function replaceByCopy(path: string): Promise<void> {
  const draft = `${path}.copy`
  const from = openSync(path, 'r')
  try {
    const to = openSync(draft, 'w', 0o600)
    try {
      await readThrough(from, (piece) => {
        for (let written = 0; written < piece.length; ) written += writeSync(to, piece, written)
      })
    } finally {
      closeSync(to)
    }
    renameSync(draft, path)
  } catch {
    // As on a full disk: what is there already needs no room.
    rmSync(draft, { force: true })
  } finally {
    closeSync(from)
  }
}

/** Hands over what a file holds now, and lets others have their turn between: timeouts, signals, other jobs. */
async function readThrough(file: number, take: (piece: Uint8Array) => void): Promise<number> {
  const air = breath()
  // No further than this: who goes on writing must not keep us reading.
  const end = fstatSync(file).size
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end))
  for (let bytes = 0; ; ) {
    const read = readSync(file, chunk, 0, Math.min(chunk.length, end - bytes), bytes)
    if (read === 0) return bytes
    take(chunk.subarray(0, read))
    bytes += read
    await air.take()
  }
}

/** A large one takes seconds on a slow disk, in which others want their turn; for a small one, that costs more. */
async function sync(file: number): Promise<void> {
  if (fstatSync(file).size <= COPIED_BYTES) return fsyncSync(file)
  await new Promise<void>((resolve, reject) => fsync(file, (error) => (error ? reject(error) : resolve())))
}

/** Renaming before the sync lets one sync make both the content and the name durable on journalling file systems. */
export function keep(file: number, path: string, artifact: string): void {
  giveName(path, artifact)
  fsyncSync(file)
}

function giveName(path: string, artifact: string): void {
  mkdirSync(dirname(artifact), { recursive: true, mode: 0o700 })
  // The same output was kept before; replacing it with what is equal is safe, also for who reads it now.
  if (process.platform !== 'win32' || !existsSync(artifact)) renameSync(path, artifact)
}

/** One that still holds something stays; says whether it is gone. */
function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return systemCode(error) === 'ENOENT'
  }
}

/** Of steps whose ends are written: nothing of them can be half done. */
function removeChangeNotes(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (name.endsWith(CHANGE_NOTE)) unlinkSync(join(folder, name))
    rmdirSync(folder)
  } catch {
    // What is left there harms nobody, and goes with the run.
  }
}

/** SHA-256 of what a file holds. Throws what the operating system says. */
export async function digestOf(path: string): Promise<string> {
  const file = openRegular(path)
  try {
    return (await digestOpen(file)).digest
  } finally {
    closeSync(file)
  }
}

async function digestOpen(file: number): Promise<SealedStream> {
  const hasher = new Bun.CryptoHasher('sha256')
  const bytes = await readThrough(file, (piece) => hasher.update(piece))
  return { digest: hasher.digest('hex'), bytes }
}

function lost(path: string, error: unknown): Result<never, Failure> {
  return err({ code: 'output_lost', path, reason: error instanceof Error ? error.message : String(error) })
}

/** The stream of the latest start of a step that has not ended. */
export function latestRunning(store: string, key: string, stream: string): string | undefined {
  const { runId, number } = stepOf(key)
  const folder = runningFolder(store, runId)
  if (!existsSync(folder)) return undefined
  const starts = readdirSync(folder).filter((name) => name.startsWith(`${number}.`) && name.endsWith(`.${stream}`))
  const latest = starts.sort(compareStarts).at(-1)
  return latest === undefined ? undefined : join(folder, latest)
}

/** Bytes of a file; 0 where it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** `<number>.<epoch>.<attempt>.<stream>`, by epoch and attempt. */
function compareStarts(left: string, right: string): number {
  const [, leftEpoch = 0, leftAttempt = 0] = left.split('.').map(Number)
  const [, rightEpoch = 0, rightAttempt = 0] = right.split('.').map(Number)
  return leftEpoch - rightEpoch || leftAttempt - rightAttempt
}

/** What is wrong with an artifact: it is not there, cannot be read, or holds something else. */
export async function artifactFault(store: string, digest: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{64}$/.test(digest)) return 'has no digest for a name'
  try {
    return (await digestOf(artifactPath(store, digest))) === digest ? undefined : 'was changed'
  } catch (error) {
    const code = reasonOf(error)
    return FAULTS.get(code) ?? `cannot be read: ${code}`
  }
}

/** In the words of `verify`. */
const FAULTS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'is missing'],
  ['not_a_file', 'is no regular file'],
])
