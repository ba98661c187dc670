import { describe, expect, test } from 'vitest'
import { foldAlike, rowText } from '#surfaces/cli/fold-jobs.ts'
import type { JobState } from '#surfaces/cli/job-states.ts'

const asItIs = (text: string) => text
const layout = { width: 8, paint: { strong: asItIs, good: asItIs, bad: asItIs, dim: asItIs } }

function skipped(count: number, because: string, from = 0): readonly (readonly [string, JobState])[] {
  const state: JobState = { kind: 'skipped', because, reason: 'fail_fast' }
  return Array.from({ length: count }, (_, index) => [`job${String(index + from).padStart(4, '0')}`, state] as const)
}

const textOf = (jobs: Parameters<typeof foldAlike>[0]) =>
  foldAlike(jobs)
    .map((row) => rowText(row, layout))
    .join('')

describe('jobs that did not run', () => {
  test('are one row where many of them have one cause, with the first of them', () => {
    expect(textOf(skipped(535, 'job0503', 504))).toBe(
      '  -     535 jobs           skipped: job0503 failed before\n        job0504, job0505, job0506 and 532 more\n',
    )
  })

  test('have a row each where they are few', () => {
    expect(textOf(skipped(2, 'a'))).toBe(
      '  -     job0000            skipped: a failed before\n  -     job0001            skipped: a failed before\n',
    )
  })

  test('are told apart by their cause, and lose none', () => {
    const running: JobState = { kind: 'running' }
    const rows = foldAlike([
      ...skipped(6, 'a'),
      ['x', running],
      ...skipped(6, 'b', 6),
      ['y', running],
      ['z', undefined],
    ])
    expect(rows.map(({ jobs }) => jobs.length)).toEqual([6, 1, 6, 1, 1])
    expect(new Set(rows.flatMap(({ jobs }) => jobs)).size).toBe(15)
  })

  test('that have very long names leave the row readable', () => {
    const long = skipped(6, 'a').map(([job, state]) => [`${job}${'x'.repeat(60)}`, state] as const)
    expect(textOf(long).split('\n')[1]?.length).toBeLessThanOrEqual(96)
  })
})
