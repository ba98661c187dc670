import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { type Replayed, replayRun as replay } from '#engine/replay-run.ts'
import { bodyErased } from '../body-erased.ts'
import type { Operation } from '../operation.ts'
import { readRun } from '../read-run.ts'
import type { RunSummary } from '../store-port.ts'

const Input = z.object({ run: z.string() })

export interface ReplayedRun extends Replayed {
  readonly run: RunSummary
}

/** Runs a recorded run again from its records alone, and says where it first does something else. */
export const replayRun: Operation<z.infer<typeof Input>, ReplayedRun> = {
  name: 'runs replay',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const read = await readRun(reading.value.reader, input.run)
    if (!read.ok) return read
    const { run, events, unreadable, erased } = read.value
    if (erased !== undefined) return err(bodyErased(erased))
    const [damaged] = unreadable
    if (damaged !== undefined) return err(damaged)
    const replayed = await replay(run.id, events, await call.services.replaying())
    return replayed.ok ? ok({ run, ...replayed.value }) : replayed
  },
}
