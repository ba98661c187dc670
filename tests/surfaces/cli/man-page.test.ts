import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { commands, globalOptions } from '#surfaces/cli/command-table.ts'
import { manPage } from '#surfaces/cli/man-page.ts'
import { exitCodes, files, variables } from '#surfaces/cli/manual.ts'
import { hasProgram } from '../../support/shell.ts'

/** Bold and underlined characters are printed over one another. */
const OVERPRINTED = new RegExp(`.${String.fromCharCode(8)}`, 'g')

const page = manPage({ version: '1.2.3', date: '2026-11-20' })

/** What a reader sees, on one line. */
function shown(): string {
  const { stdout } = spawnSync('mandoc', ['-Tutf8', '-Owidth=200'], { input: page, encoding: 'utf8' })
  return stdout.replaceAll(OVERPRINTED, '').replaceAll(/\s+/g, ' ')
}

describe('the manual page', () => {
  test.skipIf(!hasProgram('groff'))('groff has nothing to say about it', () => {
    const { stderr, status } = spawnSync('groff', ['-man', '-Tutf8', '-ww'], { input: page, encoding: 'utf8' })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  test.skipIf(!hasProgram('mandoc'))('mandoc has nothing to say about it', () => {
    const { stdout, stderr, status } = spawnSync('mandoc', ['-T', 'lint'], { input: page, encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 })
  })

  test.skipIf(!hasProgram('mandoc'))(
    'shows every command, option, example, exit code, file and variable as it is',
    () => {
      const text = shown()
      for (const { name, summary, options, examples } of commands) {
        expect(text).toContain(`orchastration ${name}`)
        expect(text).toContain(summary.slice(1))
        for (const { flag, summary: what } of options) {
          expect(text).toContain(`--${flag}`)
          expect(text).toContain(what)
        }
        for (const example of examples) expect(text).toContain(example)
      }
      for (const { flag } of globalOptions) expect(text).toContain(`--${flag}`)
      for (const [left, right] of [...exitCodes, ...files, ...variables]) {
        expect(text).toContain(left)
        expect(text).toContain(right)
      }
    },
  )

  test('has the version and the date', () => {
    expect(page.split('\n')[0]).toBe('.TH ORCHASTRATION 1 "2026-11-20" "orchastration 1.2.3" "User Commands"')
  })

  test('has no hyphen that a reader could not copy, and no bare backslash', () => {
    const text = page.split('\n').slice(1)
    expect(text.filter((line) => /(^|[^\\])-/.test(line))).toEqual([])
    expect(text.filter((line) => /\\(?![-e&(f])/.test(line))).toEqual([])
    expect(text.filter((line) => line.startsWith("'"))).toEqual([])
  })
})
