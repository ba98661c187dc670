import { ok } from '#base/result.ts'
import { workflow } from '#engine/workflow.ts'
import { openBareLog } from './support/bare-log.ts'
import { newRunId, nothing, openEngine, queuedRun } from './support/engine.ts'
import { compare, type Finding, type Group, timeOf } from './support/measure.ts'
import { makeHome } from './support/programs.ts'

const ROUNDS = 9
const RUNS = 200
const STEPS = 10
const BATCH = 100
/** Of each run: queued, started, two of each step, and its end. */
const EVENTS = RUNS * (2 * STEPS + 3)

/** Many runs at once in one process, their events a second against bare appends in batches. */
export const manyRuns: Group = { name: 'many-runs', measure }

const chain = workflow<number, number>('chain', 1, async (ctx, count) => {
  for (let number = 0; number < count; number++) await ctx.run(nothing, number)
  return ok(count)
})

async function measure(): Promise<readonly Finding[]> {
  const home = makeHome('many-runs')
  const bare = openBareLog(home)
  const engine = await openEngine(home, [chain])
  const batches = () => {
    for (let events = 0; events < EVENTS; events += BATCH) bare.commit(Math.min(BATCH, EVENTS - events))
  }
  const begin = async () => await engine.worker.begin(newRunId(), queuedRun('chain', STEPS))
  const runs = async () => await Promise.all(Array.from({ length: RUNS }, begin))
  const found = await compare(`events of ${RUNS} runs of ${STEPS} steps at once`, ROUNDS, [
    { name: `bare appends of ${BATCH} events`, operations: EVENTS, once: async () => await timeOf(batches) },
    { name: 'runs', operations: EVENTS, once: async () => await timeOf(runs) },
  ])
  engine.close()
  bare.close()
  return [found]
}
