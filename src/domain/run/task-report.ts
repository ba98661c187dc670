import type { Task } from '#domain/definition/task.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { FileChange } from '#domain/run/file-change.ts'

/** Where a task stands: before its first build as configured, then as its latest build ended. */
export type TaskStatus = NonNullable<Task['status']> | 'failed'

/** What is done with a task, as records name it. */
export type TaskAction =
  | 'plan.create'
  | 'build.run'
  | 'review.run'
  | 'doc.generate'
  | 'git.issue.create'
  | 'git.branch.create'

/** What the records of a task say of its definition. */
export type TaskAbout = {
  readonly description: string | null
  readonly repo: Task['repo']
  readonly outputs: readonly string[] | null
  readonly documents: readonly string[] | null
}

/** What was done with a task, and where it stands after that. */
export type TaskReport = {
  readonly task: string
  readonly action: TaskAction
  readonly status: TaskStatus
  readonly about: TaskAbout
  /** For the record, such as `created`. */
  readonly message: string
}

/** The end of a build: what its command left behind, and the expected outputs that it made or wrote anew. */
export type BuildReport = CommandReport & {
  /** Absolute. */
  readonly outputs: readonly string[]
}

export type ReviewReport = {
  /** Passed, or without evidence failed, or rejected by a check. */
  readonly status: 'passed' | 'failed' | 'rejected'
  /** In one line. */
  readonly report: string
  /** What a builder has to know to do better; empty where it passed. */
  readonly findings: readonly string[]
  readonly tasks: readonly TaskReport[]
}

export type DocReport = TaskReport & {
  /** Absolute, the task's own page first. */
  readonly paths: readonly string[]
  /** The same as facts, each with what it held before. */
  readonly changes: readonly FileChange[]
}

export type IssueReport = TaskReport & {
  /** Null where the tool said none. */
  readonly url: string | null
}

export type BranchReport = TaskReport & {
  readonly branch: string
  readonly directory: string
}

export function aboutTask({ description, repo, outputs, documents }: Task): TaskAbout {
  return { description: description ?? null, repo, outputs: outputs ?? null, documents: documents ?? null }
}
