import { openReadableStore } from '#adapters/sqlite/store.ts'
import { sha256 } from '#base/digest.ts'
import { ulid } from '#base/id.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { ACTOR, type Engine, must, openEngine, storeOf } from './engine.ts'

/** So many runs are handed to the store at once; it makes one commit of them. */
const BATCH = 1000
/** A few runs that are not over, as a store in use has them. */
const WAITING = 20
const DAY_MS = 86_400_000

export interface BigStore {
  readonly runs: number
  readonly events: number
}

export interface Wanted {
  readonly runs: number
  /** `whole` runs have the events of a run of one job, five of them; `short` ones only the first and the last. */
  readonly shape: 'whole' | 'short'
}

/** Fills the store of a home with finished runs, by the writer that the product writes with. */
export async function fillStore(home: string, { runs, shape }: Wanted): Promise<BigStore> {
  const engine = await openEngine(home, [])
  const begins = Date.now() - DAY_MS
  for (let first = 0; first < runs; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, runs - first) }, (_, index) => first + index)
    await Promise.all(
      numbers.map(async (number) => await write(engine, eventsOf(number, shape), begins + (number * DAY_MS) / runs)),
    )
  }
  for (let number = 0; number < WAITING; number++) await write(engine, waitingRun(number), Date.now())
  engine.close()
  return { runs: runs + WAITING, events: await countEvents(home) }
}

async function countEvents(home: string): Promise<number> {
  const { log, reader } = must(await openReadableStore(storeOf(home)))
  const { events } = must(await log.extent())
  reader.close()
  return events
}

async function write({ store }: Engine, events: readonly EventDraft[], at: number): Promise<void> {
  const runId = ulid(at, Math.random) as RunId
  must(
    await store.journal.append({
      runId,
      take: 'create',
      epoch: 1,
      actor: ACTOR,
      seenRunSeq: 0,
      events,
    }),
  )
}

function queued(number: number): EventDraft {
  const name = nameOf(number)
  const input = { requested: [name], jobs: [], parallel: 2 }
  const body = { workflow: 'job', workflow_version: 1, name, input, resume: 'ask', config: null } as const
  return { type: 'run.queued', body }
}

function nameOf(number: number): string {
  return `job${number % 50}`
}

function waitingRun(number: number): readonly EventDraft[] {
  return [queued(number), { type: 'run.waiting', body: { ready_at: Date.now() + DAY_MS } }]
}

function eventsOf(number: number, shape: Wanted['shape']): readonly EventDraft[] {
  const name = nameOf(number)
  const steps = shape === 'whole' ? stepOf(name) : []
  const failed = { type: 'run.failed', body: { failure: { code: 'cancelled' } } } as const
  const succeeded = { type: 'run.succeeded', body: { output: { jobs: { [name]: { status: 'succeeded' } } } } } as const
  return [queued(number), ...steps, number % 50 === 0 ? failed : succeeded]
}

function stepOf(name: string): readonly EventDraft[] {
  const argv = ['make', name]
  const step = { number: 1, name, activity: 'command' }
  const input = { argv, directory: '/srv/project', env: {} }
  const none = { digest: sha256(''), bytes: 0 }
  const times = { started_at: Date.now(), ended_at: Date.now() }
  const output = { argv, directory: '/srv/project', ...times, exit: 0, signal: null, stdout: none, stderr: none }
  return [
    { type: 'run.started', body: { owner: '01k9zzzzzzzzzzzzzzzzzzzzzz' } },
    { type: 'step.started', body: { ...step, input, input_digest: sha256(name), idempotent: false } },
    { type: 'step.succeeded', body: { ...step, attempt: 1, output } },
  ]
}
