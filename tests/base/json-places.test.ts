import { describe, expect, test } from 'vitest'
import { readPlacedJson } from '#base/json-places.ts'

describe('a JSON text', () => {
  test('is read as any reader of JSON reads it, and its keys and values have their places', () => {
    const text = '{\n  "a\\u0062": [1, {"c": "d\\n"}],\n  "": -0.5e3\n}'
    const read = readPlacedJson(text)
    if ('reason' in read) throw new Error(read.reason)
    expect(read.value).toEqual(JSON.parse(text))
    expect(read.keyAt(['ab'])).toEqual({ start: { line: 2, column: 2 }, end: { line: 2, column: 11 } })
    expect(read.valueAt(['ab', 1, 'c'])).toEqual({ start: { line: 2, column: 23 }, end: { line: 2, column: 28 } })
    expect(read.keyAt([''])?.start).toEqual({ line: 3, column: 2 })
    expect(read.valueAt([])).toEqual({ start: { line: 1, column: 0 }, end: { line: 4, column: 1 } })
    expect(read.valueAt(['nothing'])).toBeUndefined()
  })

  test.each(['{}', '[]', 'null', '"x"', '1e5', '[true,false]', ' {"__proto__":{"a":1}} '])('is one: %s', (text) => {
    expect(readPlacedJson(text)).toMatchObject({ value: JSON.parse(text) })
  })

  test.each([
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '01',
    '+1',
    '.5',
    '1.',
    'nul',
    '"\\x"',
    '"a\nb"',
    '{"a":1,"a":2}',
    '[1] 2',
    '/* */1',
  ])('is none: %j', (text) => {
    expect(readPlacedJson(text)).toMatchObject({ reason: expect.any(String) })
  })

  test('nested beyond all reason is refused, and does not end the program', () => {
    expect(readPlacedJson('['.repeat(100_000))).toMatchObject({ reason: 'this is nested too deeply' })
  })
})
