import { type Digest, saltedDigest, sha256 } from '#base/digest.ts'

/** The name of the algorithm, part of every hash, so that a later one can never be taken for this one. */
const CHAIN_FORMAT = 'orchastration.event/1'

/** What the first event of a store names as its predecessor. */
const GENESIS: Digest = sha256(CHAIN_FORMAT)

const SALT_DIGITS = 32

/** An event as it is stored. Every field but `body` and `salt` is under `hash`; those two are under `bodyDigest`. */
export interface StoredEvent {
  readonly seq: number
  readonly stream: string
  readonly runId: string | null
  readonly runSeq: number | null
  readonly at: number
  readonly actor: string
  readonly tenant: string
  readonly type: string
  readonly version: number
  readonly epoch: number
  readonly dedupeKey: string | null
  /** Canonical JSON; null in an export for the events of other runs. */
  readonly body: string | null
  /** 32 hexadecimal digits; null with `body`. */
  readonly salt: string | null
  readonly bodyDigest: string
  readonly prevHash: string
  readonly hash: string
}

/** The hash of an event: SHA-256 over the format's name, a line feed, and a JSON array of the fields in this order. */
export function eventHash(event: Omit<StoredEvent, 'hash' | 'body' | 'salt'>): Digest {
  return sha256(
    `${CHAIN_FORMAT}\n${JSON.stringify([
      event.seq,
      event.stream,
      event.runId,
      event.runSeq,
      event.at,
      event.actor,
      event.tenant,
      event.type,
      event.version,
      event.epoch,
      event.dedupeKey,
      event.bodyDigest,
      event.prevHash,
    ])}`,
  )
}

/** What the chain knows before an event. */
export interface ChainHead {
  readonly seq: number
  readonly hash: string
}

export const CHAIN_START: ChainHead = { seq: 0, hash: GENESIS }

/** What is wrong with an event that should come right after `head`; undefined where nothing is. */
export function chainFault(head: ChainHead, event: StoredEvent): string | undefined {
  if (!hasItsTypes(event)) return 'a field of it is not of its type'
  if (event.seq <= head.seq) return 'it stands where no event belongs'
  if (event.seq !== head.seq + 1) return 'it is missing'
  if (event.prevHash !== head.hash) return 'it does not follow the event before it'
  return bodyFault(event) ?? (eventHash(event) === event.hash ? undefined : 'its fields do not match its hash')
}

function bodyFault({ body, salt, bodyDigest }: StoredEvent): string | undefined {
  if (body === null && salt === null) return undefined
  if (body === null || salt === null) return 'its body or its salt is missing'
  // The digest is over both in one: only the fixed length of the salt says where the body begins.
  const matches = salt.length === SALT_DIGITS && saltedDigest(salt, body) === bodyDigest
  return matches ? undefined : 'its body does not match its digest'
}

/** JSON writes more than one value alike (infinite and null), and a damaged table may hold anything. */
function hasItsTypes(event: StoredEvent): boolean {
  return (
    Number.isSafeInteger(event.seq) &&
    typeof event.stream === 'string' &&
    isTextOrNull(event.runId) &&
    (event.runSeq === null || Number.isSafeInteger(event.runSeq)) &&
    Number.isSafeInteger(event.at) &&
    typeof event.actor === 'string' &&
    typeof event.tenant === 'string' &&
    typeof event.type === 'string' &&
    Number.isSafeInteger(event.version) &&
    Number.isSafeInteger(event.epoch) &&
    isTextOrNull(event.dedupeKey) &&
    isTextOrNull(event.body) &&
    isTextOrNull(event.salt) &&
    typeof event.bodyDigest === 'string'
  )
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
