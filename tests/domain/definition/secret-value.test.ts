import { expect, test } from 'vitest'
import { MOST_SECRET_BYTES, secretValue, sourceWords } from '#domain/definition/secret-value.ts'

const bytes = (text: string) => Buffer.from(text)

test.each<readonly [name: string, given: Uint8Array | string, value: string]>([
  ['text', 'hush-hush', 'hush-hush'],
  ['bytes', bytes('hush-hush'), 'hush-hush'],
  ['a line', bytes('hush-hush\n'), 'hush-hush'],
  ['a line of Windows', bytes('hush-hush\r\n'), 'hush-hush'],
  ['two line breaks, of which one is its own', bytes('hush-hush\n\n'), 'hush-hush\n'],
  ['blanks around', bytes('  hush \n'), '  hush '],
  ['several lines', bytes('one-line\ntwo-line\n'), 'one-line\ntwo-line'],
  ['letters of all scripts', bytes('日本\n'), '日本'],
  ['a byte order mark, which is its own', bytes('\ufeffhush\n'), '\ufeffhush'],
  ['as many bytes as there may be', 'x'.repeat(MOST_SECRET_BYTES), 'x'.repeat(MOST_SECRET_BYTES)],
])('a value in %s', (_name, given, value) => {
  expect(secretValue(given)).toEqual({ ok: true, value })
})

test.each<readonly [reason: string, given: Uint8Array | string]>([
  ['empty', ''],
  ['empty', bytes('\n')],
  ['short', bytes('abc\n')],
  ['short', 'ab\n'],
  ['large', 'x'.repeat(MOST_SECRET_BYTES + 1)],
  ['binary', bytes('abcd\0')],
  ['binary', Uint8Array.of(0xff, 0xfe, 0x41, 0x42, 0x43)],
])('no value: %s', (reason, given) => {
  expect(secretValue(given)).toEqual({ ok: false, error: { reason } })
})

test('a source is told by its own words', () => {
  expect([{ env: 'A' }, { file: 'b/c' }, { command: ['pass', 'show', 'x'] }].map(sourceWords)).toEqual([
    { source: 'env', from: 'A' },
    { source: 'file', from: 'b/c' },
    { source: 'command', from: 'pass show x' },
  ])
})
