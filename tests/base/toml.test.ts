import { parse } from 'smol-toml'
import { expect, test } from 'vitest'
import { tomlKey, tomlValue } from '#base/toml.ts'

test.each([
  ['a', 'a'],
  ['a-b_1', 'a-b_1'],
  ['', '""'],
  ['a.b', '"a.b"'],
  ['日本', '"日本"'],
])('the key %j is written %s', (key, written) => {
  expect(tomlKey(key)).toBe(written)
})

test.each([
  ['text', '"text"'],
  ['"\\\n\t', String.raw`"\"\\\n\t"`],
  ['\u0000\u001b[2J\u007f\u0085\u202e', String.raw`"\u0000\u001b[2J\u007f\u0085\u202e"`],
  [1, '1'],
  [-1.5, '-1.5'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [true, 'true'],
  [[], '[]'],
  [['a', ['b']], '["a", ["b"]]'],
  [{}, '{}'],
  [{ a: 1, 'b c': { d: [] } }, '{ a = 1, "b c" = { d = [] } }'],
])('the value %j is written %s', (value, written) => {
  expect(tomlValue(value)).toBe(written)
})

test('what is written is read as it was', () => {
  const values = ['', '\r\n', "'''", '"""', '#', '\u2028', '😀', [1, 2], { 'a"b': { c: 'd' } }]
  for (const value of values) expect(parse(`x = ${tomlValue(value)}`)).toEqual({ x: value })
})
