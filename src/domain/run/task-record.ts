import type { TaskAbout, TaskAction, TaskReport, TaskStatus } from './task-report.ts'

/** Where a task stands, as records name it, key by key. */
export interface TaskRecord {
  readonly name: string
  readonly description: string | null
  readonly repo: TaskAbout['repo'] | null
  readonly status: TaskStatus
  /** RFC 3339, UTC, whole seconds. */
  readonly last_run: string
  readonly outputs: readonly string[] | null
  readonly documents: readonly string[] | null
}

/** The record of one thing done with a task, key by key. */
export interface TaskRunRecord {
  readonly task_name: string
  readonly action: TaskAction
  readonly start_time: string
  readonly end_time: string
  readonly duration_ms: number
  /** Of a review its verdict, else where the task stands. */
  readonly status: TaskReport['status'] | 'passed' | 'rejected'
  readonly exit_code: number
  readonly message: string
}
