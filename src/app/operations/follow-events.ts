import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { count } from '#base/text.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { Call, Operation } from '../operation.ts'
import { RestTeller } from '../rest-teller.ts'
import { onStoreChange } from '../store-change.ts'
import type { RunEvents, RunSummary } from '../store-port.ts'

const Input = z.object({ run: z.string(), follow: z.optional(z.boolean()), format: z.optional(z.literal('orket')) })

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
    const rest = new RestTeller(call, input.follow === true)
    try {
      for (let last = 0; ; ) {
        const run = await reader.findRun(input.run)
        if (!run.ok) return run
        const page = await reader.runEvents(run.value.id, last)
        if (!page.ok) return page
        const first = page.value.events[0]
        if (input.format === 'orket' && last === 0 && first !== undefined && !isOfOrchestration(first))
          return err({ code: 'no_orket_events', run: run.value.id, name: run.value.name })
        last = tell(page.value, { call, runId: run.value.id, last })
        rest.look(run.value)
        if (input.follow !== true || isEnded(run.value.status) || !(await changes.next())) return ok(run.value)
      }
    } finally {
      changes.end()
    }
  },
}

/** Of an erased run, too: that it was erased is all there is. */
function isOfOrchestration(event: RunEvent): boolean {
  return event.type !== 'run.queued' || event.body.workflow === 'orchestration'
}

interface Told {
  readonly call: Call
  readonly runId: RunId
  readonly last: number
}

/** Tells what is new; gives the place of its last event. */
function tell({ events, unreadable, erased }: RunEvents, { call, runId, last }: Told): number {
  for (const failure of unreadable) call.report({ kind: 'failed', runId, failure })
  if (erased !== undefined && last < erased.runSeq) call.report({ kind: 'note', text: erasedText(erased) })
  for (const event of events) call.report({ kind: 'event', event, isNews: true })
  return events.at(-1)?.runSeq ?? last
}

function erasedText({ body: { through } }: EventOf<'run.erased'>): string {
  return `what ${count(through, 'event')} said was erased; the event that says so is left`
}
