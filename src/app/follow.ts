import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { commandEndOf, type JobEnd, jobEndOf } from './command-ends.ts'
import type { Log } from './log-port.ts'
import { runLog } from './log-run.ts'
import type { OrchestrationRecorder } from './orchestration-records.ts'
import type { RecordsPort } from './records-port.ts'
import type { LastJob, StoreReader } from './store-port.ts'
import type { TaskRecords } from './task-records.ts'

export interface FollowParts {
  readonly reader: StoreReader
  readonly records: RecordsPort
  readonly log: Log
  /** This process, as the log names it. */
  readonly owner: string
  readonly isAlive: (owner: string) => boolean
  readonly report: (event: RunEvent, isNews: boolean) => void
}

/** Activities that do something with tasks. */
const TASKS: ReadonlySet<string> = new Set(['plan', 'build', 'review', 'document', 'issue', 'branch'])

/** The last event of a run. */
const ENDS: ReadonlySet<string> = new Set(['run.succeeded', 'run.failed', 'run.cancelled', 'run.timed_out'])

/** What is done in a step of an orchestration. */
const STEPS: ReadonlySet<string> = new Set(['step.started', 'step.succeeded', 'step.failed'])

/** Events that the record of an orchestration is made of. */
const ORCHESTRATION: ReadonlySet<string> = new Set([
  ...ENDS,
  'run.queued',
  'node.started',
  'node.ended',
  'conductor.obeyed',
])

type LastJobs = ReadonlyMap<string, LastJob>

interface Writing {
  readonly end: JobEnd
  readonly isNew: boolean
  readonly lasts: LastJobs
}

/** Reads a run's events as they come, and does what follows from them: records for people, lines in the log file. */
export class Follower {
  readonly #parts: FollowParts
  readonly #runId: RunId
  readonly #log: ReturnType<typeof runLog>
  #lastRunSeq = 0
  /** Events up to here were told by an earlier process. */
  #knownUntil = 0
  /** Who executes the run, or did so last. */
  #owner = ''
  /** Ends of jobs whose records another process should have written. */
  readonly #foreign: { readonly end: JobEnd; readonly owner: string }[] = []
  /** Of an orchestration. */
  #orchestration: OrchestrationRecorder | undefined
  /** Who should have written the record of an orchestration that has ended. */
  #foreignOwner: string | undefined
  /** Of tasks, loaded once a run does something with one. */
  #tasks: TaskRecords | undefined
  #reading: Promise<Result<void, Failure>> | undefined
  #recordFailure: Failure | undefined

  constructor(parts: FollowParts, runId: RunId) {
    this.#parts = parts
    this.#runId = runId
    this.#log = runLog(parts.log)
  }

  /** Takes in what is there before this process adds to it. */
  async catchUp(): Promise<Result<void, Failure>> {
    this.#knownUntil = Number.MAX_SAFE_INTEGER
    const pumped = await this.pump()
    this.#knownUntil = this.#lastRunSeq
    if (!pumped.ok) return pumped
    const madeUp = await this.#makeUp()
    if (!madeUp.ok) this.#missRecord(madeUp.error)
    return ok()
  }

  /** Why a record could not be written, if so. */
  get recordFailure(): Failure | undefined {
    return this.#recordFailure
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
    const lasts = await this.#lastEnds(page.value.events)
    if (!lasts.ok) return lasts
    for (const event of page.value.events) {
      this.#lastRunSeq = event.runSeq
      const recorded = await this.#record(event, lasts.value)
      // Records are exports: that one cannot be written is said, and stops nothing.
      if (!recorded.ok) this.#missRecord(recorded.error)
      this.#parts.report(event, event.runSeq > this.#knownUntil)
    }
    return ok()
  }

