import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)('eight processes on one store', () => {
  test('that do not know each other record every run, in one chain', async () => {
    const place = given({ config: `[jobs.n]\ncommand = ["sh", "-c", "echo $N; echo $N >> ledger"]\n` })
    const numbers = Array.from({ length: 8 }, (_, index) => String(index))
    // The first of them also creates the store, all at once.
    for (let round = 0; round < 3; round++) {
      const runs = await Promise.all(numbers.map(async (N) => await place.run(['run', 'n'], { env: { N } })))
      expect(runs.map(({ exit, stderr }) => (exit === 0 ? 0 : stderr))).toEqual(numbers.map(() => 0))
    }
    expect([...place.lines('ledger')].sort()).toEqual(numbers.flatMap((n) => [n, n, n]))
    expect(place.events('run.succeeded')).toHaveLength(24)
    expect(new Set(place.events('run.queued').map(({ run }) => run)).size).toBe(24)
    expect(place.events('store.created')).toHaveLength(1)
    const chain = place.query('SELECT seq, prev_hash, hash FROM events ORDER BY seq')
    for (const [index, row] of chain.entries()) {
      expect(row['seq']).toBe(index + 1)
      if (index > 0) expect(row['prev_hash']).toBe(chain[index - 1]?.['hash'])
    }
    expect((await place.run(['verify'])).exit).toBe(0)
    expect(place.recordNames('n').filter((name) => /^\d.*\.json$/.test(name))).toHaveLength(24)
    expect((await place.run(['runs', 'list', '--limit', '100'])).stdout.split('\n')).toHaveLength(25)
  })

  test('some of which are killed do not harm the others', async () => {
    const place = given({ config: `[jobs.n]\ncommand = ["sleep", "0.05"]\n[jobs.long]\ncommand = ["sleep", "300"]\n` })
    const doomed = Array.from({ length: 3 }, () => place.start(['run', 'long']))
    const others = Array.from({ length: 5 }, () => place.start(['run', 'n']))
    await place.untilEvent('step.started', 8)
    for (const each of doomed) await each.crash()
    const ended = await Promise.all(others.map(async ({ ended }) => await ended))
    expect(ended.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0])
    const { runs } = (await place.json(['runs', 'list', '--status', 'interrupted'])) as { runs: { run: string }[] }
    expect(runs).toHaveLength(3)
    for (const { run } of runs) expect((await place.run(['runs', 'cancel', run])).exit).toBe(0)
    expect((await place.run(['verify'])).exit).toBe(0)
  })
})
