import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepNewest, readOwn, writeOwn } from '#adapters/files/own-file.ts'
import { onWindows } from '../../support/binary.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-file-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

describe('a file of our own', () => {
  test('is written whole, with nothing beside it', () => {
    writeOwn(at('new/file'), 'one')
    writeOwn(at('new/file'), 'two')
    expect({ names: readdirSync(at('new')), text: readFileSync(at('new/file'), 'utf8') }).toEqual({
      names: ['file'],
      text: 'two',
    })
  })

  test('that cannot be put in its place leaves no draft', () => {
    mkdirSync(at('file/full'), { recursive: true })
    expect(() => writeOwn(at('file'), 'text')).toThrow()
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test.skipIf(onWindows)('is for nobody else', () => {
    writeOwn(at('new/file'), 'text')
    expect([at('new'), at('new/file')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600])
  })

  test.skipIf(onWindows).each([0o620, 0o602])(
    'says nothing with mode %o, by which others could have written it',
    (mode) => {
      writeOwn(at('file'), 'text')
      expect(readOwn(at('file'))?.toString()).toBe('text')
      chmodSync(at('file'), mode)
      expect(readOwn(at('file'))).toBeUndefined()
    },
  )

  test.skipIf(onWindows)('is no link to one', () => {
    writeOwn(at('file'), 'text')
    symlinkSync(at('file'), at('link'))
    expect(() => readOwn(at('link'))).toThrow('ELOOP')
  })
})

test.skipIf(onWindows)('the oldest give way, also while another process takes some of them away', () => {
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
    writeFileSync(at(name), '')
    utimesSync(at(name), 1000 + index, 1000 + index)
  }
  // As one that went between the list and the look.
  symlinkSync(at('nowhere'), at('gone'))
  keepNewest(folder, 2)
  expect(readdirSync(folder).sort()).toEqual(['c', 'd'])
})
