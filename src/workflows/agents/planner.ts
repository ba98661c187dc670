import { err, ok, type Result } from '#base/result.ts'
import { type Candidate, type Chosen, chooseTasks } from '#domain/agents/choose-tasks.ts'
import type { Failure } from '#domain/failure.ts'
import { createPlan } from '../task-steps.ts'
import { stepName, type Turn, type TurnEnd } from './turn.ts'

/**
 * The deterministic planner: the task that was asked for, else those of the orchestration, else those that the goal
 * speaks of. A goal that speaks of nothing is a failure, since an empty plan would pass for a success.
 */
export async function plan(turn: Turn): Promise<TurnEnd> {
  const chosen = choose(turn)
  if (!chosen.ok) return chosen
  for (const { name } of chosen.value) {
    const task = turn.known.tasks.get(name)
    const created = task === undefined ? ok() : await createPlan(turn.ctx, task, stepName(turn, name))
    if (!created.ok) return created
  }
  const goal = turn.context.text('goal')
  const names = chosen.value.map(({ name }) => name)
  const writes = { ...(goal !== undefined && { 'plan.goal': goal }), 'plan.tasks': names, 'plan.items': chosen.value }
  return ok({ writes, message: `planned ${chosen.value.map(chosenText).join(', ')}` })
}

function choose({ context, asked, known }: Turn): Result<readonly Chosen[], Failure> {
  if (asked.task !== undefined) return ok([chosenTask(asked.task)])
  if (asked.tasks.length > 0) return ok(asked.tasks.map(chosenTask))
  if (known.tasks.has(asked.orchestration)) return ok([chosenTask(asked.orchestration)])
  const goal = context.text('goal')
  const chosen = goal === undefined ? [] : chooseTasks(goal, candidates(known))
  if (chosen.length > 0) return ok(chosen)
  const names = [...known.tasks.keys(), ...known.jobs.keys()]
  return err({ code: 'nothing_planned', ...(goal !== undefined && { goal }), known: names.slice(0, 50) })
}

function chosenTask(name: string): Chosen {
  return { name, kind: 'task', words: [], needed_by: '' }
}

/** A task and a job of one name are two things; the task is meant. */
function candidates({ tasks, jobs }: Turn['known']): readonly Candidate[] {
  return [
    ...[...tasks.values()].map(
      ({ name, task }): Candidate => ({
        name,
        kind: 'task',
        description: task.description,
        keywords: task.keywords,
        needs: task.needs ?? [],
      }),
    ),
    ...[...jobs.values()].flatMap(({ name, job }): readonly Candidate[] =>
      tasks.has(name)
        ? []
        : [{ name, kind: 'job', description: job.description, keywords: [job.group ?? ''], needs: job.needs ?? [] }],
    ),
  ]
}

function chosenText({ name, words, needed_by }: Chosen): string {
  if (words.length > 0) return `${name} (${words.join(', ')})`
  return needed_by === '' ? name : `${name} (for ${needed_by})`
}
