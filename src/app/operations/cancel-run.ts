import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { Call, Operation } from '../operation.ts'
import type { Executing } from '../services.ts'
import type { RunSummary } from '../store-port.ts'
import { makeWake } from '../wake.ts'

const Input = z.object({ run: z.string() })

/** A process that dies commits nothing, so the run is looked at again from time to time. */
const LOOK_AGAIN_MS = 200

/** Ends a run and all that it started, whoever executes it. */
export const cancelRun: Operation<z.infer<typeof Input>, RunSummary> = {
  name: 'runs cancel',
  effect: 'destructive',
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const opened = await call.services.executing()
    if (!opened.ok) return opened
    const found = await opened.value.reader.findRun(input.run)
    if (!found.ok) return found
    const { id, status } = found.value
    if (isEnded(status)) return err({ code: 'run_ended', run: id, status })
    return await cancel(opened.value, call, found.value)
  },
}

/** Asks again and again, since whoever has the run may end, park or take it at any moment. */
async function cancel(
  executing: Executing,
  call: Call,
  { id, name }: RunSummary,
): Promise<Result<RunSummary, Failure>> {
  const changed = makeWake()
  const stopWatching = executing.watch.subscribe(changed.wake)
  try {
    for (let isAsked = false; ; ) {
      const run = await executing.reader.findRun(id)
      if (!run.ok || isEnded(run.value.status)) return run
      const isOwned = run.value.status === 'running' && !run.value.interrupted
      if (isOwned && isAsked) await changed.wait(LOOK_AGAIN_MS)
      const done = await end(executing, call, { id, name, isOwned, isAsked })
      if (!done.ok) return done
      isAsked = isOwned
    }
  } finally {
    stopWatching()
  }
}

interface Ending {
  readonly id: RunId
  readonly name: string
  readonly isOwned: boolean
  readonly isAsked: boolean
}

/** Whoever took the run, let go of it or ended it between our look and our word makes us look again, not fail. */
async function end(
  executing: Executing,
  call: Call,
  { id, name, isOwned, isAsked }: Ending,
): Promise<Result<void, Failure>> {
  if (isOwned && isAsked) return ok()
  const done = await (isOwned ? ask(executing, call, id) : close(executing, call, id))
  // Whoever has the run says so itself.
  if (done.ok && !isOwned)
    call.services.log.write({ level: 'warn', message: 'run cancelled', fields: { run: id, name } })
  return done.ok || isElsewhere(done.error) ? ok() : done
}

/** A living owner ends its own children. */
async function ask({ journal }: Executing, call: Call, runId: RunId): Promise<Result<void, Failure>> {
  const actor = actorOf(call.services.principal)
  const draft = { type: 'run.cancel_requested', body: { signal: null } } as const
  const asked = await journal.deliver({ runId, actor, draft })
  return asked.ok ? ok() : asked
}

/** Without an owner, we are the one to do it. */
async function close({ worker }: Executing, call: Call, runId: RunId): Promise<Result<void, Failure>> {
  return await worker.close(runId, { actor: actorOf(call.services.principal), signal: null })
}

function isElsewhere({ code }: Failure): boolean {
  return code === 'run_owned' || code === 'run_fenced' || code === 'run_ended'
}
