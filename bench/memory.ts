import { ok } from '#base/result.ts'
import { workflow } from '#engine/workflow.ts'
import { newRunId, nothing, openEngine, queuedRun } from './support/engine.ts'
import { type Finding, figure, type Group } from './support/measure.ts'
import { makeHome } from './support/programs.ts'

const STEPS = 10_000
const EVERY = 2000

/** How the memory of this process goes while one run makes 10,000 steps. */
export const memory: Group = { name: 'memory', measure }

async function measure(): Promise<readonly Finding[]> {
  const looks: string[] = []
  const long = workflow<number, number>('long', 1, async (ctx, count) => {
    for (let number = 0; number <= count; number++) {
      if (number % EVERY === 0) looks.push(look(number))
      await ctx.run(nothing, number)
    }
    return ok(count)
  })
  const engine = await openEngine(makeHome('memory'), [long])
  await engine.worker.begin(newRunId(), queuedRun('long', STEPS))
  engine.close()
  return [figure(`memory after so many steps of one run (resident, heap in use)`, looks.join('; '))]
}

/** After a collection, so that garbage that could go is not counted. */
function look(steps: number): string {
  Bun.gc(true)
  const { rss, heapUsed } = process.memoryUsage()
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  return `${steps}: ${mebibytes(rss)}, ${mebibytes(heapUsed)}`
}
