import { err, ok } from '#base/result.ts'
import type { Chosen } from '#domain/agents/choose-tasks.ts'
import { createPlan } from '../task-steps.ts'
import { stepName, type Turn, type TurnEnd } from './turn.ts'

/** The deterministic planner: writes down what was chosen when the run was asked for, and takes its tasks up. */
export async function plan(turn: Turn): Promise<TurnEnd> {
  const { choice, known, context } = turn
  const goal = context.text('goal')
  if (choice.length === 0) return err({ code: 'nothing_planned', ...(goal !== undefined && { goal }), known: [] })
  for (const { name } of choice) {
    const task = known.tasks.get(name)
    const created = task === undefined ? ok() : await createPlan(turn.ctx, task, stepName(turn, name))
    if (!created.ok) return created
  }
  const names = choice.map(({ name }) => name)
  const writes = { ...(goal !== undefined && { 'plan.goal': goal }), 'plan.tasks': names, 'plan.items': choice }
  return ok({ writes, message: `planned ${choice.map(chosenText).join(', ')}` })
}

function chosenText({ name, words, needed_by }: Chosen): string {
  if (words.length > 0) return `${name} (${words.join(', ')})`
  return needed_by === '' ? name : `${name} (for ${needed_by})`
}
