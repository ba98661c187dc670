import { ok, type Result } from '#base/result.ts'
import { count } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { ReviewReport, TaskReport } from '#domain/run/task-report.ts'
import type { Activity } from '#engine/activities.ts'
import type { CheckEnd, ReviewInput } from '#workflows/task-activities.ts'
import type { ExpectedFiles, KeptOutput } from './expected-files-port.ts'
import { taskReport } from './plan-task.ts'
import type { TaskHistory } from './task-history-port.ts'

export interface ReviewParts {
  readonly files: () => Promise<ExpectedFiles>
  readonly kept: () => Promise<KeptOutput>
  readonly history: TaskHistory
}

type Verdict = Pick<ReviewReport, 'status' | 'report' | 'findings'>

/** Gives a verdict by what is there: outputs, and checks that were run. Where there is neither, nothing was reviewed. */
export function reviewActivity(parts: ReviewParts): Activity {
  return { run: async (input) => await run(parts, input as ReviewInput) }
}

async function run(parts: ReviewParts, input: ReviewInput): Promise<Result<ReviewReport, Failure>> {
  const tasks: TaskReport[] = []
  for (const one of input.tasks) {
    const report = await taskReport(parts.history, one, ['review.run', ''])
    if (!report.ok) return report
    tasks.push(report.value)
  }
  const unbuilt = input.builds ? tasks.filter(({ status }) => status === 'failed' || status === 'in_progress') : []
  const verdict = unbuilt.length > 0 ? unbuiltVerdict(unbuilt) : await judge(parts, input)
  return ok({ ...verdict, tasks: tasks.map((task) => ({ ...task, message: verdict.report })) })
}

async function judge(parts: ReviewParts, { tasks, outputs, checks }: ReviewInput): Promise<Verdict> {
  const files = await parts.files()
  const expected = tasks.flatMap(({ about, directory }) =>
    (about.outputs ?? []).map((path) => files.resolve(directory, path)),
  )
  const paths = [...new Set([...outputs, ...expected])]
  const faults = paths.flatMap((path) => files.fault(path) ?? [])
  const failed = checks.filter(({ passed }) => !passed)
  const found = [...faults.map(({ path, reason }) => `output ${path}: ${reason}`)]
  if (failed.length > 0) {
    const kept = await parts.kept()
    return { status: 'rejected', report: rejectedText(failed), findings: [...found, ...failed.map(findingOf(kept))] }
  }
  if (faults.length > 0) {
    return {
      status: 'failed',
      report: `missing outputs: ${faults.map(({ path }) => path).join(', ')}`,
      findings: found,
    }
  }
  if (paths.length + checks.length === 0) return { status: 'failed', report: NOTHING, findings: [NOTHING] }
  return { status: 'passed', report: passedText(paths.length, checks.length), findings: [] }
}

/** What lies there may be of any build, or half of this one. */
function unbuiltVerdict(tasks: readonly TaskReport[]): Verdict {
  const report = `not built: ${tasks.map(({ task, status }) => `${task} is ${status}`).join(', ')}`
  return { status: 'failed', report, findings: [report] }
}

const NOTHING = 'nothing to review: no outputs and no checks'

function passedText(outputs: number, checks: number): string {
  const parts = [
    ...(outputs > 0 ? [`${count(outputs, 'output')} there`] : []),
    ...(checks > 0 ? [`${count(checks, 'check')} passed`] : []),
  ]
  return parts.join(', ')
}

function rejectedText(failed: readonly CheckEnd[]): string {
  return `checks failed: ${failed.map(({ argv }) => argv.join(' ')).join('; ')}`
}

/** With the end of what the check said: that is what a builder can go by. */
function findingOf(kept: KeptOutput): (check: CheckEnd) => string {
  return ({ task, argv, ended, exit, stdout, stderr }) => {
    const how =
      ended === 'timeout'
        ? 'took too long'
        : ended === 'signal'
          ? 'was ended by a signal'
          : `ended with exit code ${exit}`
    const tail = [kept.tail(stdout), kept.tail(stderr)].filter((text) => text !== '').join('\n')
    return `check "${argv.join(' ')}" of task ${task} ${how}${tail === '' ? '' : `:\n${tail}`}`
  }
}
