import type { EndStatus } from './run.ts'
import type { TaskAction, TaskStatus } from './task-report.ts'

/** Why a run was erased: somebody named it, or a rule of retention took it. */
export type ErasureReason =
  | { readonly kind: 'named' }
  | { readonly kind: 'older_than'; readonly older_than_ms: number }
  | { readonly kind: 'keep'; readonly keep: number }
  | { readonly kind: 'max_bytes'; readonly max_bytes: number }

/** What is left to say of an erased run: all that the folds need of it, and nothing that its jobs said. */
export interface ErasureSummary {
  readonly workflow: string
  readonly name: string
  readonly status: EndStatus
  readonly queued_at: number
  readonly started_at: number | null
  readonly ended_at: number
  /** The names of its jobs, by which it is found. */
  readonly jobs: readonly string[]
  readonly ends: readonly ErasedJobEnd[]
  /** Absent where nothing was done with tasks. */
  readonly tasks?: readonly ErasedTaskAction[]
}

/** What the run did with a task; `seq` is the event that told of it first. */
export interface ErasedTaskAction {
  readonly task: string
  readonly number: number
  readonly seq: number
  readonly action: TaskAction
  readonly status: TaskStatus
  readonly at: number
}

/** How a job of the run ended; `seq` is the event that said so. Times in milliseconds since the epoch. */
export interface ErasedJobEnd {
  readonly job: string
  readonly number: number
  readonly seq: number
  readonly exit: number
  readonly started_at: number
  readonly ended_at: number
}
