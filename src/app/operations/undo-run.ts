import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import { type ChangedFile, changesOf, type RunChanges } from '#domain/run/undo.ts'
import { type FileState, type UndoInput, undo } from '#workflows/undo.ts'
import { bodyErased } from '../body-erased.ts'
import type { Call, Operation } from '../operation.ts'
import { readRun } from '../read-run.ts'
import { type StartedRun, startRun } from '../start-run.ts'
import type { RunSummary } from '../store-port.ts'

const Input = z.object({
  run: z.string(),
  node: z.optional(z.string()),
  dry_run: z.optional(z.boolean()),
  force: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

export interface UndoneRun {
  /** The run that is undone. */
  readonly of: RunSummary
  readonly files: readonly ChangedFile[]
  /** How each of them stood before; what they are now is told by the run. */
  readonly states: readonly FileState[]
  /** How many other steps of it may have changed something that nobody knows. */
  readonly others: number
  /** The run that undoes it; undefined where it was only asked what would be. */
  readonly started: StartedRun | undefined
}

/** Puts files back as they were before the agents of a run changed them. It is a run of its own. */
export const undoRun: Operation<Input, UndoneRun> = {
  name: 'runs undo',
  effect: 'destructive',
  // An agent does not undo what others did.
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const found = await findChanges(input, call)
    if (!found.ok) return found
    const { of, changes } = found.value
    const states = (await call.services.changedFiles()).states(changes.files)
    const undone = { of, files: changes.files, states, others: changes.others }
    if (input.dry_run === true) return ok({ ...undone, started: undefined })
    const { node = null, force = false } = input
    const started = await startRun(call, queuedUndo(of, { run: of.id, node, force, files: changes.files }), {})
    return started.ok ? ok({ ...undone, started: started.value }) : started
  },
}

async function findChanges(
  { run, node }: Input,
  { services }: Call,
): Promise<Result<{ readonly of: RunSummary; readonly changes: RunChanges }, Failure>> {
  const reading = await services.reading()
  if (!reading.ok) return reading
  const read = await readRun(reading.value.reader, run)
  if (!read.ok) return read
  const { run: of, events, erased, unreadable } = read.value
  if (erased !== undefined) return err(bodyErased(erased))
  // What it says of files that cannot be read would be left out silently.
  const [damaged] = unreadable
  if (damaged !== undefined) return err(damaged)
  if (!isEnded(of.status)) return err({ code: 'run_open', run: of.id, status: of.status })
  const changes = changesOf(events, node)
  if (changes.files.length > 0) return ok({ of, changes })
  return err({ code: 'nothing_to_undo', run: of.id, nodes: [...changes.nodes], ...(node !== undefined && { node }) })
}

function queuedUndo({ name }: RunSummary, input: UndoInput): EventBodies['run.queued'] {
  return {
    workflow: undo.name,
    workflow_version: undo.version,
    name: `undo ${name}`,
    input,
    // Each step of it may start anew.
    resume: 'auto',
    config: null,
  }
}
