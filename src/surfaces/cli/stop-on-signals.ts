import type { StopRequest } from '#app/operation.ts'

interface StopOnSignals extends StopRequest {
  /** Somebody else than a signal's sender wants no more. */
  readonly request: (signal: string) => void
  readonly end: () => void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * The signals by which a terminal or a supervisor says that it wants no more. `heard` is called where something is
 * brought to an end first.
 */
export function stopOnSignals(heard: (times: number) => void): StopOnSignals {
  const calls = new Set<(signal: string, times: number) => void>()
  let times = 0
  const end = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
  const onSignal = (signal: NodeJS.Signals) => {
    times += 1
    for (const call of calls) call(signal, times)
    if (calls.size > 0) {
      heard(times)
      return
    }
    // Nobody here has anything to bring to an end first: the signal does what it does by itself.
    end()
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    onRequest: (call) => {
      calls.add(call)
      return () => calls.delete(call)
    },
    request: (signal) => {
      for (const call of calls) call(signal, 1)
    },
    end,
  }
}
