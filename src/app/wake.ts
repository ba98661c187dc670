/** Waiting to be woken, or for a time at most. A wake-up that comes before the wait is not lost. */
export interface Wake {
  wake(): void
  wait(limitMs: number): Promise<void>
}

export function makeWake(): Wake {
  let isAwake = false
  let resolveWait: (() => void) | undefined
  return {
    wake: () => {
      isAwake = true
      resolveWait?.()
    },
    wait: async (limitMs) => {
      if (!isAwake) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, limitMs))
          resolveWait = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      resolveWait = undefined
      isAwake = false
    },
  }
}
