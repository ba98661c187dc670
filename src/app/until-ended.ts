import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { RunSummary, StoreReader, StoreWatch } from './store-port.ts'

/** Waits for the end of a run, or for the death of the process that should have ended it. */
export async function untilEnded(
  { reader, watch }: { readonly reader: StoreReader; readonly watch: StoreWatch },
  runId: RunId,
): Promise<Result<RunSummary, Failure>> {
  let wake: () => void = () => undefined
  const stopWatching = watch.subscribe(() => wake())
  try {
    for (;;) {
      const run = await reader.findRun(runId)
      if (!run.ok || isEnded(run.value.status) || run.value.interrupted) return run.ok ? ok(run.value) : run
      await new Promise<void>((resolve) => {
        // A process that dies commits nothing: look again from time to time.
        const timer = setTimeout(resolve, 200)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    stopWatching()
  }
}
