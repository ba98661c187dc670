import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunLog } from '#domain/orket/run-logs.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { OrchestrationRecord } from '#domain/run/orchestration-record.ts'
import type { RunId } from '#domain/run/run.ts'
import type { TaskRecord, TaskRunRecord } from '#domain/run/task-record.ts'

/** JSON records and output files for people and scripts. Exports of the log: nothing reads them back. */
export interface RecordsPort {
  /** Writes the record of a job's end; `isNew` says that it cannot have been written before. */
  write(end: JobEndRecord): Promise<Result<void, Failure>>
  /** Writes where a task stands, over what was there. */
  writeTask(record: TaskRecord): Promise<Result<void, Failure>>
  /** Writes the record of something done with a task. */
  writeTaskRun(end: TaskEndRecord): Promise<Result<void, Failure>>
  /** Writes the record of an orchestration. */
  writeOrchestration(end: OrchestrationEndRecord): Promise<Result<void, Failure>>
  /** Writes the transcript of an orchestration, over one of the same run. */
  writeTranscript(transcript: TranscriptRecord): Promise<Result<void, Failure>>
  /** Removes all records, before they are written anew. */
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

export interface OrchestrationEndRecord {
  readonly runId: RunId
  /** Whether it cannot have been written before. */
  readonly isNew: boolean
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly record: OrchestrationRecord
}

export interface TranscriptRecord {
  readonly runId: RunId
  readonly orchestration: string
  readonly json: string
  /** The same for people. */
  readonly markdown: string
  /** Further files beside it, as a flow's run has them. */
  readonly logs: readonly RunLog[]
}

export interface TaskEndRecord {
  readonly runId: RunId
  /** The step of the run. */
  readonly number: number
  /** Whether it cannot have been written before. */
  readonly isNew: boolean
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly record: TaskRunRecord
}
