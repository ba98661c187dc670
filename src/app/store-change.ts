import type { StopRequest } from './operation.ts'
import type { StoreWatch } from './store-port.ts'

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
  let wake: () => void = () => undefined
  const stopWatching = watch.subscribe(() => wake())
  const stopListening = stop.onRequest(() => {
    isStopped = true
    wake()
  })
  return {
    next: async () => {
      if (isStopped) return false
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      return !isStopped
    },
    end: () => {
      stopWatching()
      stopListening()
    },
  }
}
