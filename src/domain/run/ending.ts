import type { Json } from '#base/json.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventDraft } from './event.ts'
import type { EndStatus } from './run.ts'

/** The events with which a run is over. */
export type Ending = Extract<EventDraft, { readonly type: `run.${EndStatus}` }>

/** The last event of a run, from what its workflow came to. */
export function endingOf(result: Result<Json, Failure>): Ending {
  if (result.ok) return { type: 'run.succeeded', body: { output: result.value } }
  const body = { failure: result.error }
  switch (result.error.code) {
    case 'cancelled':
      return { type: 'run.cancelled', body }
    case 'timed_out':
      return { type: 'run.timed_out', body }
    default:
      return { type: 'run.failed', body }
  }
}

/** The status that such an event leaves the run in. */
export function endStatus(type: Ending['type']): EndStatus {
  return type.slice('run.'.length) as EndStatus
}
