import { ulid } from '#base/id.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { ACTOR, type Engine, must, openEngine } from './engine.ts'

/** So many runs are handed to the store at once; it makes one commit of them. */
const BATCH = 1000
/** A few runs that are not over, as a store in use has them. */
const WAITING = 20
const DAY_MS = 86_400_000

export interface BigStore {
  readonly runs: number
  readonly events: number
}

/** Fills the store of a home with finished runs, by the writer that the product writes with. */
export async function fillStore(home: string, runs: number): Promise<BigStore> {
  const engine = await openEngine(home, [])
  const begins = Date.now() - DAY_MS
  for (let first = 0; first < runs; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, runs - first) }, (_, index) => first + index)
    await Promise.all(numbers.map(async (number) => await write(engine, number, begins + (number * DAY_MS) / runs)))
  }
  for (let number = 0; number < WAITING; number++) await write(engine, -1 - number, Date.now())
  const { seq } = must(await engine.store.reader.head())
  engine.close()
  return { runs: runs + WAITING, events: seq }
}

async function write({ store }: Engine, number: number, at: number): Promise<void> {
  const runId = ulid(at, Math.random) as RunId
  must(
    await store.journal.append({
      runId,
      take: 'create',
      epoch: 1,
      actor: ACTOR,
      seenRunSeq: 0,
      events: eventsOf(number),
    }),
  )
}

function eventsOf(number: number): readonly EventDraft[] {
  const name = `job${Math.abs(number) % 50}`
  const input = { requested: [name], jobs: [], parallel: 2 }
  const body = { workflow: 'job', workflow_version: 1, name, input, resume: 'ask', config: null } as const
  const queued: EventDraft = { type: 'run.queued', body }
  if (number < 0) return [queued, { type: 'run.waiting', body: { ready_at: Date.now() + DAY_MS } }]
  if (number % 50 === 0) return [queued, { type: 'run.failed', body: { failure: { code: 'cancelled' } } }]
  return [queued, { type: 'run.succeeded', body: { output: { jobs: { [name]: { status: 'succeeded' } } } } }]
}
