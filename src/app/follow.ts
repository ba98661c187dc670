import { ok, type Result } from '#base/result.ts'
import type { CommandReport, Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { recordedExit, reportOf } from '#domain/run/job-record.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Log } from './log-port.ts'
import type { RecordsPort } from './records-port.ts'
import type { StoreReader } from './store-port.ts'

/** The end of a job, as its step recorded it. */
export interface JobEnd {
  readonly job: string
  readonly number: number
  readonly report: CommandReport
  readonly exit: number
  readonly failure?: Failure
}

/** The end of a job that this event records, if it does. */
export function jobEndOf(event: RunEvent): JobEnd | undefined {
  if (event.type !== 'step.succeeded' && event.type !== 'step.failed') return undefined
  if (event.body.activity !== 'command') return undefined
  const { name: job, number } = event.body
  if (event.type === 'step.succeeded') {
    // The command's activity answers with a report, and only with that.
    const report = event.body.output as CommandReport
    return { job, number, report, exit: recordedExit(report) }
  }
  const { failure } = event.body
  const report = reportOf(failure)
  return report === undefined ? undefined : { job, number, report, exit: recordedExit(report, failure), failure }
}

export interface FollowParts {
  readonly reader: StoreReader
  readonly records: RecordsPort
  readonly log: Log
  readonly report: (event: RunEvent, isNews: boolean) => void
}

/** Reads a run's events as they come, and does what follows from them: records for people, lines in the log file. */
export class Follower {
  readonly #parts: FollowParts
  readonly #runId: RunId
  #lastRunSeq = 0
  /** Of events up to here, an earlier process told, and may have written the records. */
  #knownUntil = 0
  #reading: Promise<Result<void, Failure>> | undefined

  constructor(parts: FollowParts, runId: RunId) {
    this.#parts = parts
    this.#runId = runId
  }

  /** Takes in what is there before this process adds to it. */
  async catchUp(): Promise<Result<void, Failure>> {
    this.#knownUntil = Number.MAX_SAFE_INTEGER
    const pumped = await this.pump()
    this.#knownUntil = this.#lastRunSeq
    return pumped
  }

  /** Takes in what is new. */
  async pump(): Promise<Result<void, Failure>> {
    while (this.#reading !== undefined) await this.#reading
    this.#reading = this.#read()
    const read = await this.#reading
    this.#reading = undefined
    return read
  }

  async #read(): Promise<Result<void, Failure>> {
    const page = await this.#parts.reader.runEvents(this.#runId, this.#lastRunSeq)
    if (!page.ok) return page
    for (const event of page.value.events) {
      this.#lastRunSeq = event.runSeq
      const recorded = await this.#record(event)
      if (!recorded.ok) return recorded
      this.#parts.report(event, event.runSeq > this.#knownUntil)
    }
    return ok()
  }

  async #record(event: RunEvent): Promise<Result<void, Failure>> {
    if (event.runSeq > this.#knownUntil) logEvent(this.#parts.log, event)
    const end = jobEndOf(event)
    if (end === undefined) return ok()
    const last = await this.#parts.reader.lastJobs([end.job])
    if (!last.ok) return last
    const known = last.value.get(end.job)
    const isLast = known === undefined || (known.runId === event.runId && known.number === end.number)
    const isNew = event.runSeq > this.#knownUntil
    return await this.#parts.records.write({
      job: end.job,
      runId: event.runId,
      report: end.report,
      exit: end.exit,
      isNew,
      isLast,
    })
  }
}

/** What the log file says of an event, with the ancestor's words where it had some. */
function logEvent(log: Log, event: RunEvent): void {
  const { at, runId: run } = event
  switch (event.type) {
    case 'step.started': {
      const { argv } = event.body.input as { readonly argv: readonly string[] }
      log.write({
        level: 'info',
        message: 'job starting',
        at,
        fields: { run, job: event.body.name, command: argv.join(' ') },
      })
      return
    }
    case 'step.failed': {
      const { name: job, failure } = event.body
      if (failure.code === 'timed_out') {
        const timeout_seconds = failure.timeout_ms / 1000
        log.write({ level: 'error', message: 'job timed out', at, fields: { run, job, timeout_seconds } })
      } else log.write({ level: 'error', message: 'job failed', at, fields: { run, job, error: failure.code } })
      return
    }
    case 'run.succeeded':
    case 'run.failed':
    case 'run.cancelled':
    case 'run.timed_out':
    case 'run.paused':
    case 'run.waiting':
    case 'run.resumed':
      log.write({ level: 'info', message: event.type, at, fields: { run } })
      return
    default:
  }
}
