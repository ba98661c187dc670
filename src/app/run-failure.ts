import type { Failure } from '#domain/failure.ts'
import type { RunId } from '#domain/run/run.ts'
import type { StoreReader } from './store-port.ts'

/** Why a run that is over did not succeed, as the log has it; any process may have ended it. */
export async function recordedFailure(reader: StoreReader, runId: RunId): Promise<Failure | undefined> {
  const page = await reader.runEvents(runId, 0)
  const last = page.ok ? page.value.events.at(-1) : undefined
  return last !== undefined && 'failure' in last.body && last.type.startsWith('run.')
    ? (last.body.failure as Failure)
    : undefined
}
