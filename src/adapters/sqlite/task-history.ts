import type { DatabaseSync } from 'node:sqlite'
import type { TaskHistory } from '#activities/task-history-port.ts'
import { ok } from '#base/result.ts'
import type { TaskStatus } from '#domain/run/task-report.ts'
import { settle } from './transaction.ts'

/** Finds the latest build of a task in the projection. */
export function sqliteTaskHistory(database: DatabaseSync, path: string): TaskHistory {
  const find = `SELECT status FROM task_actions WHERE task = ? AND action = 'build.run' ORDER BY seq DESC LIMIT 1`
  return {
    lastBuild: async (task) =>
      await settle(path, () => {
        const row = database.prepare(find).get(task)
        // Only statuses of tasks are written into this column.
        return ok(row === undefined ? undefined : (String(row['status']) as TaskStatus))
      }),
  }
}
