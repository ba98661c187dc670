import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hashFile, scratch } from '#adapters/hashing/hash-file.ts'
import { hashers } from '#adapters/hashing/hashers.ts'
import { ALGORITHMS, type Algorithm } from '#domain/hashing/algorithm.ts'

const onWindows = process.platform === 'win32'
const folder = mkdtempSync(join(tmpdir(), 'orchastration-hash-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0

function file(bytes: number | string): string {
  const path = join(folder, `file-${++made}`)
  writeFileSync(path, typeof bytes === 'string' ? bytes : Buffer.alloc(bytes, 'orchastration'))
  return path
}

async function hash(
  path: string,
  algorithm: Algorithm = 'sha256',
  meanwhile: (bytes: number) => void = () => undefined,
) {
  const hasher = await hashers()(algorithm)
  return await hashFile(path, { hasher, scratch: scratch(), moved: meanwhile, isStopped: () => false })
}

/** Does something once, in the middle of the reading. */
function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

describe('the digest of a file', () => {
  test.each([
    ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'sha512',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
    ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['xxh64', '44bc2cf5ad770999'],
  ] as const)('is that of the standard: %s of "abc"', async (algorithm, expected) => {
    expect(await hash(file('abc'), algorithm)).toEqual({ hash: expected, bytes: 3 })
  })

  test('keeps its leading zeros', async () => {
    // Found by counting: the first number whose digest begins with two of them.
    expect(await hash(file('89'), 'xxh64')).toEqual({
      hash: Bun.hash.xxHash64('89').toString(16).padStart(16, '0'),
      bytes: 2,
    })
    for (let number = 0; number < 300; number++) {
      const hasher = await hashers()('xxh64')
      expect(hasher.whole(Buffer.from(String(number)))).toBe(
        Bun.hash.xxHash64(String(number)).toString(16).padStart(16, '0'),
      )
    }
  })

  test.each(ALGORITHMS)('is the same at one go and in pieces, on every edge: %s', async (algorithm) => {
    const mebibyte = 2 ** 20
    for (const size of [
      0,
      1,
      2 ** 18 - 1,
      2 ** 18,
      2 ** 18 + 1,
      mebibyte,
      mebibyte + 1,
      4 * mebibyte,
      9 * mebibyte + 7,
    ]) {
      const expected = (await hashers()(algorithm)).whole(Buffer.alloc(size, 'orchastration'))
      expect(await hash(file(size), algorithm)).toEqual({ hash: expected, bytes: size })
    }
  })
})

test('nothing comes of a file that is stopped half way', async () => {
  const hasher = await hashers()('sha256')
  const place = { hasher, scratch: scratch(), moved: () => undefined, isStopped: () => true }
  expect(await hashFile(file(9 * 2 ** 20), place)).toBeUndefined()
})

describe.skipIf(onWindows).each([
  ['small', 100],
  ['large', 9 * 2 ** 20],
])('a %s file that changes while it is read', (_title, size) => {
  test.each([
    ['grows', 'grew', (path: string) => appendFileSync(path, 'x')],
    ['is cut', 'shrank', (path: string) => truncateSync(path, 7)],
    ['is emptied', 'shrank', (path: string) => truncateSync(path, 0)],
    ['is written to', 'written', (path: string) => utimesAfterWriting(path, size)],
    ['has its times set back', 'written', (path: string) => utimesSync(path, 1, 1)],
    ['has its mode set', 'touched', (path: string) => chmodSync(path, 0o640)],
    [
      'is replaced',
      'replaced',
      (path: string) => {
        writeFileSync(`${path}.new`, Buffer.alloc(size, 'orchastration'))
        renameSync(`${path}.new`, path)
      },
    ],
    ['is removed', 'removed', (path: string) => rmSync(path)],
  ] as const)('is named: it %s', async (_what, how, change) => {
    const path = file(size)
    // An hour ago, so that whatever happens now is seen.
    utimesSync(path, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600)
    const result = await hash(
      path,
      'sha256',
      once(() => change(path)),
    )
    expect(result).toEqual({ failure: { code: 'file_changed', path, how } })
  })

  function utimesAfterWriting(path: string, bytes: number): void {
    writeFileSync(path, Buffer.alloc(bytes, 'something else'))
  }
})

describe.skipIf(onWindows)('what is no readable file', () => {
  test('is named for what it is', async () => {
    const at = (name: string) => join(folder, name)
    mkdirSync(at('directory'))
    symlinkSync('nowhere', at('broken'))
    symlinkSync('loop', at('loop'))
    Bun.spawnSync(['mkfifo', at('pipe')])
    expect(await hash(at('none'))).toEqual({ failure: { code: 'file_missing', path: at('none') } })
    expect(await hash(at('directory'))).toEqual({
      failure: { code: 'file_unreadable', path: at('directory'), reason: 'EISDIR' },
    })
    expect(await hash(at('broken'))).toEqual({
      failure: { code: 'link_broken', path: at('broken'), target: 'nowhere' },
    })
    expect(await hash(at('loop'))).toEqual({ failure: { code: 'link_loop', path: at('loop') } })
    expect(await hash(at('pipe'))).toEqual({ failure: { code: 'file_special', path: at('pipe'), kind: 'pipe' } })
  })

  test.skipIf(process.platform !== 'linux')('leaves no file open, however it ended', async () => {
    for (const size of [10, 3 * 2 ** 20]) {
      for (const change of [truncateSync, rmSync]) {
        const path = file(size)
        await hash(
          path,
          'xxh64',
          once(() => change(path)),
        )
      }
    }
    await hash(folder)
    expect(openBelow(folder)).toEqual([])
  })
})

/** The files of this process that lie below a directory. */
function openBelow(directory: string): readonly string[] {
  const targets = readdirSync('/proc/self/fd').map((file) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`)
    } catch {
      return ''
    }
  })
  return targets.filter((target) => target.startsWith(directory))
}
