import type { StoredEvent } from './chain.ts'

/** The name of the format of an export, the first thing in it. */
const EXPORT_FORMAT = 'orchastration.log/1'

/** The first line of an export. */
export interface ExportHeader {
  readonly store: string
  /** The run that it is about; null where it holds the whole log. */
  readonly run: string | null
  readonly first: number
  readonly last: number
  /** The public key in PEM that the exporting machine had; null where it had none. */
  readonly key: string | null
}

export interface NoteLine {
  readonly size: number
  readonly note: string
}

/** A line after the first. */
export type ExportLine =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'note'; readonly note: NoteLine }

export function headerLine({ store, run, first, last, key }: ExportHeader): string {
  return JSON.stringify({ format: EXPORT_FORMAT, store, run, first, last, key })
}

export function noteLine({ size, note }: NoteLine): string {
  return JSON.stringify({ size, note })
}

/** The fields under their names in the table, in the order of the table. */
export function eventLine(event: StoredEvent): string {
  return JSON.stringify({
    seq: event.seq,
    stream: event.stream,
    run_id: event.runId,
    run_seq: event.runSeq,
    at: event.at,
    actor: event.actor,
    tenant: event.tenant,
    type: event.type,
    version: event.version,
    epoch: event.epoch,
    dedupe_key: event.dedupeKey,
    body: event.body,
    salt: event.salt,
    body_digest: event.bodyDigest,
    prev_hash: event.prevHash,
    hash: event.hash,
  })
}

/** Reads the first line; a text says what is wrong with it. */
export function readHeader(line: string): ExportHeader | string {
  const value = parseObject(line)
  if (value === undefined) return 'its first line is not JSON'
  if (value['format'] !== EXPORT_FORMAT) return `its first line does not name the format ${EXPORT_FORMAT}`
  const { store, run, first, last, key } = value
  const isRight =
    typeof store === 'string' &&
    isTextOrNull(run) &&
    isNumber(first) &&
    isNumber(last) &&
    isTextOrNull(key) &&
    first >= 1 &&
    last >= first - 1
  if (!isRight) return 'a field of its first line is missing or not of its type'
  const header = { store, run, first, last, key }
  return headerLine(header) === line ? header : NOT_CANONICAL
}

/**
 * Reads a line after the first. JSON has many spellings of one value, and its parsers keep silent about a key that is
 * there twice: only a line that comes out the same when it is written again is taken.
 */
export function readLine(line: string): ExportLine | string {
  const value = parseObject(line)
  if (value === undefined) return 'it is not a JSON object'
  const read = Object.hasOwn(value, 'seq') ? readEvent(value) : readNote(value)
  if (read === undefined) return 'a field of it is missing or not of its type'
  const again = read.kind === 'event' ? eventLine(read.event) : noteLine(read.note)
  return again === line ? read : NOT_CANONICAL
}

const NOT_CANONICAL = 'it is not written as this format writes it: a key too many, twice, or elsewhere'

function readNote({ size, note }: Fields): ExportLine | undefined {
  if (!isNumber(size) || typeof note !== 'string') return undefined
  return { kind: 'note', note: { size, note } }
}

function readEvent(value: Fields): ExportLine | undefined {
  const { seq, stream, run_id, run_seq, at, actor, tenant, type, version, epoch, dedupe_key, body, salt } = value
  const { body_digest, prev_hash, hash } = value
  const isRight =
    isNumber(seq) &&
    typeof stream === 'string' &&
    isTextOrNull(run_id) &&
    (run_seq === null || isNumber(run_seq)) &&
    isNumber(at) &&
    typeof actor === 'string' &&
    typeof tenant === 'string' &&
    typeof type === 'string' &&
    isNumber(version) &&
    isNumber(epoch) &&
    isTextOrNull(dedupe_key) &&
    isTextOrNull(body) &&
    isTextOrNull(salt) &&
    typeof body_digest === 'string' &&
    typeof prev_hash === 'string' &&
    typeof hash === 'string'
  if (!isRight) return undefined
  const event: StoredEvent = {
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
    body,
    salt,
    bodyDigest: body_digest,
    prevHash: prev_hash,
    hash,
  }
  return { kind: 'event', event }
}

type Fields = Readonly<Record<string, unknown>>

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
