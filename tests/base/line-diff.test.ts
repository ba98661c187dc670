import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lineDiff } from '#base/line-diff.ts'
import { hasTool } from '../support/checkout.ts'

describe('how texts differ', () => {
  test('is told with the lines around, as diff -u has it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n'
    expect(lineDiff(before, before.replace('b\n', 'B\n').replace('k\n', 'k\nl\n'))).toEqual({
      added: 2,
      removed: 1,
      lines: ['@@ -1,5 +1,5 @@', ' a', '-b', '+B', ' c', ' d', ' e', '@@ -9,3 +9,4 @@', ' i', ' j', ' k', '+l'],
    })
  })

  test('is nothing where they are the same', () => {
    expect(lineDiff('a\nb', 'a\nb')).toEqual({ added: 0, removed: 0, lines: [] })
    expect(lineDiff('', '')).toEqual({ added: 0, removed: 0, lines: [] })
  })

  test('is a whole file where one is made or removed', () => {
    expect(lineDiff('', 'a\nb\n').lines).toEqual(['@@ -0,0 +1,2 @@', '+a', '+b'])
    expect(lineDiff('a\n', '').lines).toEqual(['@@ -1 +0,0 @@', '-a'])
  })

  test('is also that a line feed is missing at the end', () => {
    expect(lineDiff('a\n', 'a').lines).toEqual(['@@ -1 +1 @@', '-a', '+a', '\\ no line feed at the end'])
  })

  test('has a bound in time where everything differs', () => {
    const lines = (mark: string) => Array.from({ length: 20_000 }, (_, index) => `${mark}${index}\n`).join('')
    expect(lineDiff(lines('a'), lines('b'))).toMatchObject({ added: 20_000, removed: 20_000 })
  })

  test.skipIf(!hasTool('patch'))('is what patch makes one text of the other by', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orchastration-diff-'))
    try {
      let seed = 7
      const random = (most: number) => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        return seed % most
      }
      const text = () => Array.from({ length: random(40) }, () => `${random(6)}\n`).join('')
      for (let round = 0; round < 60; round++) {
        const [before, after] = [text(), text()]
        if (before === after) continue
        writeFileSync(join(folder, 'file'), before)
        const patch = ['--- file', '+++ file', ...lineDiff(before, after).lines, ''].join('\n')
        const { status, stdout } = spawnSync('patch', ['-s', '-o', '-', 'file'], {
          cwd: folder,
          input: patch,
          encoding: 'utf8',
        })
        expect({ status, stdout }, patch).toEqual({ status: 0, stdout: after })
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
