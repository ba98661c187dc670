import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { surroundingFiles } from '#adapters/files/surrounding-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'orchastration-surroundings-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
mkdirSync(join(directory, 'sub'))
writeFileSync(join(directory, 'sub/text'), 'A=ö\n')
writeFileSync(join(directory, 'binary'), Uint8Array.of(0x41, 0xff))
writeFileSync(join(directory, 'large'), 'x'.repeat(1024 * 1024 + 1))

const port = surroundingFiles({ TOKEN: 'hush-hush', EMPTY: '' })

describe('a file of variables', () => {
  test('is found from the directory of the job, or where its path says', () => {
    const path = join(directory, 'sub/text')
    expect(port.envFile('sub/text', directory)).toEqual({ path, text: { ok: true, value: 'A=ö\n' } })
    expect(port.envFile(path, '/elsewhere')).toEqual({ path, text: { ok: true, value: 'A=ö\n' } })
  })

  test.each([
    ['gone', 'ENOENT'],
    ['sub', 'EISDIR'],
    ['binary', 'binary'],
    ['large', 'large'],
    ['sub/text/more', 'ENOTDIR'],
  ])('that cannot be read: %s', (name, error) => {
    expect(port.envFile(name, directory).text).toEqual({ ok: false, error })
  })

  test.skipIf(process.platform === 'win32')('that is a device is not waited for', () => {
    expect(port.envFile('/dev/zero', directory).text).toEqual({ ok: false, error: 'special' })
  })
})

describe('a secret', () => {
  test('comes from a variable of this process, or from a file', () => {
    expect(port.secret({ env: 'TOKEN' }, directory)).toEqual({ ok: true, value: 'hush-hush' })
    expect(port.secret({ file: 'sub/text' }, directory)).toEqual({ ok: true, value: 'A=ö' })
    expect(port.secret({ command: ['true'] }, directory)).toBeUndefined()
  })

  test.skipIf(process.platform !== 'linux')('comes from a file that does not say how long it is', () => {
    const value = port.secret({ file: '/proc/sys/kernel/random/boot_id' }, directory)
    expect(value?.ok === true && value.value).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    [{ env: 'UNSET' }, { reason: 'unset' }],
    [{ env: 'EMPTY' }, { reason: 'empty' }],
    [{ file: 'gone' }, { reason: 'unreadable', detail: 'ENOENT' }],
    [{ file: 'sub' }, { reason: 'unreadable', detail: 'EISDIR' }],
    [{ file: 'binary' }, { reason: 'binary' }],
    [{ file: 'large' }, { reason: 'large' }],
  ])('that cannot be had: %o', (source, error) => {
    expect(port.secret(source, directory)).toEqual({ ok: false, error })
  })
})
