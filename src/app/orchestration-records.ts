import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { orchestrationRecord } from '#domain/run/orchestration-record.ts'
import { orchestrationEnd } from './orchestration-end.ts'
import type { RecordsPort } from './records-port.ts'

/** Writes the record of an orchestration that these events are the beginning and the end of; nothing for other runs. */
export async function exportOrchestration(
  records: RecordsPort,
  events: readonly RunEvent[],
  isNew: boolean,
): Promise<Result<boolean, Failure>> {
  const [first] = events
  const end = orchestrationEnd(events)
  if (first === undefined || end === undefined) return ok(false)
  const { startedAt } = end
  const written = await records.writeOrchestration({
    runId: first.runId,
    isNew,
    startedAt,
    record: orchestrationRecord(end),
  })
  return written.ok ? ok(true) : written
}
