import { describe, expect, test } from 'vitest'
import { onLinux } from '../support/binary.ts'
import { killStorm, stormText } from '../support/kill-storm.ts'

/** For thousands: `bun tests/support/kill-storm.ts --kills 5000`. */
const KILLS = 200
const LIMIT_SECONDS = 60

describe.skipIf(!onLinux)('kill -9 at any moment', () => {
  test(
    'repeats no recorded step, loses none, leaves no orphan, and falls into every gap between two commits',
    async () => {
      const report = await killStorm({ kills: KILLS, seed: Date.now() % 2 ** 31, seconds: LIMIT_SECONDS })
      const text = stormText(report)
      expect(report.problems, text).toEqual([])
      expect(
        [...report.gaps].filter(([, kills]) => kills === 0),
        text,
      ).toEqual([])
      expect(report.verified, text).toBe(report.stores)
      // Otherwise it was no storm.
      expect(report.inResumed, text).toBeGreaterThan(0)
      expect(report.orphaned, text).toBeGreaterThan(0)
    },
    (LIMIT_SECONDS + 60) * 1000,
  )
})
