import { afterEach, describe, expect, test, vi } from 'vitest'
import { timers } from '#adapters/timers/timers.ts'

const DAY_MS = 86_400_000

afterEach(() => void vi.useRealTimers())

describe('a timer', () => {
  test('of months does not fire after the 24.8 days that setTimeout can count', () => {
    vi.useFakeTimers()
    let fired = 0
    timers().after(60 * DAY_MS, () => (fired += 1))
    vi.advanceTimersByTime(60 * DAY_MS - 1)
    expect(fired).toBe(0)
    vi.advanceTimersByTime(1)
    expect(fired).toBe(1)
  })

  test('can be stopped in any part of its time', () => {
    vi.useFakeTimers()
    let fired = 0
    const stop = timers().after(60 * DAY_MS, () => (fired += 1))
    vi.advanceTimersByTime(40 * DAY_MS)
    stop()
    vi.advanceTimersByTime(40 * DAY_MS)
    expect(fired).toBe(0)
  })
})
