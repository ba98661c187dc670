import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EVENT_COLUMNS } from '#adapters/sqlite/rows.ts'
import { salts } from '#adapters/sqlite/salts.ts'
import schema from '#adapters/sqlite/schema.sql' with { type: 'text' }
import { saltedDigest } from '#base/digest.ts'
import { canonicalJson } from '#base/json.ts'
import { CHAIN_START, eventHash } from '#domain/proof/chain.ts'

/** The least that a provable log can cost: the same table, the same hashes, the same syncs, and nothing else. */
export interface BareLog {
  /** So many events, each chained to the one before, in one commit. */
  commit(events: number): void
  close(): void
}

const STREAM = 'local/01k9zzzzzzzzzzzzzzzzzzzzzz'
const RUN = '01k9zzzzzzzzzzzzzzzzzzzzzz'

export function openBareLog(directory: string): BareLog {
  const database = new DatabaseSync(join(directory, 'bare.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256')
  database.exec(schema)
  const readHead = database.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1')
  const places = EVENT_COLUMNS.split(',').map(() => '?')
  const insert = database.prepare(`INSERT INTO events (${EVENT_COLUMNS}) VALUES (${places.join(', ')})`)
  const salt = salts()
  return { commit, close: () => database.close() }

  function commit(events: number): void {
    database.exec('BEGIN IMMEDIATE')
    const row = readHead.get()
    let head = row === undefined ? CHAIN_START : { seq: Number(row['seq']), hash: String(row['hash']) }
    for (let count = 0; count < events; count++) head = append(head)
    database.exec('COMMIT')
  }

  function append(head: { readonly seq: number; readonly hash: string }): {
    readonly seq: number
    readonly hash: string
  } {
    const seq = head.seq + 1
    const body = canonicalJson({ number: seq, name: 'nothing', activity: 'nothing', attempt: 1, output: seq })
    const used = salt.next()
    const fields = { seq, stream: STREAM, runId: RUN, runSeq: seq, at: Date.now(), actor: 'person:bench@local' }
    const named = { tenant: 'local', type: 'step.succeeded', version: 1, epoch: 1, dedupeKey: null }
    const event = { ...fields, ...named, bodyDigest: saltedDigest(used, body), prevHash: head.hash }
    const hash = eventHash(event)
    const { stream, runId, runSeq, at, actor, tenant, type, version, epoch, dedupeKey, bodyDigest, prevHash } = event
    const place = [seq, stream, runId, runSeq, at, actor, tenant, type, version, epoch, dedupeKey]
    insert.run(...place, body, used, bodyDigest, prevHash, hash)
    return { seq, hash }
  }
}
