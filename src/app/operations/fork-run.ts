import { resolve } from 'node:path'
import * as z from 'zod/mini'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import { borrowedBefore, replayable } from '#domain/run/borrow.ts'
import type { BorrowedEvent, EventBodies } from '#domain/run/event.ts'
import { type ForkPoint, forkPoints, treesAt } from '#domain/run/fork-points.ts'
import { type Move, rebased } from '#domain/run/rebased.ts'
import type { WholeTree } from '#domain/run/tree-fold.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { bodyErased } from '../body-erased.ts'
import { borrowings, checkFork } from '../fork-borrowing.ts'
import { makeCheckouts } from '../fork-checkouts.ts'
import { patched } from '../fork-patch.ts'
import type { Call, Operation } from '../operation.ts'
import { type ReadRun, readRun } from '../read-run.ts'
import { type StartedRun, startRun } from '../start-run.ts'
import { workPlaces } from '../work-places.ts'

const Input = z.object({
  run: z.string(),
  from: z.optional(z.string()),
  patch: z.optional(z.array(z.string())),
  workspace: z.optional(z.string()),
  detach: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

export interface ForkedRun extends StartedRun {
  readonly from: { readonly run: string; readonly step: string }
  /** The new directories, each with that in whose place it is. */
  readonly workspaces: readonly Move[]
}

/** Goes on from a step of an earlier run: with its results up to there, in a new directory that is as it was then. */
export const forkRun: Operation<Input, ForkedRun> = {
  name: 'runs fork',
  effect: 'write',
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const { from } = input
    if (from === undefined) return err(missingStep())
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const read = await readRun(reading.value.reader, input.run)
    if (!read.ok) return read
    const forkable = forkableRun(read.value)
    if (!forkable.ok) return forkable
    const fork = await planFork(forkable.value, { from, patch: input.patch ?? [] }, call)
    if (!fork.ok) return fork
    return await start(fork.value, input, call)
  },
}

interface Forkable {
  readonly id: string
  readonly queued: EventBodies['run.queued']
  readonly events: readonly BorrowedEvent[]
}

function forkableRun({ run, events, erased, unreadable }: ReadRun): Result<Forkable, Failure> {
  if (erased !== undefined) return err(bodyErased(erased))
  if (unreadable[0] !== undefined) return err(unreadable[0])
  const { id, name, workflow } = run
  const [first] = events
  if (first?.type !== 'run.queued' || workflow !== 'orchestration')
    return err({ code: 'run_not_forkable', run: id, name, workflow })
  return ok({ id, queued: first.body, events: replayable(events) })
}

interface Fork extends Forkable {
  readonly point: ForkPoint
  /** As it was pinned, with what is patched. */
  readonly input: OrchestrationInput
  readonly borrowed: readonly BorrowedEvent[]
  readonly trees: readonly WholeTree[]
}

interface Wanted {
  readonly from: string
  readonly patch: readonly string[]
}

function missingStep(): Failure {
  const expected = '--from STEP: the step with which it goes on, as runs show calls it'
  return { code: 'usage', problem: 'missing_argument', word: '--from', command: 'runs fork', expected }
}

/** All that can be said before anything is made. */
async function planFork(run: Forkable, { from, patch }: Wanted, call: Call): Promise<Result<Fork, Failure>> {
  const { id, queued, events } = run
  const points = forkPoints(events)
  const point = points.find(({ step }) => step === from)
  if (point === undefined) {
    const known = [...new Set(points.map(({ step }) => step))]
    const suggestion = nearest(from, known)
    return err({
      code: 'unknown_step',
      run: id,
      step: from,
      known,
      ...(suggestion !== undefined && { nearest: suggestion }),
    })
  }
  // The workflow's name says what its input is.
  const pinned = queued.input as unknown as OrchestrationInput
  const { documents, principal } = call.services
  const input = await patched(pinned, { point, texts: patch, by: actorOf(principal), documents })
  if (!input.ok) return input
  const trees = treesOf(run, point, pinned)
  if (!trees.ok) return trees
  const borrowed = borrowedBefore(events, point.seq)
  return ok({ ...run, point, input: input.value, borrowed, trees: trees.value })
}

/** Fails where the run may change something of which no tree was recorded: what is there now is not what was then. */
function treesOf(
  { id, events }: Forkable,
  point: ForkPoint,
  input: OrchestrationInput,
): Result<readonly WholeTree[], Failure> {
  const { trees, without } = treesAt(events, point)
  const recorded = new Set(trees.flatMap(({ directories }) => directories.map(({ path }) => path)))
  const missing = workPlaces(input).find((place) => !recorded.has(place))
  if (missing === undefined) return ok(trees)
  const why = without.find(({ directory }) => directory === missing)?.why
  const unknown = input.trees?.includes(missing) === true ? 'none was recorded before that step' : NO_REPOSITORY
  return err({ code: 'no_tree', run: id, step: point.step, directory: missing, reason: why ?? unknown })
}

const NO_REPOSITORY = 'it lay in no git repository'

async function start(fork: Fork, { workspace, detach }: Input, call: Call): Promise<Result<ForkedRun, Failure>> {
  const { id, queued, point, input, borrowed, trees } = fork
  const checked = await checkFork(fork, input, call.services)
  if (!checked.ok) return checked
  const runId = call.services.newRunId()
  const base = workspace === undefined ? undefined : resolve(call.services.currentDirectory, workspace)
  const made = await makeCheckouts(trees, { base, runId, call })
  if (!made.ok) return made
  const moves = made.value.flatMap(({ moves: each }) => each)
  const newInput = rebased<Json>(input as unknown as Json, moves)
  const body: EventBodies['run.queued'] = {
    ...queued,
    input: newInput,
    fork_of: { run: id, step: point.step, seq: point.seq },
  }
  const events = rebased<Json>(borrowed as unknown as Json, moves) as unknown as readonly BorrowedEvent[]
  const workspaces = made.value.map(({ from, to }) => ({ from, to }))
  for (const { from, to } of workspaces)
    call.report({ kind: 'note', text: `${to} is ${from} as it was before ${point.step}` })
  const started = await startRun(call, body, { runId, detach, steps: [], borrowed: borrowings(id, events) })
  return started.ok ? ok({ ...started.value, from: { run: id, step: point.step }, workspaces }) : started
}
