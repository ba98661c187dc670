import { describe, expect, test } from 'vitest'
import { fileNameFault } from '#domain/run/file-name-fault.ts'

describe('a path', () => {
  test.each(['a', 'a/b c', '.hidden', '...', 'a..b', 'aux.txt', 'a:b', 'a\\b'])('may be a file: %s', (path) => {
    expect(fileNameFault(path, 'linux')).toBeUndefined()
  })

  test.each(['', '/a', '..', '../a', 'a/../b', 'a//b', 'a/', './a', 'a/.', 'a\0b'])('leads elsewhere: %j', (path) => {
    expect(fileNameFault(path, 'linux')).toBe('no path below a directory')
  })

  test.each(['NUL', 'a/con.txt', 'com1', 'LPT¹.log', 'a:b', 'C:/x', 'a\\..\\b', 'a.', 'a ', 'a?', 'a\nb'])(
    'is none on Windows: %j',
    (path) => {
      expect(fileNameFault(path, 'win32')).toBe('no name for a file on Windows')
    },
  )
})
