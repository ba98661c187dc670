import { describe, expect, test } from 'vitest'
import { lineMatcher } from '#base/regex/line-matcher.ts'

function matches(source: string, line: string, ignoresCase = false): boolean | string {
  const matcher = lineMatcher(source, { ignoresCase })
  return matcher.ok ? matcher.value(line) : matcher.error
}

const SOURCES = [
  '',
  'a',
  'ab',
  'a|b',
  'a*',
  'a+b',
  'a?b$',
  '^a',
  '^$',
  '^a*$',
  '(ab)+c',
  '(?:a|b)*c',
  '[abc]',
  '[^abc]',
  '[a-c]+$',
  '\\bab\\b',
  '\\Bb',
  'a{2}',
  'a{2,}',
  'a{1,2}$',
  'a.c',
  '\\.',
  '\\w+\\s\\d',
  '[\\d-]',
  '[]a]b',
  'a{',
  'a{x}',
  '(?<n>a)b',
  '(a|ab)(c|bcd)$',
  '((a))',
  'x*?y',
  '\\x61b',
  '\\u0061',
  '[\\w.]+@\\w',
  '^(a|b|c){2,3}$',
  '(^|x)a',
  'a$|b',
  '\\D\\S\\W',
]
const LINES = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'aab',
  'aabb',
  'x',
  'xa',
  'bca',
  'ab cd',
  'foo 1',
  'a.c',
  'abcd',
  'a{',
  'a{x}',
  ']b',
  'ac',
  'me@home',
  'ba',
  ' ab ',
  'aaa',
  '-',
  'xxy',
  'ü',
  'a\tb',
  '1_2',
]

describe('a regular expression', () => {
  test.each(SOURCES.filter((source) => source !== '[]a]b'))('%s finds what JavaScript finds', (source) => {
    const expected = new RegExp(source)
    for (const line of LINES) expect([line, matches(source, line)]).toEqual([line, expected.test(line)])
  })

  test('takes a ] for itself where it stands first, as grep does', () => {
    expect(matches('[]a]b', ']b')).toBe(true)
    expect(matches('[]a]b', 'xb')).toBe(false)
  })

  test('may leave letter case alone', () => {
    expect(matches('HeL+o', 'xhelLO', true)).toBe(true)
    expect(matches('[^a]', 'A', true)).toBe(false)
    expect(matches('É', 'é', true)).toBe(true)
    expect(matches('a', 'A')).toBe(false)
  })

  test('takes a character for one, however many units it has', () => {
    expect(matches('^.$', '😀')).toBe(true)
    expect(matches('^[😀😁]$', '😁')).toBe(true)
    expect(matches('^\\u{1F600}$', '😀')).toBe(true)
  })

  test.each([
    ['(', 'a ( that is never closed'],
    [')', 'a ) that closes nothing'],
    ['[a', 'a [ that is never closed'],
    ['*a', 'a * with nothing to repeat'],
    ['a**', 'a repetition of a repetition'],
    ['(?=a)', 'a group that begins with (? and looks around or sets something'],
    ['(a)\\1', '\\1, which is not known here'],
    ['\\p{L}', '\\p, which is not known here'],
    ['a{3,2}', 'a repetition whose numbers are out of order'],
    ['a{501}', 'a repetition of more than 500 times'],
    ['((a{99}){99}){99}', 'repetitions that come to too much'],
    ['[b-a]', 'a range of characters that is out of order'],
    ['a\\', 'a \\ at the end'],
    [`${'('.repeat(101)}a${')'.repeat(101)}`, 'too many groups in one another'],
  ])('%s is told to be wrong', (source, error) => {
    expect(matches(source, 'a')).toBe(error)
  })

  test.each([
    '(a+)+$',
    '(a|a)*b$',
    '(a|aa)+$',
    '(.*a){20}$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(x+x+)+y',
    'a.{400}b.{400}c',
  ])('%s is no trap', (source) => {
    const began = performance.now()
    const line = `${'a'.repeat(20_000)}!`
    expect(matches(source, line)).not.toBeTypeOf('string')
    expect(matches(source, `${'x'.repeat(20_000)}!`)).toBe(false)
    expect(performance.now() - began).toBeLessThan(2000)
  })
})
