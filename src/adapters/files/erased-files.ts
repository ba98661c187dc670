import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { ERASING_BEGUN, type ErasedFiles } from '#app/erased-files-port.ts'
import type { OpenTry } from '#app/eraser-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { systemCode } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import type { ErasedJobEnd, ErasureSummary } from '#domain/run/erasure.ts'
import { recordStem, wholeSeconds } from '#domain/run/job-record.ts'
import type { RunId } from '#domain/run/run.ts'
import { artifactPath, runningFolder, stepOf } from './outputs.ts'

export interface ErasedFilesOptions {
  /** Below it, `runs/<job>/…`. */
  readonly directory: string
  /** Where the artifacts are. */
  readonly store: string
  /** Folders whose files may go at any time. */
  readonly caches: readonly string[]
}

const CACHED = /^[0-9a-f]{64}.*\.(?:json|files|tmp)$/
const DIGEST = /^[0-9a-f]{64}$/

/** The files that erasing removes. Folders stay, but for its own: somebody may be about to write into them. */
export function erasedFiles({ directory, store, caches }: ErasedFilesOptions): ErasedFiles {
  const marker = join(store, ERASING_BEGUN)
  const aside = join(store, 'erasing')
  return {
    isBegun: () => existsSync(marker),
    begin: () =>
      attempt(marker, () => {
        const file = openSync(marker, 'a', 0o600)
        fsyncSync(file)
        closeSync(file)
        syncFolder(store)
      }),
    end: () => attempt(marker, () => rmSync(marker, { force: true })),
    artifacts: () => attempt(store, () => artifactsIn(join(store, 'artifacts'))),
    putBack: () =>
      attempt(aside, () => {
        for (const digest of namesIn(aside)) putBack(store, aside, digest)
      }),
    removeArtifacts: (digests, tries) =>
      attempt(store, () => digests.every((digest) => removeArtifact(store, aside, { digest, tries }))),
    removeOrchestrationRecord: (runId, summary) =>
      attempt(
        directory,
        () =>
          removeOrchestrationRecord(join(directory, 'orchestrations'), runId, summary) +
          removeTranscript(join(directory, 'transcripts'), runId, summary),
      ),
    removeRecord: (runId, end) => attempt(directory, () => removeRecord(join(directory, 'runs', end.job), runId, end)),
    removeTaskRecords: (runId, summary) =>
      attempt(directory, () => removeTaskRecords(join(directory, 'runs'), runId, summary)),
    emptyCaches: () => {
      const failed = caches.map((cache) => attempt(cache, () => emptyCache(cache))).find((emptied) => !emptied.ok)
      return failed ?? ok()
    },
    removeRunning: (runId) =>
      attempt(store, () => rmSync(runningFolder(store, runId), { recursive: true, force: true })),
  }
}

/** Only what looks like ours; its drafts, too. Whoever writes one meanwhile does so for a run that is kept. */
function emptyCache(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    if (CACHED.test(name) && lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
      rmSync(path, { force: true })
  }
}

function artifactsIn(folder: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const part of namesIn(folder)) {
    for (const digest of namesIn(join(folder, part))) {
      const file = DIGEST.test(digest) ? statSync(join(folder, part, digest), { throwIfNoEntry: false }) : undefined
      if (file?.isFile() === true) found.set(digest, file.size)
    }
  }
  return found
}

/**
 * The try's first stream is what it keeps first. While that still lies where it was written, nothing of it was kept; and
 * where it lies there after the artifact was taken away, what was taken away is not the try's.
 */
function removeArtifact(
  store: string,
  aside: string,
  { digest, tries }: { readonly digest: string; readonly tries: readonly OpenTry[] },
): boolean {
  const path = artifactPath(store, digest)
  if (!existsSync(path)) return true
  const isSafe = () => tries.every((one) => isUnkept(store, one))
  if (!isSafe()) return false
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  renameSync(path, join(aside, digest))
  if (!isSafe()) {
    putBack(store, aside, digest)
    return false
  }
  rmSync(join(aside, digest), { force: true })
  removeEmpty(aside)
  return true
}

