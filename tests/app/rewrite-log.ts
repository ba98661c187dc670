import type { DatabaseSync } from 'node:sqlite'
import { type Digest, saltedDigest } from '#base/digest.ts'
import { CHAIN_START, eventHash, type StoredEvent } from '#domain/proof/chain.ts'

/** Does what somebody without the key can do: makes digests and chain right again, from the first event to the last. */
export function rehash(database: DatabaseSync): void {
  const rows = database.prepare('SELECT * FROM events ORDER BY seq').all() as unknown as Record<string, never>[]
  const update = database.prepare('UPDATE events SET body_digest = ?, prev_hash = ?, hash = ? WHERE seq = ?')
  let prevHash: string = CHAIN_START.hash
  for (const row of rows) {
    const bodyDigest: Digest = saltedDigest(row['salt'] ?? '', row['body'] ?? '')
    const event = { ...fieldsOf(row), bodyDigest, prevHash }
    const hash = eventHash(event)
    update.run(bodyDigest, prevHash, hash, event.seq)
    prevHash = hash
  }
}

function fieldsOf(row: Record<string, never>): Omit<StoredEvent, 'body' | 'salt' | 'bodyDigest' | 'prevHash' | 'hash'> {
  const { seq, stream, run_id, run_seq, at, actor, tenant, type, version, epoch, dedupe_key } = row
  return {
    seq,
    stream,
    runId: run_id,
    runSeq: run_seq,
    at,
    actor,
    tenant,
    type,
    version,
    epoch,
    dedupeKey: dedupe_key,
  } as never
}
