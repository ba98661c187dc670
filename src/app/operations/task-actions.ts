import * as z from 'zod/mini'
import type { TaskAction } from '#domain/run/task-report.ts'
import type { Operation } from '../operation.ts'
import { runTask, type TaskRun } from '../run-task.ts'

const Input = z.object({ task: z.string() })
type TaskOperation = Operation<z.infer<typeof Input>, TaskRun>

/** Takes a task up, or shows again where it stands: what was built stays. */
export const planCreate = taskOperation('plan create', 'plan.create')

/** Runs the command of a task, and holds it to the outputs that are expected of it. */
export const buildRun = taskOperation('build run', 'build.run')

/** Reviews a task by its outputs and its checks. */
export const reviewRun = taskOperation('review run', 'review.run')

/** Writes the page of a task and its section of the README into its repository. */
export const docGenerate = taskOperation('doc generate', 'doc.generate')

/** Opens an issue for a task with gh. */
export const gitIssueCreate = taskOperation('git issue create', 'git.issue.create')

/** Makes a branch for a task and changes to it. */
export const gitBranchCreate = taskOperation('git branch create', 'git.branch.create')

function taskOperation(name: string, action: TaskAction): TaskOperation {
  return {
    name,
    effect: 'write',
    callers: ['person', 'agent', 'system'],
    input: Input,
    run: async ({ task }, call) => await runTask(task, action, call),
  }
}
