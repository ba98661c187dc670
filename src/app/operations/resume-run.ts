import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { attend } from '../attend.ts'
import type { Attended } from '../attended.ts'
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
    call.report({ kind: 'begun', runId, name, jobs: jobNames(events.value.events) })
    const start = async () => await worker.goOn(runId, { unattended: false })
    const attended = await attend(executing.value, call, { runId, isNew: false, start })
    return attended.ok ? ok(attended.value) : attended
  },
}
