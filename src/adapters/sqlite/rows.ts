import { saltedDigest } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventType, RunEvent } from '#domain/run/event.ts'

/** The columns of an event, in the order of the chain's hash. */
export const EVENT_COLUMNS =
  'seq, stream, run_id, run_seq, at, actor, tenant, type, version, epoch, dedupe_key, body, salt, body_digest, prev_hash, hash'

/** A row of the table of events. SQLite's STRICT tables keep the types. */
export interface EventRow {
  readonly seq: number
  readonly stream: string
  readonly run_id: string | null
  readonly run_seq: number | null
  readonly at: number
  readonly actor: string
  readonly tenant: string
  readonly type: string
  readonly version: number
  readonly epoch: number
  readonly dedupe_key: string | null
  readonly body: string | null
  readonly salt: string | null
  readonly body_digest: string
  readonly prev_hash: string
  readonly hash: string
}

/** The event of a row, once its body has been checked against its digest. */
export function readEvent(row: EventRow): Result<RunEvent, Failure> {
  if (row.body === null || row.salt === null) return unreadable(row, 'its body was erased')
  if (saltedDigest(row.salt, row.body) !== row.body_digest) return unreadable(row, 'its body does not match its digest')
  if (row.version !== 1) return unreadable(row, `version ${row.version} of its type is not known`)
  try {
    return ok(eventOf(row, JSON.parse(row.body)))
  } catch {
    return unreadable(row, 'its body is not JSON')
  }
}

function eventOf(row: EventRow, body: Json): RunEvent {
  const { seq, at, actor, tenant, epoch } = row
  const place = { seq, runId: row.run_id ?? '', runSeq: row.run_seq ?? 0, dedupeKey: row.dedupe_key }
  // The digest says that this program wrote the body, and for this type.
  return { ...place, at, actor, tenant, epoch, type: row.type as EventType, body } as unknown as RunEvent
}

function unreadable(row: EventRow, reason: string): Result<never, Failure> {
  return err({ code: 'event_unreadable', seq: row.seq, reason, ...(row.run_id !== null && { run: row.run_id }) })
}
