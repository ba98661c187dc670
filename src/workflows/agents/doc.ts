import { ok } from '#base/result.ts'
import type { Task } from '#domain/definition/task.ts'
import { documentTask } from '../task-steps.ts'
import { planned, stepName, type Turn, type TurnEnd } from './turn.ts'

/** The deterministic author of documents: describes each task of the plan in its repository. */
export async function document(turn: Turn): Promise<TurnEnd> {
  const all = planned(turn).tasks
  if (all.length === 0) return ok({ writes: {}, message: 'jobs have no documents', idle: true })
  const tasks = all.filter(({ task }) => !onlyChecks(task))
  if (tasks.length === 0) return ok({ writes: {}, message: 'checks alone leave nothing to describe', idle: true })
  const paths: string[] = []
  for (const task of tasks) {
    const documented = await documentTask(turn.ctx, task, stepName(turn, task.name))
    if (!documented.ok) return documented
    paths.push(...documented.value.paths)
  }
  return ok({ writes: { 'doc.paths': paths }, message: `documented ${tasks.map(({ name }) => name).join(', ')}` })
}

/** A task that looks at the repository and makes nothing in it. */
function onlyChecks({ outputs = [], documents = [], checks = [] }: Task): boolean {
  return checks.length > 0 && outputs.length + documents.length === 0
}
