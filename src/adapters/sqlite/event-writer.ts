import type { DatabaseSync } from 'node:sqlite'
import { saltedDigest } from '#base/digest.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import { LOCAL_TENANT } from '#domain/people/principal.ts'
import { CHAIN_START, type ChainHead, eventHash } from '#domain/proof/chain.ts'
import type { EventDraft, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Projection } from './projection.ts'
import { EVENT_COLUMNS } from './rows.ts'
import type { Salts } from './salts.ts'

/** Where and by whom a draft is written. */
export interface Place {
  readonly runId: RunId | null
  readonly runSeq: number | null
  readonly epoch: number
  readonly actor: string
  readonly at: number
}

/** Chains events onto the log and folds them. Everything here happens inside a transaction of the caller's. */
export interface EventWriter {
  /** Reads where the log ends. Call it after each BEGIN: other processes write, too. */
  begin(): ChainHead
  write(draft: EventDraft, place: Place): number
  head(): ChainHead
}

export interface WriterParts {
  readonly database: DatabaseSync
  readonly projection: Projection
  readonly salts: Salts
  readonly stream: () => string
}

export function eventWriter({ database, projection, salts, stream }: WriterParts): EventWriter {
  const readHead = database.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1')
  const insert = database.prepare(
    `INSERT INTO events (${EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  let head: ChainHead = CHAIN_START
  return {
    begin: () => {
      const row = readHead.get()
      head = row === undefined ? CHAIN_START : { seq: Number(row['seq']), hash: String(row['hash']) }
      return head
    },
    head: () => head,
    write: (draft, { runId, runSeq, epoch, at, ...place }) => {
      const seq = head.seq + 1
      // Bodies are JSON by their types; optional keys that are undefined are left out.
      const body = canonicalJson(draft.body as Json)
      const salt = salts.next()
      // SQLite keeps UTF-8: half a character would come back as another one, and no longer match its hash.
      const dedupeKey = draft.dedupeKey?.toWellFormed() ?? null
      const actor = place.actor.toWellFormed()
      const fields = { seq, stream: stream(), runId, runSeq, at, actor, tenant: LOCAL_TENANT, type: draft.type }
      const event = {
        ...fields,
        version: 1,
        epoch,
        dedupeKey,
        bodyDigest: saltedDigest(salt, body),
        prevHash: head.hash,
      }
      const hash = eventHash(event)
      insert.run(
        seq,
        event.stream,
        runId,
        runSeq,
        at,
        actor,
        event.tenant,
        draft.type,
        1,
        epoch,
        dedupeKey,
        body,
        salt,
        event.bodyDigest,
        event.prevHash,
        hash,
      )
      head = { seq, hash }
      // What is folded is what a reader of the row will see.
      projection.fold({
        ...fields,
        epoch,
        dedupeKey,
        body: draft.body,
        runId: runId ?? '',
        runSeq: runSeq ?? 0,
      } as RunEvent)
      return seq
    },
  }
}
