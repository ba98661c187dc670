import { describe, expect, test } from 'vitest'
import { limiter } from '#workflows/limiter.ts'
import { occurrences, runWith } from './plant.ts'
import { PLANTED, UNCHANGED } from './planted-faults.ts'

/** Those that `simulation.test.ts` runs, so a fault is found there, too. */
const SEEDS = 3000
const inTurn = limiter(2)

describe('a fault planted in the source', () => {
  test.each(PLANTED)('has one place: $name', (fault) => {
    expect(occurrences(fault)).toBe(1)
  })

  test.each(UNCHANGED)('is needed: $name', async (fault) => {
    const { found, output } = await runWith(fault, { seeds: 20 })
    expect(found, output).toBe(false)
  })

  describe.concurrent('is found', { timeout: 300_000 }, () => {
    test.each(PLANTED)('$name', async (fault) => {
      const { found, output } = await inTurn(() => runWith(fault, { seeds: SEEDS }))
      expect(found, output).toBe(true)
    })
  })
})
