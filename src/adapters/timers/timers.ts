import { drainMicrotasks } from 'bun:jsc'
import type { Timers } from '#engine/timers-port.ts'

/** The most that setTimeout can count; anything more it takes for nothing. */
const MOST_MS = 2 ** 31 - 1
/** The wall clock may jump, and a laptop sleep: how often, at least, it is asked. */
const LONGEST_MS = 1000

/** Timers of the operating system. */
export function timers(): Timers {
  const soon: (() => void)[] = []
  // One after the other, each until it is idle: what one call sets going must not run inside another's turn.
  const callSoon = () => {
    for (const call of soon.splice(0)) {
      call()
      drainMicrotasks()
    }
  }
  return {
    at: (dueMs, call) => {
      let timer: NodeJS.Timeout
      const look = () => {
        const left = dueMs - Date.now()
        if (left <= 0) call()
        else timer = setTimeout(look, Math.min(left, LONGEST_MS))
      }
      timer = setTimeout(look, Math.max(0, Math.min(dueMs - Date.now(), LONGEST_MS)))
      return () => clearTimeout(timer)
    },
    after: (durationMs, call) => {
      let timer: NodeJS.Timeout
      const arm = (leftMs: number) => {
        const later = leftMs - MOST_MS
        timer = later > 0 ? setTimeout(() => arm(later), MOST_MS) : setTimeout(call, leftMs)
      }
      arm(durationMs)
      return () => clearTimeout(timer)
    },
    soon: (call) => {
      if (soon.push(call) === 1) setImmediate(callSoon)
    },
  }
}
