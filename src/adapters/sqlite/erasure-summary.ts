import type { DatabaseSync } from 'node:sqlite'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { ErasedJobEnd, ErasedTaskAction, ErasureSummary } from '#domain/run/erasure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { recordedExit, reportOf } from '#domain/run/job-record.ts'
import type { EndStatus, RunId } from '#domain/run/run.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'

/** The row of a run that is over. */
export interface EndedRun {
  readonly workflow: string
  readonly name: string
  readonly status: EndStatus
  readonly queued_at: number
  readonly started_at: number | null
  readonly ended_at: number
  readonly erased_at: number | null
}

/** What the tables have of the run, and how its jobs ended as far as that can be read. */
export function erasureSummary(database: DatabaseSync, runId: RunId, run: EndedRun): ErasureSummary {
  const { workflow, name, status, queued_at, started_at, ended_at } = run
  const named = database.prepare('SELECT job FROM run_jobs WHERE run_id = ? ORDER BY job').all(runId)
  const jobs = named.map(({ job }) => String(job)).filter((job) => job !== name)
  const tasks = tasksOf(database, runId)
  const ends = endsOf(database, runId)
  return { workflow, name, status, queued_at, started_at, ended_at, jobs, ends, ...(tasks.length > 0 && { tasks }) }
}

function tasksOf(database: DatabaseSync, runId: RunId): readonly ErasedTaskAction[] {
  const rows = database.prepare(
    'SELECT task, number, seq, action, status, at FROM task_actions WHERE run_id = ? ORDER BY seq, task',
  )
  // The columns are those of the statement; STRICT tables keep the types.
  return rows.all(runId).map((row) => ({ ...row }) as unknown as ErasedTaskAction)
}

function endsOf(database: DatabaseSync, runId: RunId): readonly ErasedJobEnd[] {
  const rows = database.prepare(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE run_id = ? AND seq > 0 AND type IN ('step.succeeded', 'step.failed')
     ORDER BY run_seq`,
  )
  return rows.all(runId).flatMap((row) => {
    const event = readEvent(row as unknown as EventRow)
    return event.ok ? endOf(event.value) : []
  })
}

function endOf(event: RunEvent): readonly ErasedJobEnd[] {
  if (event.type !== 'step.succeeded' && event.type !== 'step.failed') return []
  const { activity, name: job, number } = event.body
  const failure = event.type === 'step.failed' ? event.body.failure : undefined
  // The command's activity answers with a report, and only with that.
  const report = event.type === 'step.failed' ? reportOf(event.body.failure) : (event.body.output as CommandReport)
  // What did not run ended nothing.
  if (activity !== 'command' || report === undefined || report.up_to_date !== undefined) return []
  const { started_at, ended_at } = report
  return [{ job, number, seq: event.seq, exit: recordedExit(report, failure), started_at, ended_at }]
}
