import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { actorOf } from '#domain/people/principal.ts'
import { isEnded } from '#domain/run/run.ts'
import type { Operation } from '../operation.ts'
import type { RunSummary } from '../store-port.ts'
import { untilEnded } from '../until-ended.ts'

const Input = z.object({ run: z.string() })

/** Ends a run and all that it started, whoever executes it. */
export const cancelRun: Operation<z.infer<typeof Input>, RunSummary> = {
  name: 'runs cancel',
  effect: 'destructive',
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const opened = await call.services.executing()
    if (!opened.ok) return opened
    const { journal, reader, watch, worker } = opened.value
    const found = await reader.findRun(input.run)
    if (!found.ok) return found
    const run = found.value
    if (isEnded(run.status)) return err({ code: 'run_ended', run: run.id, status: run.status })
    const actor = actorOf(call.services.principal)
    // A living owner is asked, and ends its own children; without one, we are the one to do it.
    const isOwned = run.status === 'running' && !run.interrupted
    const asked = isOwned
      ? await journal.deliver({ runId: run.id, actor, draft: { type: 'run.cancel_requested', body: { signal: null } } })
      : await worker.close(run.id, { actor, signal: null })
    if (!asked.ok) return asked
    const ended = await untilEnded({ reader, watch }, run.id)
    return ended.ok ? ok(ended.value) : ended
  },
}
