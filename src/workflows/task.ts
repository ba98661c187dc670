import { err, type Result } from '#base/result.ts'
import { unreachable } from '#base/unreachable.ts'
import type { Failure } from '#domain/failure.ts'
import type {
  BranchReport,
  BuildReport,
  DocReport,
  IssueReport,
  ReviewReport,
  TaskAction,
  TaskReport,
} from '#domain/run/task-report.ts'
import { type WorkflowContext, workflow } from '#engine/workflow.ts'
import {
  buildTask,
  createBranch,
  createIssue,
  createPlan,
  documentTask,
  type PlannedTask,
  reviewTasks,
} from './task-steps.ts'

export type TaskRunInput = { readonly planned: PlannedTask; readonly action: TaskAction }

export type TaskRunOutput = TaskReport | BuildReport | ReviewReport | DocReport | IssueReport | BranchReport

/** Does one thing with one task. */
export const task = workflow<TaskRunInput, TaskRunOutput>('task', 1, async (ctx, input) => {
  return await perform(ctx, input, taskStep(input))
})

/** What people call the step that does it, and so the run. */
export function taskStep({ planned, action }: TaskRunInput): string {
  return `${STEPS[action]}:${planned.name}`
}

const STEPS: Readonly<Record<TaskAction, string>> = {
  'plan.create': 'plan',
  'build.run': 'build',
  'review.run': 'review',
  'doc.generate': 'doc',
  'git.issue.create': 'issue',
  'git.branch.create': 'branch',
}

async function perform(
  ctx: WorkflowContext,
  { planned, action }: TaskRunInput,
  step: string,
): Promise<Result<TaskRunOutput, Failure>> {
  switch (action) {
    case 'plan.create':
      return await createPlan(ctx, planned, step)
    case 'build.run':
      return await buildTask(ctx, planned, step)
    case 'review.run':
      return verdict(await reviewTasks(ctx, { tasks: [planned], outputs: [], builds: true }, step))
    case 'doc.generate':
      return await documentTask(ctx, planned, step)
    case 'git.issue.create':
      return await createIssue(ctx, planned, step)
    case 'git.branch.create':
      return await createBranch(ctx, planned, step)
    default:
      return unreachable(action)
  }
}

/** A review that did not pass is no success of the run that was to review. */
function verdict(reviewed: Result<ReviewReport, Failure>): Result<ReviewReport, Failure> {
  if (!reviewed.ok || reviewed.value.status === 'passed') return reviewed
  const { status, report, findings } = reviewed.value
  return err({ code: 'review_not_passed', verdict: status, summary: report, findings: [...findings] })
}
