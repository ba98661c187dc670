import type { StopRequest } from '#app/operation.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The signals by which a terminal or a supervisor says that it wants no more. */
export function stopOnSignals(): StopRequest & { readonly end: () => void } {
  const calls = new Set<(signal: string, times: number) => void>()
  let times = 0
  const onSignal = (signal: NodeJS.Signals) => {
    times += 1
    for (const call of calls) call(signal, times)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    onRequest: (call) => {
      calls.add(call)
      return () => calls.delete(call)
    },
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal)
    },
  }
}
