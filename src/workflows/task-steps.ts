import { err, ok, type Result } from '#base/result.ts'
import { branchName } from '#domain/definition/branch-name.ts'
import type { Task } from '#domain/definition/task.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { reportOf } from '#domain/run/job-record.ts'
import {
  aboutTask,
  type BranchReport,
  type BuildReport,
  type DocReport,
  type IssueReport,
  type ReviewReport,
  type TaskReport,
} from '#domain/run/task-report.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import {
  branch,
  build,
  type CheckEnd,
  check,
  document,
  issue,
  plan,
  review,
  type TaskInput,
} from './task-activities.ts'

/** How long git and gh may take. */
const TOOL_TIMEOUT_MS = 120_000

/** A task of a run, under its name, as it was configured when the run began. */
export type PlannedTask = { readonly name: string; readonly task: Task }

/** What is reviewed. */
export interface Reviewed {
  readonly tasks: readonly PlannedTask[]
  /** Absolute paths that builds say they made. */
  readonly outputs: readonly string[]
  /** Whether a task whose latest build did not succeed fails the review; otherwise others may have done its work. */
  readonly builds?: boolean
  /** Tasks whose commands were run just before, with success: a check that is the same command is not run again. */
  readonly built?: readonly Built[]
}

interface Built {
  readonly name: string
  readonly stdout: string
  readonly stderr: string
}

type Reported<Report> = Promise<Result<Report, Failure>>

/** Takes a task up. One that was built already stays where it stands. */
export async function createPlan(ctx: WorkflowContext, planned: PlannedTask, step: string): Reported<TaskReport> {
  return await ctx.run(plan, taskInput(planned), { name: step, idempotent: true })
}

/** Runs a task's command; it succeeded if it says so and has made all that is expected of it. */
export async function buildTask(ctx: WorkflowContext, planned: PlannedTask, step: string): Reported<BuildReport> {
  const { command, outputs = [] } = planned.task
  const input = { ...taskInput(planned), argv: argvOf(command), outputs }
  return await ctx.run(build, input, { name: step, ...timeLimit(planned.task) })
}

/**
 * Runs the checks of these tasks one after the other, and gives a verdict by them and by what lies on disk: the outputs
 * that builds report, and those that the tasks expect. Nothing to look at is no success.
 */
export async function reviewTasks(
  ctx: WorkflowContext,
  { tasks, outputs, builds = false, built = [] }: Reviewed,
  step: string,
): Reported<ReviewReport> {
  const checks: CheckEnd[] = []
  for (const planned of tasks) {
    const { checks: declared = [], working_dir: directory, command } = planned.task
    const ran = built.findLast(({ name }) => name === planned.name)
    for (const [index, words] of declared.entries()) {
      const argv = argvOf(words)
      if (ran !== undefined && isSame(words, command)) {
        const { stdout, stderr } = ran
        checks.push({ task: planned.name, argv, passed: true, ended: 'exit', exit: 0, stdout, stderr })
        continue
      }
      const name = `${step.endsWith(`:${planned.name}`) ? step : `${step}:${planned.name}`}:${index + 1}`
      const options = { name, idempotent: true, ...timeLimit(planned.task) }
      const ended = checkEnd(planned.name, argv, await ctx.run(check, { argv, directory, env: {} }, options))
      if (!ended.ok) return ended
      checks.push(ended.value)
    }
  }
  const input = { tasks: tasks.map(taskInput), outputs, checks, builds }
  return await ctx.run(review, input, { name: step, idempotent: true })
}

function isSame(words: readonly string[], others: readonly string[]): boolean {
  return words.length === others.length && words.every((word, index) => word === others[index])
}

/** Writes what is known of a task into its repository. */
export async function documentTask(ctx: WorkflowContext, planned: PlannedTask, step: string): Reported<DocReport> {
  return await ctx.run(
    document,
    { ...taskInput(planned), argv: planned.task.command },
    { name: step, idempotent: true },
  )
}

/** Opens an issue for a task. */
export async function createIssue(ctx: WorkflowContext, planned: PlannedTask, step: string): Reported<IssueReport> {
  return await ctx.run(issue, taskInput(planned), { name: step, timeoutMs: TOOL_TIMEOUT_MS })
}

/** Makes a branch for a task and changes to it. */
export async function createBranch(ctx: WorkflowContext, planned: PlannedTask, step: string): Reported<BranchReport> {
  const input = { ...taskInput(planned), branch: branchName(planned.name, planned.task.repo) }
  return await ctx.run(branch, input, { name: step, timeoutMs: TOOL_TIMEOUT_MS })
}

function taskInput({ name, task }: PlannedTask): TaskInput {
  return { task: name, about: aboutTask(task), status: task.status ?? 'planned', directory: task.working_dir }
}

/** The schema has let only lists with a program through. */
function argvOf([program = '', ...rest]: readonly string[]): readonly [string, ...string[]] {
  return [program, ...rest]
}

function timeLimit({ timeout_seconds = 0 }: Task): { readonly timeoutMs?: number } {
  return timeout_seconds > 0 ? { timeoutMs: timeout_seconds * 1000 } : {}
}

/** A check that ran and did not succeed speaks of the work; one that could not run says nothing of it. */
function checkEnd(
  task: string,
  argv: readonly string[],
  result: Result<CommandReport, Failure>,
): Result<CheckEnd, Failure> {
  if (result.ok) return ok({ task, argv, passed: true, ended: 'exit', ...outputOf(result.value) })
  const failure = result.error
  const report = reportOf(failure)
  const ended = ENDED[failure.code]
  if (ended === undefined || report === undefined) return err(failure)
  return ok({ task, argv, passed: false, ended, ...outputOf(report) })
}

const ENDED: { readonly [Code in Failure['code']]?: CheckEnd['ended'] } = {
  command_failed: 'exit',
  command_killed: 'signal',
  timed_out: 'timeout',
}

function outputOf({ exit, stdout, stderr }: CommandReport): Pick<CheckEnd, 'exit' | 'stdout' | 'stderr'> {
  return { exit, stdout: stdout.digest, stderr: stderr.digest }
}
