import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { TaskStatus } from '#domain/run/task-report.ts'

/** What the log says of earlier builds of tasks. */
export interface TaskHistory {
  /** Where the latest build of the task has left it; undefined where it was never built. */
  lastBuild(task: string): Promise<Result<TaskStatus | undefined, Failure>>
}
