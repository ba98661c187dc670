import { describe, expect, test } from 'vitest'
import { fits, readPattern } from '#domain/definition/file-pattern.ts'

function matches(pattern: string, name: string): boolean {
  const read = readPattern(pattern)
  if (!read.ok) throw new Error(read.error)
  return read.value.some(({ base, rest }) => {
    const [last] = rest
    return last === undefined ? base.join('/') === name : fits(last, name)
  })
}

describe('a pattern for one name', () => {
  test.each([
    ['*', 'a.ts', true],
    ['*', '.hidden', true],
    ['*.ts', 'a.ts', true],
    ['*.ts', '.ts', true],
    ['*.ts', 'a.tsx', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXcYb', false],
    ['?.ts', 'ä.ts', true],
    ['?.ts', '😀.ts', true],
    ['?.ts', '.ts', false],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[!a-c]x', 'dx', true],
    ['[^a-c]x', 'ax', false],
    ['[]x]', ']', true],
    ['[a-]', '-', true],
    ['\\[id\\].tsx', '[id].tsx', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['{a,b}.ts', 'b.ts', true],
    ['{a,b{1,2}}.ts', 'b2.ts', true],
    ['{a,b{1,2}}.ts', 'b.ts', false],
    ['{a,}.ts', '.ts', true],
    ['{a}.ts', '{a}.ts', true],
    ['**x', 'yyx', true],
    ['A*', 'a', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected)
  })

  test('takes no long time, whatever its stars', () => {
    expect(matches(`${'*a'.repeat(100)}b`, 'a'.repeat(250))).toBe(false)
  })
})

describe('a pattern', () => {
  const names = (pattern: string) => {
    const read = readPattern(pattern)
    if (!read.ok) return read.error
    return read.value.map(({ base, rest, isExcluded, isPath }) => [base, rest.length, isExcluded, isPath])
  }

  test('begins with the names that are none', () => {
    expect(names('src/./lib//**/*.ts')).toEqual([[['src', 'lib'], 2, false, false]])
    expect(names('../shared/x')).toEqual([[['..', 'shared', 'x'], 0, false, true]])
    expect(names('/etc/*')).toEqual([[['/', 'etc'], 1, false, false]])
    expect(names('!C:/x/')).toEqual([[['C:/', 'x'], 1, true, false]])
    expect(names('.')).toEqual([[[], 0, false, true]])
  })

  test('with alternatives stands for several, none of which must be there', () => {
    expect(names('{src,test/unit}/a')).toEqual([
      [['src', 'a'], 0, false, false],
      [['test', 'unit', 'a'], 0, false, false],
    ])
  })

  test.each([
    ['a[b', 'unclosed ['],
    ['{a,b', 'unclosed {'],
    ['src\\main.ts', '\\ between names'],
    ['!', 'empty'],
    ['{a,b}'.repeat(11), 'too many alternatives'],
  ])('that is none says why: %s', (pattern, why) => {
    expect(names(pattern)).toBe(why)
  })
})
