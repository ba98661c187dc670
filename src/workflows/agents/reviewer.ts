import { err, ok } from '#base/result.ts'
import { reviewTasks } from '../task-steps.ts'
import { type BuiltItem, planned, type Turn, type TurnEnd } from './turn.ts'

/**
 * The deterministic reviewer: looks for what the tasks should have made, and runs their declared checks. Of a job its
 * exit code is all that there is to look at, and the builder has failed where that was none of its own.
 */
export async function review(turn: Turn): Promise<TurnEnd> {
  const { tasks, jobs } = planned(turn)
  const ran = jobs.map(({ name }) => name).join(', ')
  if (tasks.length === 0) {
    if (jobs.length === 0) return err({ code: 'nothing_planned', known: [] })
    const report = `ended with success: ${ran}`
    return ok({ writes: { 'review.status': 'passed', 'review.report': report }, message: report })
  }
  const outputs = turn.context.texts('build.outputs')
  const built = builtItems(turn)
  const reviewed = await reviewTasks(turn.ctx, { tasks, outputs, built }, turn.node.id)
  if (!reviewed.ok) return reviewed
  const { status, report, findings } = reviewed.value
  const writes = { 'review.report': report }
  if (status === 'passed') return ok({ writes: { 'review.status': 'passed', ...writes }, message: report })
  return ok({
    writes: { 'review.status': 'rejected', ...writes, 'review.findings': findings },
    message: report,
    verdict: { status: 'rejected', reasons: [report], findings },
  })
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
