import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type {
  JobEndRecord,
  OrchestrationEndRecord,
  RecordsPort,
  TaskEndRecord,
  TranscriptRecord,
} from '#app/records-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { systemCode } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { type JobRecord, recordStem, wholeSeconds } from '#domain/run/job-record.ts'
import type { TaskRecord } from '#domain/run/task-record.ts'
import { artifactPath } from './outputs.ts'
import { draftOf } from './own-file.ts'

export interface RecordsOptions {
  /** Below it, `runs/<job>/…`. */
  readonly directory: string
  /** Where the artifacts are. */
  readonly store: string
  readonly platform: string
  readonly version: string
}

/** Records as the ancestor documents them: `runs/<job>/<time>.json`, the two logs beside it, and `last.json`. */
export function recordFiles(options: RecordsOptions): RecordsPort {
  const runs = join(options.directory, 'runs')
  const tasks = join(options.directory, 'tasks')
  const orchestrations = join(options.directory, 'orchestrations')
  const transcripts = join(options.directory, 'transcripts')
  return {
    write: async (end) => guarded(runs, () => writeRecord(options, join(runs, end.job), end)),
    writeTask: async (record) => guarded(tasks, () => writeTask(tasks, record)),
    writeTaskRun: async (end) => guarded(runs, () => writeTaskRun(join(runs, end.record.task_name), end)),
    writeOrchestration: async (end) =>
      guarded(orchestrations, () => writeOrchestration(join(orchestrations, end.record.orchestration), end)),
    writeTranscript: async (transcript) => guarded(transcripts, () => writeTranscript(transcripts, transcript)),
    clear: async () =>
      guarded(options.directory, () => {
        clearRecords(runs)
        clearRecords(orchestrations)
        clearTranscripts(transcripts)
        for (const name of namesIn(tasks)) if (RECORD_OF_TASK.test(name)) rmSync(join(tasks, name), { force: true })
      }),
  }
}

function writeRecord(options: RecordsOptions, folder: string, end: JobEndRecord): void {
  const stem = recordStem(end.report.started_at)
  const candidates = [join(folder, stem), join(folder, `${stem}-${end.runId}`)]
  for (const base of candidates) {
    const text = recordText(options, base, end)
    // An earlier process may have died anywhere in here; what it left undone is done now.
    const isCreated = create(`${base}.json`, text, end.isLast ? join(folder, 'last.json') : undefined)
    if (!isCreated && (end.isNew || !isRecord(`${base}.json`, text))) continue
    placeLogs(options.store, { base, isCreated }, end)
    if (end.isLast && !isCreated) replace(join(folder, 'last.json'), text)
    return
  }
}

function writeTask(tasks: string, record: TaskRecord): void {
  if (!existsSync(tasks)) mkdirSync(tasks, { recursive: true })
  replace(join(tasks, `${record.name}.json`), JSON.stringify(record, null, 2))
}

/** A run may do several things with a task within one second, and a job may have the same name. */
function writeTaskRun(folder: string, { runId, number, isNew, startedAt, record }: TaskEndRecord): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  const stem = recordStem(startedAt)
  const text = JSON.stringify(record, null, 2)
  for (const name of [stem, `${stem}-${runId}`, `${stem}-${runId}-${number}`]) {
    const path = join(folder, `${name}.json`)
    if (create(path, text, undefined) || (!isNew && isRecord(path, text))) return
  }
}

function writeOrchestration(folder: string, { runId, isNew, startedAt, record }: OrchestrationEndRecord): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  const stem = recordStem(startedAt)
  const text = JSON.stringify(record, null, 2)
  for (const name of [stem, `${stem}-${runId}`]) {
    const path = join(folder, `${name}.json`)
    if (create(path, text, undefined) || (!isNew && isRecord(path, text))) return
  }
}

/** A folder a run: nobody else's transcript can be in it. */
function writeTranscript(transcripts: string, { runId, orchestration, json, markdown, logs }: TranscriptRecord): void {
  const folder = join(transcripts, orchestration, runId)
  mkdirSync(folder, { recursive: true })
  replace(join(folder, 'transcript.json'), json)
  replace(join(folder, 'transcript.md'), markdown)
  for (const { name, text } of logs) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    replace(join(folder, name), text)
  }
}

