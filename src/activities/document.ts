import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { DocReport } from '#domain/run/task-report.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { DocumentInput } from '#workflows/task-activities.ts'
import { taskReport } from './plan-task.ts'
import type { TaskHistory } from './task-history-port.ts'
import type { TaskPages } from './task-pages-port.ts'
import { taskTexts } from './task-texts.ts'

export interface DocumentParts {
  readonly pages: () => Promise<TaskPages>
  readonly history: TaskHistory
}

/** Writes a task's page and its section of the README, with where the task really stands. */
export function documentActivity(parts: DocumentParts): Activity {
  return {
    run: async (input, attempt) => await run(parts, input as DocumentInput, attempt),
    endLeftovers: async (key) => (await parts.pages()).takeBack(key),
  }
}

async function run(
  { pages, history }: DocumentParts,
  input: DocumentInput,
  { key }: ActivityAttempt,
): Promise<Result<DocReport, Failure>> {
  const report = await taskReport(history, input, ['doc.generate', 'documented'])
  if (!report.ok) return report
  const texts = taskTexts(input, report.value.status)
  const written = await (await pages()).write(input.directory, texts, key)
  return written.ok ? ok({ ...report.value, ...written.value }) : written
}
