import { ok } from '#base/result.ts'
import { workflow } from '#engine/workflow.ts'
import { openBareLog } from './support/bare-log.ts'
import { newRunId, nothing, openEngine, queuedRun } from './support/engine.ts'
import { compare, type Finding, type Group, timeOf } from './support/measure.ts'
import { makeHome } from './support/programs.ts'

const ROUNDS = 15
const STEPS = 500

/** A durable step of a single run, one after the other, against a bare commit of one chained event. */
export const steps: Group = { name: 'steps', measure }

const chain = workflow<number, number>('chain', 1, async (ctx, count) => {
  for (let number = 0; number < count; number++) await ctx.run(nothing, number)
  return ok(count)
})

async function measure(): Promise<readonly Finding[]> {
  const home = makeHome('steps')
  const bare = openBareLog(home)
  const engine = await openEngine(home, [chain])
  const commits = () => {
    for (let count = 0; count < STEPS; count++) bare.commit(1)
  }
  const run = async () => await engine.worker.begin(newRunId(), queuedRun('chain', STEPS))
  const found = await compare(`${STEPS} durable steps of one run`, ROUNDS, [
    { name: 'bare chained commits', operations: STEPS, once: async () => await timeOf(commits) },
    { name: 'durable steps', operations: STEPS, once: async () => await timeOf(run) },
  ])
  engine.close()
  bare.close()
  return [found]
}