/** Both logs beside a new record; beside one that was there, those that are missing. */
function placeLogs(
  store: string,
  { base, isCreated }: { readonly base: string; readonly isCreated: boolean },
  { report }: JobEndRecord,
): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const path = `${base}.${stream}.log`
    if (isCreated || !existsSync(path)) place(store, report[stream], path)
  }
}

/** Two spaces, no line feed at the end, the keys in this order: byte by byte what the ancestor writes. */
function recordText(options: RecordsOptions, base: string, { job, report, exit }: JobEndRecord): string {
  const record: JobRecord = {
    job_name: job,
    start_time: wholeSeconds(report.started_at),
    end_time: wholeSeconds(report.ended_at),
    duration_ms: report.ended_at - report.started_at,
    exit_code: exit,
    stdout_path: `${base}.stdout.log`,
    stderr_path: `${base}.stderr.log`,
    os: options.platform,
    binary_version: options.version,
  }
  return JSON.stringify(record, null, 2)
}

function isRecord(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === text
}

/**
 * Whole or not at all, and never over another: the name is ours, whoever else ends a job in this second. The draft
 * becomes `copy`, where there is to be one: a second name costs less than a second file.
 */
function create(path: string, text: string, copy: string | undefined): boolean {
  const draft = draftBeside(path)
  writeDraft(draft, text)
  const isCreated = createFrom(draft, path, text)
  if (isCreated && copy !== undefined) renameSync(draft, copy)
  else rmSync(draft, { force: true })
  return isCreated
}

/** The job's folder is made by its first record. */
function writeDraft(draft: string, text: string): void {
  let file: number
  try {
    file = openSync(draft, 'w')
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    mkdirSync(dirname(draft), { recursive: true })
    file = openSync(draft, 'w')
  }
  try {
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

function createFrom(draft: string, path: string, text: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    return systemCode(error) === 'EEXIST' ? false : createUnlinked(path, text)
  }
}

/** Some file systems have no links. */
function createUnlinked(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** The artifact under the record's name: a link where the file system has links, else a copy. */
function place(
  store: string,
  { digest, bytes }: { readonly digest: string; readonly bytes: number },
  path: string,
): void {
  if (bytes === 0) createEmpty(path)
  else linkArtifact(artifactPath(store, digest), path)
}

function linkArtifact(artifact: string, path: string): void {
  rmSync(path, { force: true })
  try {
    linkSync(artifact, path)
  } catch {
    copyFileSync(artifact, path)
  }
}

/** Never by emptying what is there: that may be a link to an artifact. */
function createEmpty(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    rmSync(path)
    closeSync(openSync(path, 'wx', 0o600))
  }
}

function replace(path: string, text: string): void {
  const draft = draftBeside(path)
  writeFileSync(draft, text)
  renameSync(draft, path)
}

function draftBeside(path: string): string {
  return draftOf(join(dirname(path), '.draft'))
}

const RECORD_NAME =
  /^(\d{8}T\d{6}Z(-[0-9a-z]{26}(-\d+)?)?\.(json|stdout\.log|stderr\.log)|last\.json|\.draft\.\d+-[0-9a-z]+\.tmp)$/

/** Only what has the names of records goes; whatever else lies there is not ours. */
function clearRecords(runs: string): void {
  for (const job of namesIn(runs)) {
    for (const name of namesIn(join(runs, job))) {
      if (RECORD_NAME.test(name)) {
        rmSync(join(runs, job, name), { force: true })
      }
    }
  }
}

const TRANSCRIPT_NAME = /^(transcript\.(json|md)|[a-z0-9_-]+\.log|\.draft\.\d+-[0-9a-z]+\.tmp)$/

function clearTranscripts(transcripts: string): void {
  for (const name of namesIn(transcripts)) {
    for (const run of namesIn(join(transcripts, name))) {
      const folder = join(transcripts, name, run)
      for (const part of [folder, join(folder, 'agents')])
        for (const file of namesIn(part)) if (TRANSCRIPT_NAME.test(file)) rmSync(join(part, file), { force: true })
    }
  }
}

/** The record of a task, or a draft of one. */
const RECORD_OF_TASK = /^(\w[\w.-]*\.json|\.draft\.\d+-[0-9a-z]+\.tmp)$/

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function guarded(path: string, work: () => void): Result<void, Failure> {
  try {
    return ok(work())
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: error instanceof Error ? error.message : String(error) })
  }
}
