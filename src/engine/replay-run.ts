import { canonicalJson, type Json } from '#base/json.ts'
import { jsonDifference } from '#base/json-difference.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { endingOf } from '#domain/run/ending.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Stop } from './host-port.ts'
import { queuedEvent, workflowOf } from './recovery.ts'
import { type Compared, type Difference, ReplayHost } from './replay-host.ts'
import { execute } from './scheduler.ts'
import type { FindWorkflow, Workflow } from './workflow.ts'

/** What a run is replayed with. */
export interface ReplayParts {
  readonly findWorkflow: FindWorkflow
  readonly drain: () => void
}

export interface Replayed {
  readonly compared: Compared
  /** Undefined where the replay did all that is recorded, and nothing else. */
  readonly difference: Difference | undefined
  /**
   * How far it came: `ended` as recorded; `closed` where others ended the run from outside, and the workflow stands
   * before that; `open` where the run has not ended.
   */
  readonly reached: 'ended' | 'closed' | 'open'
}

/**
 * Runs a recorded workflow again from its journal alone. No activity is called, no timer set and nothing written: all
 * that the workflow asks for is compared with what it asked for then, and all that it is told is what it was told.
 */
export async function replayRun(
  runId: RunId,
  events: readonly RunEvent[],
  { findWorkflow, drain }: ReplayParts,
): Promise<Result<Replayed, Failure>> {
  const gap = events.find((event, index) => event.runSeq !== index + 1)
  if (gap !== undefined)
    return err({
      code: 'event_unreadable',
      run: runId,
      seq: gap.seq,
      reason: 'the event of the run before it is missing',
    })
  const workflow = await workflowOf(runId, events, findWorkflow)
  if (!workflow.ok) return workflow
  try {
    return ok(await replay(runId, events, { workflow: workflow.value, drain }))
  } catch (error) {
    // Only bodies that this program never wrote come to this; that is the business of `verify`.
    const seq = events.at(-1)?.seq ?? 0
    return err({ code: 'event_unreadable', run: runId, seq, reason: `its events cannot be replayed: ${String(error)}` })
  }
}

async function replay(
  runId: RunId,
  events: readonly RunEvent[],
  { workflow, drain }: { readonly workflow: Workflow; readonly drain: () => void },
): Promise<Replayed> {
  const host = new ReplayHost(runId, events, drain)
  const executed = await execute(workflow, queuedEvent(events)?.body.input ?? null, host)
  const end = events.findLast(isEnd)
  if (executed.ok) host.endHere()
  // Closed, or not even begun, before the first turn was recorded.
  const isUntouched = host.isBlank && (end === undefined || end.type === 'run.cancelled')
  if (isUntouched)
    return { compared: host.compared, difference: undefined, reached: end === undefined ? 'open' : 'closed' }
  const difference =
    host.difference ?? (executed.ok ? endDifference(executed.value, end) : stopDifference(executed.error, end))
  const isOwnEnd = executed.ok || executed.error.kind === 'stopped'
  const reached = end === undefined ? 'open' : isOwnEnd ? 'ended' : 'closed'
  const facts = host.compared.facts + (reached === 'ended' && difference === undefined ? 1 : 0)
  return { compared: { ...host.compared, facts }, difference, reached }
}

type End = Extract<RunEvent, { readonly type: `run.${'succeeded' | 'failed' | 'cancelled' | 'timed_out'}` }>

function isEnd(event: RunEvent): event is End {
  switch (event.type) {
    case 'run.succeeded':
    case 'run.failed':
    case 'run.cancelled':
    case 'run.timed_out':
      return true
    default:
      return false
  }
}

/** The workflow came to an end: the recorded one must be the same. */
function endDifference(result: Result<Json, Failure>, end: End | undefined): Difference | undefined {
  const ending = endingOf(result)
  if (end === undefined) return { seq: null, recorded: 'no end of the run', replayed: ending.type }
  // Whoever closed the run did so without its workflow, whatever that would have come to.
  if (end.type !== ending.type) return { seq: end.seq, recorded: end.type, replayed: ending.type }
  const plain = (body: object): Json => JSON.parse(canonicalJson(body as Json))
  const difference = jsonDifference(plain(end.body), plain(ending.body))
  if (difference === undefined) return undefined
  const what = (value: Json | undefined) =>
    `${end.type}: ${difference.at} ${value === undefined ? 'is not set' : `is ${canonicalJson(value)}`}`
  return { seq: end.seq, recorded: what(difference.first), replayed: what(difference.second) }
}

/** The workflow stands where its journal stops. An end that is recorded all the same was not its own. */
function stopDifference(stop: Stop, end: End | undefined): Difference | undefined {
  const replayed = stop.kind === 'parked' ? 'a wait for what was started before' : stop.failure.code
  if (end === undefined) return stop.kind === 'parked' ? undefined : { seq: null, recorded: 'nothing more', replayed }
  const failed = end.type === 'run.failed' ? end.body.failure.code : undefined
  const isSame = stop.kind === 'stopped' && failed === stop.failure.code
  const isFromOutside = stop.kind === 'parked' && (end.type === 'run.cancelled' || isOfEngine(failed))
  return isSame || isFromOutside ? undefined : { seq: end.seq, recorded: end.type, replayed }
}

/** With these the engine ends a run and leaves the turn that came to them unrecorded. */
function isOfEngine(code: Failure['code'] | undefined): boolean {
  return code === 'value_too_large' || code === 'nondeterministic_await'
}
