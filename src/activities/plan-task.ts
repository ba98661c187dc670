import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { TaskAction, TaskReport } from '#domain/run/task-report.ts'
import type { Activity } from '#engine/activities.ts'
import type { TaskInput } from '#workflows/task-activities.ts'
import type { TaskHistory } from './task-history-port.ts'

/** Takes a task up. What a build has made of it stays: a finished task is not to be done again by being planned. */
export function planActivity(history: TaskHistory): Activity {
  return { run: async (input) => await taskReport(history, input as TaskInput, ['plan.create', 'created']) }
}

/** What was done with a task that this changes nothing about: it stays where its latest build has left it. */
export async function taskReport(
  history: TaskHistory,
  { task, about, status }: TaskInput,
  [action, message]: readonly [TaskAction, string],
): Promise<Result<TaskReport, Failure>> {
  const built = await history.lastBuild(task)
  return built.ok ? ok({ task, action, status: built.value ?? status, about, message }) : built
}
