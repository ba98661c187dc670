import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { isEnded } from '#domain/run/run.ts'
import type { Operation } from '../operation.ts'
import { onStoreChange } from '../store-change.ts'
import type { RunSummary } from '../store-port.ts'

const Input = z.object({ run: z.string(), follow: z.optional(z.boolean()) })

/** Tells the events of a run, and with `follow` also those that come until it is over. */
export const followEvents: Operation<z.infer<typeof Input>, RunSummary> = {
  name: 'runs events',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const { reader, watch } = reading.value
    const changes = onStoreChange(watch, call.stop)
    try {
      for (let last = 0; ; ) {
        const run = await reader.findRun(input.run)
        if (!run.ok) return run
        const page = await reader.runEvents(run.value.id, last)
        if (!page.ok) return page
        for (const failure of page.value.unreadable) call.report({ kind: 'failed', runId: run.value.id, failure })
        for (const event of page.value.events) {
          last = event.runSeq
          call.report({ kind: 'event', event, isNews: true })
        }
        if (input.follow !== true || isEnded(run.value.status) || !(await changes.next())) return ok(run.value)
      }
    } finally {
      changes.end()
    }
  },
}
