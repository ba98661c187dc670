import { describe, expect, test } from 'vitest'
import { readToolPath } from '#domain/agents/tool-path.ts'

const read = (path: string, platform = 'linux') => {
  const found = readToolPath(path, platform)
  return found.ok ? [found.value.start, ...found.value.names] : found.error
}

describe('a path that an agent names', () => {
  test('counts from the workspace, or from a root', () => {
    expect(read('a/b.txt')).toEqual(['', 'a', 'b.txt'])
    expect(read('./a//./b/')).toEqual(['', 'a', 'b'])
    expect(read('.')).toEqual([''])
    expect(read('//a/b')).toEqual(['/', 'a', 'b'])
  })

  test('never leads upwards, nor to a home', () => {
    expect(read('..')).toBe('parent')
    expect(read('a/../b')).toBe('parent')
    expect(read('~/x')).toBe('home')
    expect(read('a/~')).toEqual(['', 'a', '~'])
  })

  test('is refused where no system takes it the same', () => {
    for (const path of ['a\0', 'a\n', '\u001b[2J', '\ud800']) expect(read(path)).toBe('control_character')
    expect(read('a\\b')).toBe('backslash')
    expect(read('é'.repeat(128))).toBe('too_long')
    expect(read('a/'.repeat(2500))).toBe('too_long')
  })

  test('on Windows may have its backslashes, and no device, stream or name that ends in a dot', () => {
    expect(read('a\\b', 'win32')).toEqual(['', 'a', 'b'])
    expect(read('C:\\x\\y', 'win32')).toEqual(['C:/', 'x', 'y'])
    expect(read('a\\..\\..\\b', 'win32')).toBe('parent')
    for (const path of [
      'NUL',
      'a/con.txt',
      'COM1',
      'lpt9.log',
      'a.txt:stream',
      'C:x',
      'a. ',
      'b.',
      'x?y',
      'a|b',
      'CONIN$',
    ]) {
      expect(read(path, 'win32')).toBe('name')
    }
    expect(read('\\\\?\\C:\\x', 'win32')).toBe('name')
  })
})
