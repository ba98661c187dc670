import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { RunId } from '#domain/run/run.ts'

/** JSON records and output files for people and scripts. Exports of the log: nothing reads them back. */
export interface RecordsPort {
  /** Writes the record of a job's end; `isNew` says that it cannot have been written before. */
  write(end: JobEndRecord): Promise<Result<void, Failure>>
  /** Removes all records of these jobs, before they are written anew. */
  clear(): Promise<Result<void, Failure>>
}

export interface JobEndRecord {
  readonly job: string
  readonly runId: RunId
  readonly report: CommandReport
  readonly exit: number
  readonly isNew: boolean
  /** Whether no later end of the job is known, so that `last.json` is this record. */
  readonly isLast: boolean
}
