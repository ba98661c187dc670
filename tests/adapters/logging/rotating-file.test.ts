import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RotatingFile } from '#adapters/logging/rotating-file.ts'
import { isRoot } from '../../support/binary.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rotating-'))
  path = join(directory, 'own.log')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const names = () =>
  readdirSync(directory)
    .filter((name) => !name.endsWith('.lock'))
    .sort()
const read = (name: string) => readFileSync(join(directory, name), 'utf8')
const WRITER = fileURLToPath(new URL('../../fixtures/logging/writer.ts', import.meta.url))

/** Eight real processes, which begin as they come. */
async function eightWriters(lines: number, maxBytes: number, kept: number): Promise<readonly number[]> {
  const children = Array.from({ length: 8 }, (_, writer) =>
    Bun.spawn([process.execPath, WRITER, path, String(writer), String(lines), String(maxBytes), String(kept)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  return await Promise.all(children.map(async ({ exited }) => await exited))
}

describe('a file that is rotated', () => {
  test('is set aside before it becomes too large, the latest as .1, and so many are kept', () => {
    const file = new RotatingFile({ path, maxBytes: 10, kept: 2 })
    for (const line of ['1111\n', '2222\n', '3333\n', '4444\n', '5555\n', '6666\n', '7777\n']) file.write(line)
    expect(names()).toEqual(['own.log', 'own.log.1', 'own.log.2'])
    expect(names().map(read)).toEqual(['7777\n', '5555\n6666\n', '3333\n4444\n'])
  })

  test('grows where it cannot be set aside, and loses no line', () => {
    mkdirSync(`${path}.lock`)
    const file = new RotatingFile({ path, maxBytes: 10, kept: 2 })
    for (const line of ['1111\n', '2222\n', '3333\n']) file.write(line)
    expect(names().map(read)).toEqual(['1111\n2222\n3333\n'])
  })

  test('keeps none where none shall be kept', () => {
    const file = new RotatingFile({ path, maxBytes: 10, kept: 0 })
    for (const line of ['1111\n', '2222\n', '3333\n']) file.write(line)
    expect(names().map(read)).toEqual(['3333\n'])
  })

  test('has a line that is longer than the file may be in a file of its own', () => {
    const file = new RotatingFile({ path, maxBytes: 10, kept: 3 })
    for (const line of ['1\n', `${'x'.repeat(50)}\n`, '2\n']) file.write(line)
    expect(names().map((name) => read(name).length)).toEqual([2, 51, 2])
  })

  test('closes the gap that a killed process left, and loses nothing behind it', () => {
    writeFileSync(`${path}.2`, 'older\n')
    writeFileSync(path, '1111\n2222\n')
    new RotatingFile({ path, maxBytes: 10, kept: 3 }).write('3333\n')
    expect(names().map(read)).toEqual(['3333\n', '1111\n2222\n', 'older\n'])
  })

  test('is made anew where somebody removed it, and readable by nobody else', () => {
    const file = new RotatingFile({ path, maxBytes: 100, kept: 1 })
    file.write('1\n')
    rmSync(path)
    file.write('2\n')
    expect(read('own.log')).toBe('2\n')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('goes on in the file that another process put in its place', () => {
    const [one, other] = [0, 1].map(() => new RotatingFile({ path, maxBytes: 10, kept: 5 }))
    for (const line of ['1111\n', '2222\n', '3333\n']) {
      one?.write(line)
      other?.write(line)
    }
    expect(names().map(read)).toEqual(['3333\n3333\n', '2222\n2222\n', '1111\n1111\n'])
  })

  test('grows on while another process is at renaming it', () => {
    const file = new RotatingFile({ path, maxBytes: 10, kept: 3 })
    file.write('1111\n2222\n')
    const holder = new DatabaseSync(`${path}.lock`)
    holder.exec('BEGIN EXCLUSIVE')
    file.write('3333\n')
    holder.close()
    expect(names().map(read)).toEqual(['1111\n2222\n3333\n'])
    file.write('4444\n')
    expect(names().map(read)).toEqual(['4444\n', '1111\n2222\n3333\n'])
  })

  test('that cannot be written stops nobody', () => {
    const file = new RotatingFile({ path: '/proc/nowhere/own.log', maxBytes: 10, kept: 1 })
    for (let line = 0; line < 5; line++) file.write('1111\n')
    closeSync(openSync(path, 'w'))
  })

  test.skipIf(process.platform !== 'linux' || !isRoot)(
    'goes on in a new line once a full disk has room again (mounts: needs root)',
    () => {
      if (Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', directory]).exitCode !== 0) return
      try {
        writeFileSync(join(directory, 'large'), 'x'.repeat(50_000))
        const file = new RotatingFile({ path, maxBytes: 1_000_000, kept: 2 })
        const line = (number: number) => `${JSON.stringify({ number, text: 'y'.repeat(97) })}\n`
        for (let number = 0; number < 400; number++) file.write(line(number))
        rmSync(join(directory, 'large'))
        for (let number = 400; number < 405; number++) file.write(line(number))
        const lines = read('own.log').split('\n').slice(0, -1)
        expect(lines.slice(-5).map((each) => JSON.parse(each).number)).toEqual([400, 401, 402, 403, 404])
        // The line that the disk was full in the middle of is the only one that is not whole.
        expect(lines.filter((each) => !each.endsWith('}'))).toHaveLength(1)
      } finally {
        Bun.spawnSync(['umount', '-l', directory])
      }
    },
  )

  test('loses and tears no line of eight processes', async () => {
    expect(await eightWriters(2000, 20_000, 10_000)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    const counts = new Map<string, number>()
    for (const name of names()) {
      for (const line of read(name).split('\n').slice(0, -1)) {
        const read = JSON.parse(line)
        expect(read.text).toHaveLength(read.line % 300)
        const key = `${read.name}.${read.line}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
    expect(counts.size).toBe(16_000)
    expect([...counts.values()].every((count) => count === 1)).toBe(true)
    expect(names().length).toBeGreaterThan(30)
  }, 60_000)

  test('stays below its cap with eight processes, and every line that is left is whole', async () => {
    expect(await eightWriters(2000, 20_000, 3)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    expect(names()).toEqual(['own.log', 'own.log.1', 'own.log.2', 'own.log.3'])
    // While one process renames it, the others write on into a full file, up to twice its size and a line each.
    const sizes = names().map((name) => statSync(join(directory, name)).size)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4 * (2 * 20_000 + 8 * 400))
    for (const line of names().flatMap((name) => read(name).split('\n').slice(0, -1))) JSON.parse(line)
  }, 60_000)
})
