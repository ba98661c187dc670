import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, PauseReason, RunEvent } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { RunHistory } from './journal-port.ts'
import type { FindWorkflow, Workflow } from './workflow.ts'

/**
 * How often a run whose process died goes on without a person having looked at it.
 * @internal exported for the simulation, which holds runs against it
 */
export const UNATTENDED_LIMIT = 3

/** The steps that were started and have no end: whether they did their work, nobody knows. */
export function inFlight(events: readonly RunEvent[]): readonly EventOf<'step.started'>[] {
  const open = new Map<number, EventOf<'step.started'>>()
  const backingOff = new Set<number>()
  const resting = new Map<number, EventOf<'step.started'>>()
  for (const event of events) {
    if (event.type === 'step.started') open.set(event.body.number, event)
    else if (event.type === 'step.succeeded' || event.type === 'step.failed') open.delete(event.body.number)
    else if (event.type === 'step.retried') backingOff.add(event.body.number)
    // A parked run has nothing in flight: whatever backs off has not started again.
    else if (event.type === 'run.waiting') move(backingOff, open, resting)
    // Whoever took it over may have started the next try, and no event says so.
    else if (event.type === 'run.resumed') move(backingOff, resting, open)
  }
  return [...open.values()]
}

function move<T>(numbers: Iterable<number>, from: Map<number, T>, to: Map<number, T>): void {
  for (const number of numbers) {
    const step = from.get(number)
    if (step === undefined) continue
    from.delete(number)
    to.set(number, step)
  }
}

/** The fact that made the run: what it runs, on what. */
export function queuedEvent(events: readonly RunEvent[]): EventOf<'run.queued'> | undefined {
  const first = events[0]
  return first?.type === 'run.queued' ? first : undefined
}

/** Why a paused run stands still. */
export function lastPause(events: readonly RunEvent[]): PauseReason {
  const pause = events.findLast((event) => event.type === 'run.paused')
  return pause?.type === 'run.paused' ? pause.body.reason : { kind: 'resumed_too_often', times: UNATTENDED_LIMIT }
}

/** The run's workflow, or why nobody in this process may execute it. */
export async function executable(
  runId: RunId,
  history: RunHistory,
  findWorkflow: FindWorkflow,
): Promise<Result<Workflow, Failure>> {
  if (isEnded(history.status)) return err({ code: 'run_ended', run: runId, status: history.status })
  if (history.owned) return err({ code: 'run_owned', run: runId, owner: 'another process' })
  return await workflowOf(runId, history.events, findWorkflow)
}

/** The workflow that a run was made by. Another version of it would not do what is recorded. */
export async function workflowOf(
  runId: RunId,
  events: readonly RunEvent[],
  findWorkflow: FindWorkflow,
): Promise<Result<Workflow, Failure>> {
  const queued = queuedEvent(events)
  if (queued === undefined)
    return err({ code: 'event_unreadable', run: runId, seq: 0, reason: 'its first event is missing' })
  const { workflow: name, workflow_version: recorded } = queued.body
  const workflow = await findWorkflow(name)
  if (workflow === undefined) return err({ code: 'workflow_unknown', workflow: name })
  if (workflow.version === recorded) return ok(workflow)
  return err({ code: 'workflow_version', workflow: name, recorded, available: workflow.version })
}

/** Why a run must not go on without a person, if so. */
export function reasonToAsk(history: RunHistory): PauseReason | undefined {
  const { events } = history
  const risky = inFlight(events).find((step) => !step.body.idempotent)
  if (risky !== undefined && queuedEvent(events)?.body.resume !== 'auto') {
    return { kind: 'step_in_flight', step: risky.body.name, number: risky.body.number }
  }
  const times = unattendedResumes(events)
  return times >= UNATTENDED_LIMIT ? { kind: 'resumed_too_often', times } : undefined
}

/** How often in a row, since a person or progress last said otherwise, the run was picked up after a crash. */
function unattendedResumes(events: readonly RunEvent[]): number {
  let times = 0
  for (const event of events) {
    if (event.type === 'run.resumed') times = event.body.unattended ? times + 1 : 0
    else if (event.type === 'run.waiting') times = 0
  }
  return times
}
