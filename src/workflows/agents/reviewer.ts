import { err, ok } from '#base/result.ts'
import { reviewTasks } from '../task-steps.ts'
import { planned, type Turn, type TurnEnd } from './turn.ts'

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
  const reviewed = await reviewTasks(turn.ctx, { tasks, outputs }, turn.node.id)
  if (!reviewed.ok) return reviewed
  const { status, report, findings } = reviewed.value
  if (status !== 'passed') return err({ code: 'review_failed', verdict: report, findings: [...findings] })
  return ok({ writes: { 'review.status': status, 'review.report': report }, message: report })
}
