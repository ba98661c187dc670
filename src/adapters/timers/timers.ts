import { drainMicrotasks } from 'bun:jsc'
import type { Timers } from '#engine/timers-port.ts'

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
      // Longer than setTimeout can count is as long as it can.
      const timer = setTimeout(call, Math.min(durationMs, 2 ** 31 - 1))
      return () => clearTimeout(timer)
    },
    soon: (call) => {
      if (soon.push(call) === 1) setImmediate(callSoon)
    },
  }
}
