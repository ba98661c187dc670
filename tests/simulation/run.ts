// One seed, one history: `bun tests/simulation/run.ts --seeds 1000 --from 1`, or `--seed 7` to see one.
import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'
import { openSimStore } from './store.ts'

/** A store is emptied after each seed; now and then it is made anew, as its file does not shrink. */
const SEEDS_PER_STORE = 500

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const from = Number(values.seed ?? values.from)
const count = values.seed === undefined ? Number(values.seeds) : 1
const every = Number(values.every)
const isTold = values.verbose || values.seed !== undefined
const limitMs = Number(values.seconds ?? Number.POSITIVE_INFINITY) * 1000

process.exitCode = await runSeeds()

async function runSeeds(): Promise<number> {
  const began = performance.now()
  let store = await openSimStore()
  let done = 0
  for (; done < count && performance.now() - began < limitMs; done++) {
    if (done % SEEDS_PER_STORE === SEEDS_PER_STORE - 1) {
      store.close()
      store = await openSimStore()
    }
    const seed = from + done * every
    const lines: string[] = []
    try {
      await simulate(seed, store, { lines, withEvents: isTold })
    } catch (error) {
      store.close()
      console.log(lines.join('\n'))
      console.log(`seed ${seed} failed after ${done} others: ${error instanceof Error ? error.stack : error}`)
      console.log(`again: bun tests/simulation/run.ts --seed ${seed}`)
      return 1
    }
    if (isTold) console.log(lines.join('\n'))
  }
  store.close()
  const seconds = (performance.now() - began) / 1000
  console.log(`${done} seeds from ${from} held, ${Math.round(done / seconds)} a second`)
  return 0
}
