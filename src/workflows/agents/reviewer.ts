import { err, ok } from '#base/result.ts'
import type { ReviewReport } from '#domain/run/task-report.ts'
import { reviewTasks } from '../task-steps.ts'
import { type BuiltItem, planned, type Turn, type TurnEnd } from './turn.ts'

/**
 * The deterministic reviewer: looks for what the tasks should have made, and runs their declared checks. Of a job its
 * exit code is all that there is to look at, and the builder has failed where that was none of its own; where nobody ran
 * it, there is nothing to look at.
 */
export async function review(turn: Turn): Promise<TurnEnd> {
  const { tasks, jobs } = planned(turn)
  if (tasks.length + jobs.length === 0) return err({ code: 'nothing_planned', known: [] })
  const unrun = jobs.filter(({ name }) => !wasRun(turn, name)).map(({ name }) => `nobody has run the job ${name}`)
  if (tasks.length === 0)
    return endOf('passed', `ended with success: ${jobs.map(({ name }) => name).join(', ')}`, unrun)
  const outputs = turn.context.texts('build.outputs')
  const reviewed = await reviewTasks(turn.ctx, { tasks, outputs, built: builtItems(turn) }, turn.node.id)
  if (!reviewed.ok) return reviewed
  const { status, report, findings } = reviewed.value
  return endOf(status, report, [...findings, ...unrun])
}

function endOf(status: ReviewReport['status'], said: string, findings: readonly string[]): TurnEnd {
  const isPassed = status === 'passed' && findings.length === 0
  const report = status === 'passed' && !isPassed ? findings.join('; ') : said
  const writes = { 'review.status': isPassed ? 'passed' : 'rejected', 'review.report': report }
  if (isPassed) return ok({ writes, message: report })
  return ok({
    writes: { ...writes, 'review.findings': findings },
    message: report,
    verdict: { status: 'rejected', reasons: [report], findings },
  })
}

/** Whether a builder ran it itself: see below. */
function wasRun({ context }: Turn, name: string): boolean {
  const items = context.get('build.items')
  return Array.isArray(items) && (items as readonly BuiltItem[]).some((item) => item.name === name)
}

/**
 * What builders ran themselves right before this turn. `build.items` is no key that a role declares, so no model writes
 * it; and where anybody else had a turn in between, what was run before that is no evidence any more.
 */
function builtItems({ node, context }: Turn): readonly BuiltItem[] {
  const stepsOf = (wanted: string) => context.entries.flatMap(({ key, step }) => (key === wanted ? [step] : []))
  const [builders, planners] = [stepsOf('build.items'), stepsOf('plan.tasks')]
  if (!node.needs.every((need) => builders.includes(need) || planners.includes(need))) return []
  return context.entries.flatMap(({ key, step, value }) => {
    const isLate = key === 'build.items' && node.needs.includes(step) && Array.isArray(value)
    return isLate ? (value as readonly BuiltItem[]) : []
  })
}
