import { describe, expect, test } from 'vitest'
import { type RunShown, regionLines } from '#surfaces/cli/run-region.ts'
import { widthOfText } from '#surfaces/cli/terminal-text.ts'

function shown(running: number, rest: Partial<RunShown> = {}): RunShown {
  return {
    running: Array.from({ length: running }, (_, index) => ({ number: index + 1, name: `job${index}`, runsMs: 1200 })),
    ended: 3,
    failed: 0,
    cancelled: 0,
    total: 10,
    width: 8,
    tail: (number, most) => Array.from({ length: most }, (_, line) => `step ${number} line ${line}`),
    ...rest,
  }
}

describe('what moves while a run goes on', () => {
  test('is a job with the end of its output below it', () => {
    expect(regionLines(shown(1, { total: 1 }), { columns: 80, rows: 24 })).toEqual([
      '  run   job0        1.2s',
      '        | step 1 line 0',
      '        | step 1 line 1',
      '        | step 1 line 2',
      '        | step 1 line 3',
      '        | step 1 line 4',
    ])
  })

  test('counts what was cancelled apart from what failed', () => {
    const lines = regionLines(shown(2, { failed: 1, cancelled: 2 }), { columns: 80, rows: 24 })
    expect(lines.at(-1)).toBe('  3 of 10 done · 1 failed · 2 cancelled · 2 running')
  })

  test('is several jobs with less of each, and how far all is', () => {
    expect(regionLines(shown(2, { failed: 1 }), { columns: 80, rows: 24 })).toEqual([
      '  run   job0        1.2s',
      '        | step 1 line 0',
      '        | step 1 line 1',
      '  run   job1        1.2s',
      '        | step 2 line 0',
      '        | step 2 line 1',
      '  3 of 10 done · 1 failed · 2 running',
    ])
  })

  test('gives up output first, then jobs, and says how many', () => {
    const lines = regionLines(shown(1000, { total: 5000 }), { columns: 80, rows: 10 })
    expect(lines).toHaveLength(8)
    expect(lines.at(-1)).toBe('  3 of 5,000 done · 1,000 running, 993 of them not shown')
    expect(lines.some((line) => line.includes('|'))).toBe(false)
  })

  test('sets nothing in columns where there are few', () => {
    expect(regionLines(shown(1), { columns: 20, rows: 10 })).toEqual([
      'run job0 1.2s',
      '  | step 1 line 0',
      '  | step 1 line 1',
      '  | step 1 line 2',
      '  | step 1 line 3',
      '  | step 1 line 4',
      '  3 of 10 done ·…',
    ])
  })

  test('is one line where the size of the terminal is not known, or there is no room', () => {
    expect(regionLines(shown(1), { columns: 0, rows: 0 })).toEqual(['  run   job0        1.2s'])
    expect(regionLines(shown(1), { columns: 80, rows: 3 })).toEqual(['  run   job0        1.2s'])
  })

  test('never has more rows or columns than the terminal, whatever that is', () => {
    const wild = ['日本語 '.repeat(40), 'x'.repeat(500), '👩‍👩‍👧'.repeat(50)]
    const tail = (_number: number, most: number) => wild.slice(0, most)
    for (let columns = 1; columns < 100; columns += 3) {
      for (const rows of [1, 2, 3, 5, 10, 50]) {
        for (const running of [0, 1, 2, 7, 300]) {
          const lines = regionLines(shown(running, { tail, width: 30 }), { columns, rows })
          expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1))
          for (const line of lines) expect(widthOfText(line), `${columns} ${line}`).toBeLessThan(Math.max(columns, 1))
        }
      }
    }
  })

  test('is nothing while nothing runs', () => {
    expect(regionLines(shown(0), { columns: 80, rows: 24 })).toEqual([])
  })
})
