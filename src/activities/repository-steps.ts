import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { BranchReport, IssueReport } from '#domain/run/task-report.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { TaskInput } from '#workflows/task-activities.ts'
import { taskReport } from './plan-task.ts'
import type { RepositoryTools } from './repository-tools-port.ts'
import type { TaskHistory } from './task-history-port.ts'

export interface RepositoryParts {
  readonly tools: () => Promise<RepositoryTools>
  readonly history: TaskHistory
}

/** What an issue says of a task of which nothing is said. */
const NO_DESCRIPTION = '(no description provided)'

/** Opens an issue for a task, and says where it is. */
export function issueActivity(parts: RepositoryParts): Activity {
  return { run: async (input, attempt) => await openIssue(parts, input as TaskInput, attempt) }
}

async function openIssue(
  { tools, history }: RepositoryParts,
  input: TaskInput,
  { signal }: ActivityAttempt,
): Promise<Result<IssueReport, Failure>> {
  const { task, about, directory } = input
  const description = about.description ?? ''
  const body = description.trim() === '' ? NO_DESCRIPTION : description
  const report = await taskReport(history, input, ['git.issue.create', ''])
  if (!report.ok) return report
  const said = await (await tools()).createIssue({ directory, title: `Task: ${task}`, body }, signal)
  if (!said.ok) return said
  const url = said.value.match(/https?:\/\/\S+/g)?.at(-1) ?? null
  return ok({ ...report.value, message: said.value, url })
}

/** Makes a branch for a task and changes to it. */
export function branchActivity(parts: RepositoryParts): Activity {
  type Input = TaskInput & { readonly branch: string }
  return { run: async (input, attempt) => await makeBranch(parts, input as Input, attempt) }
}

async function makeBranch(
  { tools, history }: RepositoryParts,
  input: TaskInput & { readonly branch: string },
  { signal }: ActivityAttempt,
): Promise<Result<BranchReport, Failure>> {
  const { branch, directory } = input
  const report = await taskReport(history, input, ['git.branch.create', ''])
  if (!report.ok) return report
  const said = await (await tools()).createBranch({ directory, branch }, signal)
  return said.ok ? ok({ ...report.value, message: said.value, branch, directory }) : said
}
