import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { documentFiles } from '#adapters/files/documents.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { onWindows } from '../../support/binary.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'documents-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const at = (name: string) => join(directory, name)
const write = async (name: string, lines: readonly Result<string, Failure>[] = [ok('one'), ok('two')]) =>
  await documentFiles(directory).writeLines(
    name,
    (async function* () {
      yield* lines
    })(),
  )

describe('lines written to a file', () => {
  test('replace one that was there, with its permissions', async () => {
    writeFileSync(at('x'), 'before', { mode: 0o600 })
    expect(await write('x')).toEqual({ ok: true, value: 2 })
    expect(readFileSync(at('x'), 'utf8')).toBe('one\ntwo\n')
    expect(statSync(at('x')).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['x'])
  })

  test('leave it as it was where a line fails', async () => {
    writeFileSync(at('x'), 'before')
    const failure: Failure = { code: 'store_damaged', path: '/s', reason: 'torn' }
    expect(await write('x', [ok('one'), err(failure)])).toEqual({ ok: false, error: failure })
    expect(readFileSync(at('x'), 'utf8')).toBe('before')
    expect(readdirSync(directory)).toEqual(['x'])
  })

  test('go where a link leads, also where nothing is there yet', async () => {
    mkdirSync(at('far'))
    writeFileSync(at('far/x'), 'before')
    symlinkSync('far/x', at('link'))
    symlinkSync('far/new', at('dangling'))
    await write('link')
    await write('dangling')
    expect(readFileSync(at('far/x'), 'utf8')).toBe('one\ntwo\n')
    expect(readFileSync(at('far/new'), 'utf8')).toBe('one\ntwo\n')
    expect([lstatSync(at('link')), lstatSync(at('dangling'))].map((each) => each.isSymbolicLink())).toEqual([
      true,
      true,
    ])
  })

  test('are refused where a directory or a circle of links stands', async () => {
    mkdirSync(at('folder'))
    symlinkSync('b', at('a'))
    symlinkSync('a', at('b'))
    expect(await write('folder')).toMatchObject({ error: { code: 'file_unwritable', reason: 'EISDIR' } })
    expect(await write('a')).toMatchObject({ error: { code: 'file_unwritable', reason: 'ELOOP' } })
    expect(await write('none/x')).toMatchObject({ error: { code: 'file_unwritable', reason: 'ENOENT' } })
  })

  test.skipIf(process.platform === 'win32')('pass through a pipe that stays one', async () => {
    execFileSync('mkfifo', [at('pipe')])
    const [written, read] = await Promise.all([write('pipe'), Bun.file(at('pipe')).text()])
    expect([written, read]).toEqual([{ ok: true, value: 2 }, 'one\ntwo\n'])
    expect(statSync(at('pipe')).isFIFO()).toBe(true)
    expect(await write('/dev/null')).toEqual({ ok: true, value: 2 })
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })
})

test.skipIf(onWindows)('nothing is written through a link that somebody put beside the file', async () => {
  const victim = join(directory, 'victim')
  writeFileSync(victim, 'mine')
  symlinkSync(victim, join(directory, `out.${process.pid}.tmp`))
  expect(await documentFiles(directory).writeText('out', 'text\n')).toMatchObject({ ok: true })
  expect([readFileSync(victim, 'utf8'), readFileSync(join(directory, 'out'), 'utf8')]).toEqual(['mine', 'text\n'])
})
