import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { TaskRecord } from '#domain/run/task-record.ts'
import type { RecordsPort } from './records-port.ts'
import type { StoreReader, TaskState } from './store-port.ts'
import type { TaskEnd } from './task-ends.ts'

interface ExportParts {
  readonly reader: StoreReader
  readonly records: RecordsPort
}

/** So often a state is written again that somebody else has changed meanwhile. */
const TRIES = 5

/** Writes the record of something done with a task, and where the task stands after that. */
export async function exportTaskEnd(parts: ExportParts, end: TaskEnd, isNew: boolean): Promise<Result<void, Failure>> {
  const state = await stateOf(parts.reader, end.task)
  if (!state.ok) return state
  const status = end.status ?? state.value?.status ?? 'planned'
  const written = await parts.records.writeTaskRun({
    runId: end.runId,
    number: end.number,
    isNew,
    startedAt: end.startedAt,
    record: {
      task_name: end.task,
      action: end.action,
      start_time: wholeSeconds(end.startedAt),
      end_time: wholeSeconds(end.endedAt),
      duration_ms: end.endedAt - end.startedAt,
      status,
      exit_code: end.exit,
      message: end.message,
    },
  })
  return written.ok ? await exportTask(parts, end.task) : written
}

/** Writes where a task stands, and once more where that has changed while it was written: the last word is the store's. */
export async function exportTask({ reader, records }: ExportParts, task: string): Promise<Result<void, Failure>> {
  let last: string | undefined
  for (let tried = 0; tried < TRIES; tried++) {
    const state = await stateOf(reader, task)
    if (!state.ok) return state
    if (state.value === undefined) return ok()
    const record = recordOf(state.value)
    const text = JSON.stringify(record)
    if (text === last) return ok()
    const written = await records.writeTask(record)
    if (!written.ok) return written
    last = text
  }
  return ok()
}

async function stateOf(reader: StoreReader, task: string): Promise<Result<TaskState | undefined, Failure>> {
  const states = await reader.taskStates([task])
  return states.ok ? ok(states.value.get(task)) : states
}

function recordOf({ task, status, lastRun, about }: TaskState): TaskRecord {
  const { description = null, repo = null, outputs = null, documents = null } = about ?? {}
  return { name: task, description, repo, status, last_run: wholeSeconds(lastRun), outputs, documents }
}
