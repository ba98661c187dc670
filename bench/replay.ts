import { workflow } from '#engine/workflow.ts'
import { must, newRunId, nothing, openEngine, queuedRun } from './support/engine.ts'
import { compare, type Finding, type Group, timeOf } from './support/measure.ts'
import { makeHome } from './support/programs.ts'

const ROUNDS = 30
const EVENTS = 1000
/** A step is two events: its beginning and its end. */
const STEPS = EVENTS / 2

/** How long it takes until a run with 1,000 recorded events is where it was when its process let go of it. */
export const replay: Group = { name: 'replay', measure }

async function measure(): Promise<readonly Finding[]> {
  let arrivedAt = 0
  const patient = workflow<number, number>('patient', 1, async (ctx, count) => {
    for (let number = 0; number < count; number++) await ctx.run(nothing, number)
    arrivedAt = performance.now()
    return await ctx.signal<number>('end')
  })
  const engine = await openEngine(makeHome('replay'), [patient])
  const runId = newRunId()
  await engine.worker.begin(runId, queuedRun('patient', STEPS))
  const goOn = async () => {
    const start = performance.now()
    await engine.worker.goOn(runId, { unattended: false })
    return arrivedAt - start
  }
  const history = async () => must(await engine.store.journal.history(runId))
  const found = await compare(`replay of ${EVENTS} events`, ROUNDS, [
    { name: 'reading them, checked', operations: EVENTS, once: async () => await timeOf(history) },
    { name: 'taking the run over', operations: EVENTS, once: goOn },
  ])
  engine.close()
  return [found]
}
