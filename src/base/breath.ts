/** So long may work keep everything else from its turn. */
const LONGEST_MS = 15

/** Lets others have their turn during long work, and says whether it is to end. */
export interface Breath {
  /** Call it often: it does nothing most of the time. True once the work was called off. */
  take(): Promise<boolean>
}

export function breath(signal?: AbortSignal): Breath {
  let last = performance.now()
  return {
    take: async () => {
      if (performance.now() - last > LONGEST_MS) {
        await new Promise((resolve) => setImmediate(resolve))
        last = performance.now()
      }
      return signal?.aborted === true
    },
  }
}