  /** What follows from an event is the business of whoever executed the run when it happened. */
  async #record(event: RunEvent, lasts: LastJobs): Promise<Result<void, Failure>> {
    const isBegin = event.type === 'run.started' || event.type === 'run.resumed'
    if (isBegin) this.#owner = event.body.owner
    this.#log(event, this.#isOurs(), commandEndOf(event))
    if (isBegin && this.#isOurs()) return await this.#makeUp()
    if (STEPS.has(event.type)) this.#orchestration?.add(event)
    const end = jobEndOf(event)
    if (ORCHESTRATION.has(event.type)) return await this.#recordOrchestration(event)
    if (end === undefined) return await this.#recordTask(event)
    if (this.#isOurs()) return await this.#write({ end, isNew: true, lasts })
    this.#foreign.push({ end, owner: this.#owner })
    return ok()
  }

  async #recordOrchestration(event: RunEvent): Promise<Result<void, Failure>> {
    if (event.type === 'run.queued') {
      if (event.body.workflow !== 'orchestration') return ok()
      const { OrchestrationRecorder } = await import('./orchestration-records.ts')
      this.#orchestration = OrchestrationRecorder.begin(event)
      return ok()
    }
    this.#orchestration?.add(event)
    if (!ENDS.has(event.type)) return ok()
    if (this.#isOurs()) return await this.#writeOrchestration(true)
    this.#foreignOwner = this.#owner
    return ok()
  }

  async #writeOrchestration(isNew: boolean): Promise<Result<void, Failure>> {
    const written = await this.#orchestration?.write(this.#parts.records, isNew)
    return written === undefined || written.ok ? ok() : written
  }

  async #recordTask(event: RunEvent): Promise<Result<void, Failure>> {
    if (event.type === 'step.started' && TASKS.has(event.body.activity) && this.#tasks === undefined) {
      const { TaskRecords } = await import('./task-records.ts')
      this.#tasks = new TaskRecords(this.#parts)
    }
    return (await this.#tasks?.take(event, this.#owner)) ?? ok()
  }

  #missRecord(failure: Failure): void {
    this.#recordFailure ??= failure
    const place = failure.code === 'file_unwritable' ? { path: failure.path, reason: failure.reason } : {}
    const fields = { run: this.#runId, error: failure.code, ...place }
    this.#parts.log.write({ level: 'warn', message: 'record not written', fields })
  }

  #isOurs(): boolean {
    return this.#owner === this.#parts.owner
  }

  /** Whoever lives writes the records of its own jobs; who died may have left some out. */
  async #makeUp(): Promise<Result<void, Failure>> {
    for (const { end, owner } of this.#foreign.splice(0)) {
      if (this.#parts.isAlive(owner)) continue
      const lasts = await this.#parts.reader.lastJobs([end.job])
      if (!lasts.ok) return lasts
      const written = await this.#write({ end, isNew: false, lasts: lasts.value })
      if (!written.ok) return written
    }
    if (this.#foreignOwner !== undefined && !this.#parts.isAlive(this.#foreignOwner)) {
      const written = await this.#writeOrchestration(false)
      if (!written.ok) return written
    }
    return (await this.#tasks?.makeUp()) ?? ok()
  }

  /** How the jobs that end here ended last, asked for all of them at once. */
  async #lastEnds(events: readonly RunEvent[]): Promise<Result<LastJobs, Failure>> {
    const jobs = events.map((event) => jobEndOf(event)?.job).filter((job) => job !== undefined)
    return jobs.length === 0 ? ok(new Map()) : await this.#parts.reader.lastJobs(jobs)
  }

  async #write({ end, isNew, lasts }: Writing): Promise<Result<void, Failure>> {
    const { job, number, report, exit } = end
    // A record is of something that ran.
    if (report.up_to_date !== undefined) return ok()
    const last = lasts.get(job)
    const isLast = last === undefined || (last.runId === this.#runId && last.number === number)
    return await this.#parts.records.write({ job, runId: this.#runId, report, exit, isNew, isLast })
  }
}
