import type { StopRequest } from './operation.ts'
import type { StoreWatch } from './store-port.ts'
import { makeWake } from './wake.ts'

/** How long, at most, a look back takes to come: output grows without any commit. */
const LOOK_AGAIN_MS = 100

export interface StoreChanges {
  /** Resolves when it is time to look again; false where the caller wants no more. */
  next(): Promise<boolean>
  end(): void
}

/** Waiting for something to have changed, until the caller is told to stop. */
export function onStoreChange(watch: StoreWatch, stop: StopRequest): StoreChanges {
  let isStopped = false
  const changed = makeWake()
  const stopWatching = watch.subscribe(changed.wake)
  const stopListening = stop.onRequest(() => {
    isStopped = true
    changed.wake()
  })
  return {
    next: async () => {
      if (!isStopped) await changed.wait(LOOK_AGAIN_MS)
      return !isStopped
    },
    end: () => {
      stopWatching()
      stopListening()
    },
  }
}
