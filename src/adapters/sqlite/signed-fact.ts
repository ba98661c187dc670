import type { DatabaseSync } from 'node:sqlite'
import type { Verifier } from '#app/proof-port.ts'
import { chainFault, type StoredEvent } from '#domain/proof/chain.ts'
import { parseNote } from '#domain/proof/checkpoint.ts'
import { STORED_EVENTS } from './stored-events.ts'

/**
 * Up to which event facts are signed that begin with this one; undefined where the key did not sign it at once. The next
 * checkpoint after it must come before any event of another type, hold the hash that stands there, and be led to by the
 * chain.
 */
export function signedFactsFrom(
  database: DatabaseSync,
  seq: number,
  verifier: Verifier | undefined,
): number | undefined {
  const row = database.prepare('SELECT size, note FROM checkpoints WHERE size >= ? ORDER BY size LIMIT 1').get(seq)
  const parsed = row === undefined ? undefined : parseNote(String(row['note']))
  if (parsed?.ok !== true || verifier === undefined) return undefined
  const { checkpoint, keyHash, text, signature } = parsed.value
  if (keyHash !== verifier.keyHash || !verifier.verify(text, signature)) return undefined
  // The columns are those of the statement.
  const events = database
    .prepare(STORED_EVENTS)
    .all(seq - 1, checkpoint.size, checkpoint.size - seq + 1) as unknown as readonly StoredEvent[]
  return events.at(-1)?.hash === checkpoint.hash && areChainedFacts(events) ? checkpoint.size : undefined
}

function areChainedFacts(events: readonly StoredEvent[]): boolean {
  let [head] = events.map(({ seq, prevHash }) => ({ seq: seq - 1, hash: prevHash }))
  for (const event of events) {
    if (head === undefined || event.type !== 'run.erased' || chainFault(head, event) !== undefined) return false
    head = event
  }
  return true
}

/** A fact behind the last checkpoint and before this transaction's first event, if there is one. */
export function lastUnsignedFact(database: DatabaseSync, before: number): number | undefined {
  const row = database
    .prepare(
      `SELECT max(seq) AS seq FROM events WHERE seq > (SELECT coalesce(max(size), 0) FROM checkpoints) AND seq <= ?
       AND type = 'run.erased'`,
    )
    .get(before)
  return row === undefined || row['seq'] === null ? undefined : Number(row['seq'])
}
