import { drainMicrotasks } from 'bun:jsc'
import { join } from 'node:path'
import { marks } from '#adapters/keys/marks.ts'
import { signingKey } from '#adapters/keys/signing-key.ts'
import { openLiveness } from '#adapters/sqlite/liveness.ts'
import { OWNERS_FOLDER, openStore, type WritableStore } from '#adapters/sqlite/store.ts'
import { timers } from '#adapters/timers/timers.ts'
import { ulid } from '#base/id.ts'
import type { Json } from '#base/json.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Activities } from '#engine/activities.ts'
import { Worker } from '#engine/worker.ts'
import { activity, type Workflow } from '#engine/workflow.ts'

export const ACTOR = 'person:bench@local'
const clock = { now: () => Date.now() }

/** An activity that costs nothing, so that what is measured is the engine and its store. */
export const nothing = activity<number, number>('nothing')
const ACTIVITIES: Activities = { nothing: { run: async (input) => ok(input) } }

/** The engine over a real store in this process, as the composition root puts it together. */
export interface Engine {
  readonly store: WritableStore
  readonly worker: Worker
  close(): void
}

/** Where a store lies below a home, as the product has it. */
export function storeOf(home: string): string {
  return join(home, '.local/state/orchastration')
}

export async function openEngine(
  home: string,
  workflows: readonly Workflow[],
  activities: Activities = ACTIVITIES,
): Promise<Engine> {
  const directory = storeOf(home)
  const keys = join(home, '.local/share/orchastration')
  const liveness = must(openLiveness(join(directory, OWNERS_FOLDER), newRunId()))
  const proof = { key: signingKey(keys), marks: marks(keys) }
  const store = must(await openStore({ directory, clock, liveness, actor: ACTOR, ...proof }))
  const worker = new Worker({
    journal: store.journal,
    activities,
    clock,
    timers: timers(),
    random: Math.random,
    drain: drainMicrotasks,
    actor: ACTOR,
    findWorkflow: async (wanted) => workflows.find(({ name }) => name === wanted),
    liveness,
    askAbout: () => null,
  })
  const close = () => {
    store.close()
    liveness.end()
  }
  return { store, worker, close }
}

export function newRunId(): RunId {
  // A ULID is what a run's id is made of.
  return ulid(Date.now(), Math.random) as RunId
}

export function queuedRun(workflow: string, input: Json): EventBodies['run.queued'] {
  return { workflow, workflow_version: 1, name: workflow, input, resume: 'auto', config: null }
}

export function must<T>(result: Result<T, Failure>): T {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.error))
}
