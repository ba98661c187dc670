import { describe, expect, test } from 'vitest'
import { parseMoment } from '#base/moment.ts'

const NOW = new Date(2026, 10, 20, 12, 30).getTime()

describe('a moment', () => {
  test.each([
    ['2026-11-20T02:00:00Z', Date.UTC(2026, 10, 20, 2)],
    ['2026-11-20T02:00:00+02:00', Date.UTC(2026, 10, 20)],
    ['2026-11-20 02:00', new Date(2026, 10, 20, 2).getTime()],
    ['2026-11-19', new Date(2026, 10, 19).getTime()],
    ['02:00', new Date(2026, 10, 20, 2).getTime()],
    ['23:59', new Date(2026, 10, 19, 23, 59).getTime()],
    ['12:30:00', NOW],
    ['90m', NOW - 90 * 60_000],
    ['2d ago', NOW - 2 * 86_400_000],
  ])('%s', (text, expected) => {
    expect(parseMoment(text, NOW)).toEqual({ ok: true, value: expected })
  })

  test.each(['', 'yesterday', '25:00', '12', '2026-13-01', '2026-11-20T', '5 ago', '1970'])('is none: %j', (text) => {
    expect(parseMoment(text, NOW)).toEqual({ ok: false, error: 'malformed' })
  })
})
