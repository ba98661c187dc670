import { ok, type Result } from '#base/result.ts'
import type { Candidate } from '#domain/agents/choose-tasks.ts'
import type { PlanItem } from '#domain/agents/plan-answer.ts'
import type { ContextWrites } from '#domain/context/orch-context.ts'
import type { Failure } from '#domain/failure.ts'
import { createPlan } from '../task-steps.ts'
import { type Known, stepName, type Turn } from './turn.ts'

/** All that a plan may name without being new work. */
export function candidatesOf({ tasks, jobs }: Known): readonly Candidate[] {
  return [
    ...[...tasks.values()].map(({ name, task: { description, needs = [] } }): Candidate => {
      return { name, kind: 'task', description, needs }
    }),
    ...[...jobs.values()].map(({ name, job: { description, needs = [] } }): Candidate => {
      return { name, kind: 'job', description, needs }
    }),
  ]
}

/** What a plan is in the shared context: the names as a list, and all that is known of them beside it. */
export function planWrites({ context }: Turn, items: readonly PlanItem[]): ContextWrites {
  const goal = context.text('goal')
  const names = items.map(({ name }) => name)
  return { ...(goal !== undefined && { 'plan.goal': goal }), 'plan.tasks': names, 'plan.items': items }
}

/** Takes the configured tasks of a plan up. */
export async function takeUp(turn: Turn, items: readonly PlanItem[]): Promise<Result<void, Failure>> {
  for (const { name, kind } of items) {
    const task = kind === 'task' ? turn.known.tasks.get(name) : undefined
    const created = task === undefined ? ok() : await createPlan(turn.ctx, task, stepName(turn, name))
    if (!created.ok) return created
  }
  return ok()
}