function isUnkept(store: string, { key, start }: OpenTry): boolean {
  return existsSync(join(runningFolder(store, stepOf(key).runId), `${start}.stdout`))
}

/** Never over another: where the artifact is there again, it is the same. */
function putBack(store: string, aside: string, digest: string): void {
  if (!DIGEST.test(digest)) return
  const path = artifactPath(store, digest)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (existsSync(path)) rmSync(join(aside, digest), { force: true })
  else renameSync(join(aside, digest), path)
  removeEmpty(aside)
}

type RecordEnd = ErasedJobEnd & { readonly isLast: boolean }

/** A record under the run's own name is its own; one that only has its second must say the same of it. */
function removeRecord(folder: string, runId: RunId, end: RecordEnd): number {
  const stem = join(folder, recordStem(end.started_at))
  const own = `${stem}-${runId}`
  const base = existsSync(`${own}.json`) || !saysTheSame(`${stem}.json`, end) ? own : stem
  const last = join(folder, 'last.json')
  const isLast = end.isLast && saysTheSame(last, end)
  const files = [`${base}.stdout.log`, `${base}.stderr.log`, `${base}.json`, ...(isLast ? [last] : [])]
  const found = files.filter((file) => existsSync(file))
  for (const file of found) rmSync(file, { force: true })
  return found.length
}

function saysTheSame(path: string, { job, exit, started_at, ended_at }: ErasedJobEnd): boolean {
  const record = readRecord(path)
  return (
    record['job_name'] === job &&
    record['exit_code'] === exit &&
    record['start_time'] === wholeSeconds(started_at) &&
    record['duration_ms'] === ended_at - started_at
  )
}

/**
 * A record names no run. It is one of this run's where its own name does so, where the run did just that with the task in
 * the same second, or where it is all that such a run does and lies within its time.
 */
function removeTaskRecords(runs: string, runId: RunId, summary: ErasureSummary): number {
  const { workflow, jobs, tasks = [] } = summary
  const names = new Set([...tasks.map(({ task }) => task), ...(workflow === 'task' ? jobs : [])])
  let removed = 0
  for (const task of names) {
    for (const name of namesIn(join(runs, task))) {
      if (!/^\d{8}T\d{6}Z.*\.json$/.test(name)) continue
      const path = join(runs, task, name)
      const record = readRecord(path)
      if (record['task_name'] !== task || !(name.includes(runId) || isOfRun(record, summary))) continue
      rmSync(path, { force: true })
      removed += 1
    }
  }
  return removed
}

/** Of two runs of one name in the same second the later one's file names it; the other's has its very times. */
function removeOrchestrationRecord(
  folder: string,
  runId: RunId,
  { workflow, name, queued_at, ended_at }: ErasureSummary,
): number {
  if (workflow !== 'orchestration') return 0
  const own = namesIn(join(folder, name)).filter((file) => {
    if (file.includes(runId)) return true
    const record = readRecord(join(folder, name, file))
    return record['start_time'] === wholeSeconds(queued_at) && record['duration_ms'] === ended_at - queued_at
  })
  for (const file of own) rmSync(join(folder, name, file), { force: true })
  return own.length
}

function removeTranscript(folder: string, runId: RunId, { workflow, name }: ErasureSummary): number {
  if (workflow !== 'orchestration') return 0
  const own = join(folder, name, runId)
  const count = namesIn(own).length
  rmSync(own, { recursive: true, force: true })
  return count
}

function isOfRun(
  { task_name, action, start_time, end_time }: Readonly<Record<string, unknown>>,
  { workflow, tasks = [], queued_at, ended_at }: ErasureSummary,
): boolean {
  if (tasks.some((done) => done.task === task_name && done.action === action && wholeSeconds(done.at) === end_time))
    return true
  return (
    workflow === 'task' && String(start_time) >= wholeSeconds(queued_at) && String(end_time) <= wholeSeconds(ended_at)
  )
}

function readRecord(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return []
    throw error
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something is in it, or it is gone already: both are as it should be.
  }
}

/** That a name is there is durable once its folder is; Windows has no such call, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function attempt<T>(path: string, work: () => T): Result<T, Failure> {
  try {
    return ok(work())
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: error instanceof Error ? error.message : String(error) })
  }
}
