import type { CommandReport } from '#domain/run/command-report.ts'
import type {
  BranchReport,
  BuildReport,
  DocReport,
  IssueReport,
  ReviewReport,
  TaskAbout,
  TaskReport,
  TaskStatus,
} from '#domain/run/task-report.ts'
import { activity } from '#engine/workflow.ts'
import type { CommandInput } from './command.ts'

/** A task, for what is done with it. */
export type TaskInput = {
  readonly task: string
  readonly about: TaskAbout
  /** Where the task stands as long as it was never built. */
  readonly status: TaskStatus
  /** Absolute: the repository. */
  readonly directory: string
}

export type BuildInput = TaskInput & {
  readonly argv: readonly [string, ...string[]]
  /** Paths that the command must make or write anew, relative to the directory or absolute. */
  readonly outputs: readonly string[]
}

export type DocumentInput = TaskInput & { readonly argv: readonly string[] }

export type ReviewInput = {
  readonly tasks: readonly TaskInput[]
  /** Absolute paths that builds say they made. */
  readonly outputs: readonly string[]
  /** The checks that were run, and how each ended. */
  readonly checks: readonly CheckEnd[]
  /** Whether a task whose latest build did not succeed fails the review. */
  readonly builds: boolean
}

export type CheckEnd = {
  readonly task: string
  readonly argv: readonly string[]
  readonly passed: boolean
  readonly ended: 'exit' | 'signal' | 'timeout'
  readonly exit: number | null
  /** What it wrote, by digest. */
  readonly stdout: string
  readonly stderr: string
}

/** Takes a task up; where it was built already, it stays where it stands. */
export const plan = activity<TaskInput, TaskReport>('plan')
/** Runs a task's command and holds it to the outputs that are expected of it. */
export const build = activity<BuildInput, BuildReport>('build')
/** Runs one of a task's checks. */
export const check = activity<CommandInput, CommandReport>('check')
/** Weighs what there is to see of tasks, and gives a verdict. */
export const review = activity<ReviewInput, ReviewReport>('review')
/** Writes a task's page and its section of the README. */
export const document = activity<DocumentInput, DocReport>('document')
/** Opens an issue for a task. */
export const issue = activity<TaskInput, IssueReport>('issue')
/** Makes a branch for a task and changes to it. */
export const branch = activity<TaskInput & { readonly branch: string }, BranchReport>('branch')
