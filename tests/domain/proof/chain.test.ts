import { describe, expect, test } from 'vitest'
import { saltedDigest } from '#base/digest.ts'
import { CHAIN_START, chainFault, eventHash, type StoredEvent } from '#domain/proof/chain.ts'

const EVENT = seal({
  seq: 1,
  stream: 'local/01kab7d6s9f3v2m8qxw5r4t0ez',
  runId: null,
  runSeq: null,
  at: 1_795_176_000_000,
  actor: 'person:ada',
  tenant: 'local',
  type: 'store.created',
  version: 1,
  epoch: 0,
  dedupeKey: null,
  body: '{"format":1}',
  salt: '000102030405060708090a0b0c0d0e0f',
  bodyDigest: '',
  prevHash: CHAIN_START.hash,
  hash: '',
})

describe('the chain', () => {
  test('takes an event as it was written', () => {
    expect(chainFault(CHAIN_START, EVENT)).toBeUndefined()
  })

  test('takes an event whose body and salt are withheld', () => {
    expect(chainFault(CHAIN_START, { ...EVENT, body: null, salt: null })).toBeUndefined()
  })

  const changes: readonly Partial<Record<keyof StoredEvent, unknown>>[] = [
    { seq: 2 },
    { stream: 'local/x' },
    { runId: 'x' },
    { runSeq: 1 },
    { at: 1 },
    { actor: 'person:eve' },
    { tenant: 'other' },
    { type: 'run.failed' },
    { version: 2 },
    { epoch: 1 },
    { dedupeKey: '' },
    { body: '{"format":2}' },
    { salt: '100102030405060708090a0b0c0d0e0f' },
    { bodyDigest: 'a'.repeat(64) },
    { prevHash: 'a'.repeat(64) },
    { hash: 'a'.repeat(64) },
    { body: null },
    { salt: null },
  ]
  test.each(changes)('finds the change %j', (change) => {
    expect(chainFault(CHAIN_START, { ...EVENT, ...change } as StoredEvent)).toBeDefined()
  })

  const types: readonly Partial<Record<keyof StoredEvent, unknown>>[] = [
    { at: '1795176000000' },
    { runSeq: Number.POSITIVE_INFINITY },
    { epoch: -0.5 },
    { actor: 7 },
    { seq: 1n },
    { body: new Uint8Array(2) },
    { dedupeKey: undefined },
    { bodyDigest: null },
  ]
  test.each(types)('finds a value of another type, though it may hash alike: %o', (change) => {
    expect(chainFault(CHAIN_START, { ...EVENT, ...change } as StoredEvent)).toBe('a field of it is not of its type')
  })

  test('finds an event that is whole in itself and follows another one', () => {
    const stranger = seal({ ...EVENT, prevHash: 'a'.repeat(64) })
    expect(chainFault(CHAIN_START, stranger)).toBe('it does not follow the event before it')
    expect(chainFault({ seq: 0, hash: stranger.prevHash }, stranger)).toBeUndefined()
  })

  test('finds where the border between salt and body was moved', () => {
    const moved = { ...EVENT, salt: `${EVENT.salt}{`, body: '"format":1}' }
    expect(saltedDigest(moved.salt, moved.body)).toBe(EVENT.bodyDigest)
    expect(chainFault(CHAIN_START, moved)).toBe('its body does not match its digest')
  })

  test('keeps apart what only quoting keeps apart', () => {
    const one = { ...EVENT, actor: 'a","b', tenant: 'c' }
    const two = { ...EVENT, actor: 'a', tenant: 'b","c' }
    expect(eventHash(one)).not.toBe(eventHash(two))
  })
})

function seal(event: StoredEvent): StoredEvent {
  const bodyDigest = saltedDigest(event.salt ?? '', event.body ?? '')
  return { ...event, bodyDigest, hash: eventHash({ ...event, bodyDigest }) }
}
