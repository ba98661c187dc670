import { describe, expect, test } from 'vitest'
import { movingLine, notRunText, widthOf } from '#surfaces/cli/job-lines.ts'

describe('the line that moves', () => {
  const slow = { name: 'slow', runsMs: 1200 }
  const long = { name: 'a-job-with-quite-a-long-name', runsMs: 61_000 }

  test('stands in the columns of the rows above it', () => {
    expect(movingLine([slow], { width: 8, columns: 80 })).toBe('  run   slow        1.2s')
  })

  test('cuts names, and keeps times', () => {
    expect(movingLine([long], { width: 8, columns: 30 })).toBe('  run   a-job-w…   1m01s')
  })

  test('has as many jobs as fit, and counts the others', () => {
    const running = [slow, long, slow, slow]
    expect(movingLine(running, { width: 8, columns: 80 })).toBe(
      '  run   slow        1.2s · a-job-w… 1m01s · slow 1.2s · slow 1.2s',
    )
    expect(movingLine(running, { width: 8, columns: 52 })).toBe('  run   slow        1.2s · a-job-w… 1m01s · 2 more')
    for (let columns = 1; columns < 90; columns++) {
      expect(movingLine(running, { width: 8, columns }).length).toBeLessThan(Math.max(columns, 1))
    }
  })

  test('is as wide as the names are, and leaves room for what stands beside them', () => {
    expect(widthOf(['a', 'build'], 80)).toBe(8)
    expect(widthOf(['x'.repeat(20)], 80)).toBe(20)
    expect(widthOf(['x'.repeat(200)], 80)).toBe(40)
    expect(widthOf(['x'.repeat(200)], 44)).toBe(8)
    expect(widthOf(['x'.repeat(200)], 30)).toBe(0)
  })
})

test('a job that did not run says why', () => {
  expect(notRunText({ kind: 'skipped', reason: 'need', because: 'test' })).toBe('skipped: needs test')
  expect(notRunText({ kind: 'declined', by: 'person:ada' })).toBe('declined: no by person:ada')
  expect(notRunText({ kind: 'declined', by: undefined })).toBe('declined: nobody answered in time')
  expect(notRunText({ kind: 'cancelled', hasBegun: false })).toBe('cancelled before it began')
})
