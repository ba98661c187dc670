import type { HashTask } from '#app/hash-port.ts'
import { hashFile, scratch } from './hash-file.ts'
import { hashers } from './hashers.ts'
import type { Numbered } from './lane-message.ts'

/** After so long, a lane tells what it has and lets others have their turn. */
const SLICE_MS = 20

/** What the lanes of several threads share. */
export interface Shared {
  /** The number of the next task that nobody has taken; then whether somebody wants no more. */
  readonly counters: Int32Array<SharedArrayBuffer>
  /** Bytes read by now. */
  readonly bytes: BigInt64Array<SharedArrayBuffer>
}

const [NEXT, STOPPED] = [0, 1]

export function makeShared(): Shared {
  const counters = new Int32Array(new SharedArrayBuffer(8))
  return { counters, bytes: new BigInt64Array(new SharedArrayBuffer(8)) }
}

export function stopLanes({ counters }: Shared): void {
  Atomics.store(counters, STOPPED, 1)
}

/** Takes one task after the other, until none is left. `tell` gets results in the order in which they were made. */
export async function runLane(
  tasks: readonly HashTask[],
  shared: Shared,
  tell: (results: readonly Numbered[]) => void,
): Promise<void> {
  const { counters, bytes } = shared
  const hasherOf = hashers()
  let made: Numbered[] = []
  let tellAt = performance.now() + SLICE_MS
  const tellOnce = () => {
    tell(made)
    made = []
    tellAt = performance.now() + SLICE_MS
  }
  const isStopped = () => Atomics.load(counters, STOPPED) === 1
  const moved = (read: number) => {
    Atomics.add(bytes, 0, BigInt(read))
    if (performance.now() >= tellAt) tellOnce()
  }
  const place = { scratch: scratch(), moved, isStopped }
  while (!isStopped()) {
    const number = Atomics.add(counters, NEXT, 1)
    const task = tasks[number]
    if (task === undefined) break
    const hasher = hasherOf(task.algorithm)
    const hashed = hashFile(task.path, { ...place, hasher: hasher instanceof Promise ? await hasher : hasher })
    const result = hashed instanceof Promise ? await hashed : hashed
    if (result === undefined) break
    // Not before it is there: what was made before may have been told meanwhile.
    made.push([number, result])
    if (performance.now() < tellAt) continue
    tellOnce()
    await new Promise(setImmediate)
  }
  tellOnce()
}
