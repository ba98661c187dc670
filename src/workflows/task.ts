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
export const task = workflow<TaskRunInput, TaskRunOutput>('task', 1, async (ctx, { planned, action }) => {
  return await perform(ctx, planned, action)
})

async function perform(
  ctx: WorkflowContext,
  planned: PlannedTask,
  action: TaskAction,
): Promise<Result<TaskRunOutput, Failure>> {
  const { name } = planned
  switch (action) {
    case 'plan.create':
      return await createPlan(ctx, planned, `plan:${name}`)
    case 'build.run':
      return await buildTask(ctx, planned, `build:${name}`)
    case 'review.run':
      return verdict(await reviewTasks(ctx, { tasks: [planned], outputs: [] }, `review:${name}`))
    case 'doc.generate':
      return await documentTask(ctx, planned, `doc:${name}`)
    case 'git.issue.create':
      return await createIssue(ctx, planned, `issue:${name}`)
    case 'git.branch.create':
      return await createBranch(ctx, planned, `branch:${name}`)
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
