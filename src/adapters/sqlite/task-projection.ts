import { canonicalJson } from '#base/json.ts'
import type { ErasedTaskAction } from '#domain/run/erasure.ts'
import type { EventOf } from '#domain/run/event.ts'
import type { ReviewReport, TaskAbout, TaskReport } from '#domain/run/task-report.ts'
import type { Run } from './fold.ts'

/** Activities that answer with a report on one task. */
const REPORTING: ReadonlySet<string> = new Set(['plan', 'document', 'issue', 'branch'])

/** A build begins: what becomes of the task is open until it has ended. */
export function taskStarted(run: Run, { runId, seq, at, body }: EventOf<'step.started'>): void {
  if (body.activity !== 'build') return
  run.open.add(runId)
  // The build's activity is given a task, and only that.
  const { task, about } = body.input as { readonly task: string; readonly about: TaskAbout }
  setTaskAction(run, runId, { task, seq, number: body.number, action: 'build.run', status: 'in_progress', at, about })
}

export function taskSucceeded(run: Run, { runId, seq, at, body }: EventOf<'step.succeeded'>): void {
  if (body.activity === 'build') endBuild(run, runId, { number: body.number, status: 'done', at })
  // What these activities answer with is what their contracts say.
  else if (REPORTING.has(body.activity)) {
    setTaskAction(run, runId, { ...(body.output as TaskReport), seq, number: body.number, at })
  } else if (body.activity === 'review') {
    const { tasks } = body.output as ReviewReport
    for (const task of tasks) setTaskAction(run, runId, { ...task, seq, number: body.number, at })
  }
}

/** Whatever else failed with a task has left it as it was. */
export function taskFailed(run: Run, { runId, at, body }: EventOf<'step.failed'>): void {
  if (body.activity === 'build') endBuild(run, runId, { number: body.number, status: 'failed', at })
}

/** A build of a run that is over has ended, too, whoever ended the run. */
export function endBuilds(run: Run, { runId, at }: { readonly runId: string; readonly at: number }): void {
  run(
    `UPDATE task_actions SET status = 'failed', at = ?
     WHERE run_id = ? AND action = 'build.run' AND status = 'in_progress'`,
    at,
    runId,
  )
}

export function setTaskAction(
  run: Run,
  runId: string,
  { task, seq, number, action, status, at, about }: ErasedTaskAction & { readonly about: TaskAbout | null },
): void {
  run(
    `INSERT OR REPLACE INTO task_actions (task, seq, run_id, number, action, status, at, about)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    task,
    seq,
    runId,
    number,
    action,
    status,
    at,
    // As a later reader of the log meets it: its keys in the order of canonical JSON.
    about === null ? null : canonicalJson(about),
  )
}

interface BuildEnd {
  readonly number: number
  readonly status: 'done' | 'failed'
  readonly at: number
}

function endBuild(run: Run, runId: string, { number, status, at }: BuildEnd): void {
  run(
    `UPDATE task_actions SET status = ?, at = ? WHERE run_id = ? AND number = ? AND action = 'build.run'`,
    status,
    at,
    runId,
    number,
  )
}
