import type { DatabaseSync } from 'node:sqlite'
import type { TaskState } from '#app/store-port.ts'
import type { RunId } from '#domain/run/run.ts'
import type { TaskAbout, TaskAction, TaskStatus } from '#domain/run/task-report.ts'

/** Where these tasks stand, out of what was done with them. */
export function taskStates(database: DatabaseSync, names: readonly string[]): ReadonlyMap<string, TaskState> {
  const last = database.prepare('SELECT * FROM task_actions WHERE task = ? ORDER BY seq DESC LIMIT 1')
  const built = database.prepare(
    `SELECT status FROM task_actions WHERE task = ? AND action = 'build.run' ORDER BY seq DESC LIMIT 1`,
  )
  const found = new Map<string, TaskState>()
  for (const task of names) {
    const row = last.get(task)
    if (row === undefined) continue
    const status = built.get(task)?.['status'] ?? row['status']
    found.set(task, {
      task,
      // Only what these types say is written into these columns.
      status: String(status) as TaskStatus,
      action: String(row['action']) as TaskAction,
      lastRun: Number(row['at']),
      runId: String(row['run_id']) as RunId,
      about: row['about'] === null ? null : (JSON.parse(String(row['about'])) as TaskAbout),
    })
  }
  return found
}
