import type { Hashed, HashTask, HashWatch } from '#app/hash-port.ts'
import type { LaneMessage, LaneOrder } from './hash-worker.ts'
import { makeShared, runLane, type Shared, stopLanes } from './lane.ts'
import { type Numbered, packTasks, unpackResults } from './lane-message.ts'

export interface LaneOptions {
  readonly processors: number
  readonly worker: URL
}

/**
 * A thread takes 10 ms to start, and then it halves what is left. Measured on two processors: 10,000 files of 6 kB
 * take 98 ms without and 68 ms with it; below so many files, or so many bytes, it comes too late to help.
 */
const FILES_WORTH_A_THREAD = 1000
const BYTES_WORTH_A_THREAD = 2 ** 25
const MOST_THREADS = 16

/** Hashes the tasks in this thread and in as many more as there are processors, where there is enough to do. */
export async function runLanes(tasks: readonly HashTask[], watch: HashWatch, options: LaneOptions): Promise<void> {
  const shared = makeShared()
  const results = inOrder(tasks.length, watch)
  const tell = (made: readonly Numbered[]) => {
    if (watch.stop.aborted) stopLanes(shared)
    results.add(made)
    watch.moved(Number(Atomics.load(shared.bytes, 0)))
  }
  const more = threadsFor(tasks, watch, options.processors) - 1
  const order = more > 0 ? { tasks: packTasks(tasks), shared } : undefined
  const helpers =
    order === undefined ? [] : Array.from({ length: more }, () => startHelper(options.worker, order, tell))
  try {
    await runLane(tasks, shared, tell)
    const ended = Promise.all(helpers.map(async (helper) => await helper.ended))
    await Promise.race([results.complete, ended, aborted(watch.stop)])
    if (!watch.stop.aborted) await finish(tasks, results, { tell, shared })
  } finally {
    stopLanes(shared)
    for (const { end } of helpers) end()
  }
}

function threadsFor(tasks: readonly HashTask[], { expectedBytes = 0 }: HashWatch, processors: number): number {
  const isMuch = tasks.length >= FILES_WORTH_A_THREAD || expectedBytes >= BYTES_WORTH_A_THREAD
  return isMuch ? Math.max(1, Math.min(processors, tasks.length, MOST_THREADS)) : 1
}

interface Results {
  add(made: readonly Numbered[]): void
  /** Settles once every task has its result. */
  readonly complete: Promise<void>
  missing(): readonly number[]
}

/** Results come as they are made, and are told in the order of their tasks. */
function inOrder(length: number, { hashed }: HashWatch): Results {
  const all: (Hashed | undefined)[] = Array.from({ length })
  const { promise, resolve } = Promise.withResolvers<void>()
  let told = 0
  if (length === 0) resolve()
  const add = (made: readonly Numbered[]) => {
    for (const [number, result] of made) all[number] = result
    const from = told
    while (told < length && all[told] !== undefined) told++
    const ready = all.slice(from, told).filter((result) => result !== undefined)
    if (ready.length > 0) hashed(ready)
    if (told === length) resolve()
  }
  const missing = () => [...all.keys()].filter((number) => all[number] === undefined)
  return { add, complete: promise, missing }
}

/** What a thread took and did not bring, because it could not be started or died, is done here. */
async function finish(
  tasks: readonly HashTask[],
  results: Results,
  { tell, shared }: { readonly tell: (made: readonly Numbered[]) => void; readonly shared: Shared },
): Promise<void> {
  const missing = results.missing()
  const left = missing.flatMap((number) => tasks[number] ?? [])
  await runLane(left, { ...makeShared(), bytes: shared.bytes }, (made) => {
    tell(made.map(([index, result]): Numbered => [missing[index] ?? -1, result]))
  })
}

async function aborted(stop: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (stop.aborted) resolve()
  else stop.addEventListener('abort', () => resolve(), { once: true })
  await promise
}

interface Helper {
  /** Settles when it will bring no more. */
  readonly ended: Promise<void>
  end(): void
}

function startHelper(url: URL, order: LaneOrder, tell: (made: readonly Numbered[]) => void): Helper {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const worker = new Worker(url)
  worker.onmessage = ({ data }: { readonly data: LaneMessage }) =>
    data === 'end' ? resolve() : tell(unpackResults(data))
  worker.onerror = (event) => {
    event.preventDefault()
    resolve()
  }
  worker.addEventListener('close', () => resolve())
  worker.postMessage(order)
  return { ended, end: () => worker.terminate() }
}
