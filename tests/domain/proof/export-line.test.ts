import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '#domain/proof/chain.ts'
import { eventLine, headerLine, noteLine, readHeader, readLine } from '#domain/proof/export-line.ts'

const EVENT: StoredEvent = {
  seq: 7,
  stream: 'local/s',
  runId: 'r',
  runSeq: 1,
  at: 5,
  actor: 'person:ada',
  tenant: 'local',
  type: 'run.queued',
  version: 1,
  epoch: 1,
  dedupeKey: null,
  body: '{"a":"ü\u2028"}',
  salt: 'f',
  bodyDigest: 'b',
  prevHash: 'p',
  hash: 'h',
}
const LINE = eventLine(EVENT)
const HEADER = headerLine({ store: 's', run: null, first: 1, last: 9, key: null })

describe('a line of an export', () => {
  test('comes back as it was written', () => {
    expect(readLine(LINE)).toEqual({ kind: 'event', event: EVENT })
    expect(readLine(noteLine({ size: 3, note: 'n\n' }))).toEqual({ kind: 'note', note: { size: 3, note: 'n\n' } })
    expect(readHeader(HEADER)).toEqual({ store: 's', run: null, first: 1, last: 9, key: null })
  })

  test.each([
    ['a key twice', LINE.replace('"at":5', '"at":4,"at":5')],
    ['a key too many', LINE.replace('}', ',"x":1}')],
    ['a key of every object', LINE.replace('"at":5', '"__proto__":{},"at":5')],
    ['a missing key', LINE.replace('"epoch":1,', '')],
    ['keys in another order', LINE.replace('"version":1,"epoch":1', '"epoch":1,"version":1')],
    ['white space', LINE.replace(':5', ': 5')],
    ['a number with a fraction', LINE.replace('"at":5', '"at":5.5')],
    ['a number spelt otherwise', LINE.replace('"at":5', '"at":5e0')],
    ['a number too large to be exact', LINE.replace('"at":5', '"at":9007199254740993')],
    ['a text for a number', LINE.replace('"at":5', '"at":"5"')],
    ['null where none may be', LINE.replace('"person:ada"', 'null')],
    ['a character spelt as an escape', LINE.replace('ü', '\\u00fc')],
    ['a carriage return at its end', `${LINE}\r`],
    ['a second value', `${LINE}{}`],
    ['an array', '[]'],
    ['null', 'null'],
    ['nothing', ''],
    ['an event and a checkpoint in one', LINE.replace('}', ',"size":1,"note":""}')],
  ])('is refused with %s', (_, line) => {
    expect(line).not.toBe(LINE)
    expect(typeof readLine(line)).toBe('string')
  })

  test.each([
    ['another format', HEADER.replace('log/1', 'log/2')],
    ['a format twice', HEADER.replace('{', '{"format":"orchastration.log/2",')],
    ['a range that begins at 0', HEADER.replace('"first":1', '"first":0')],
    ['a range that ends before it begins', HEADER.replace('"last":9', '"last":-1')],
    ['no key at all', HEADER.replace(',"key":null', '')],
  ])('is no header with %s', (_, line) => {
    expect(line).not.toBe(HEADER)
    expect(typeof readHeader(line)).toBe('string')
  })
})
