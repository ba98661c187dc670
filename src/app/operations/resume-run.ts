import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { isEnded } from '#domain/run/run.ts'
import { attend } from '../attend.ts'
import type { Attended } from '../attended.ts'
import { bodyErased } from '../body-erased.ts'
import type { Operation } from '../operation.ts'
import { jobNames } from '../run-jobs-of.ts'

const Input = z.object({ run: z.string() })

/** Goes on with an interrupted, paused or waiting run; asking for it is the consent to start in-flight steps again. */
export const resumeRun: Operation<z.infer<typeof Input>, Attended> = {
  name: 'runs resume',
  effect: 'write',
  callers: ['person'],
  input: Input,
  run: async (input, call) => {
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    const { reader, worker } = executing.value
    const run = await reader.findRun(input.run)
    if (!run.ok) return run
    const { id: runId, name } = run.value
    const events = await reader.runEvents(runId, 0)
    if (!events.ok) return events
    const { erased } = events.value
    if (erased !== undefined) return err(bodyErased(erased))
    const { status } = run.value
    const isOver = isEnded(status)
    if (!isOver) call.report({ kind: 'begun', runId, name, jobs: jobNames(events.value.events) })
    const start = async () => await worker.goOn(runId, { unattended: false })
    const quiet = isOver ? { ...call, report: () => undefined } : call
    const attended = await attend(executing.value, quiet, { runId, isNew: false, start })
    if (!attended.ok) return attended
    // Staying with a run that is over has made up for records that its dead process did not write.
    return isOver ? err({ code: 'run_ended', run: runId, status }) : ok(attended.value)
  },
}
