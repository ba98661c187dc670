import type { BorrowedEvent, BorrowedType, EventOf, RunEvent } from './event.ts'
import { isRecorded, type RecordedType } from './recorded-fact.ts'

/**
 * All that replays of a run are made of, in its order; where the run was itself forked from another one, what it took
 * over comes first.
 */
export function replayable(events: readonly RunEvent[]): readonly BorrowedEvent[] {
  return events.flatMap((event): readonly BorrowedEvent[] => {
    if (event.type === 'run.borrowed') return event.body.events
    if (!isReplayable(event)) return []
    const { seq, runSeq: run_seq, at, actor, type, body } = event
    // The pair was taken from one event.
    return [{ seq, run_seq, at, actor, type, body } as BorrowedEvent]
  })
}

/**
 * What stands in this event, as if it had happened in the run that took it over: for whoever folds its whole course.
 * It has its old times, and its place between the events of the run that it stands between.
 */
export function borrowedEvents({ runId, runSeq, tenant, body }: EventOf<'run.borrowed'>): readonly RunEvent[] {
  const step = 1 / (body.events.length + 1)
  return body.events.map(({ seq, at, actor, type, body: said }, index) => {
    const place = { seq, runId, runSeq: runSeq + (index + 1) * step, at, actor, tenant, epoch: 0, dedupeKey: null }
    // The pair was taken from one event.
    return { ...place, type, body: said } as RunEvent
  })
}

/**
 * What a fork takes over that goes on by itself with the event `seq`: all that had come to its end at the last thing
 * that the workflow was told before, and how nodes ended by that. What it asked for after that, or what was still open,
 * is asked for anew.
 */
export function borrowedBefore(events: readonly BorrowedEvent[], seq: number): readonly BorrowedEvent[] {
  const told = events.findLastIndex((event) => event.seq < seq && isEnd(event))
  const ended = events.findLastIndex((event) => event.seq < seq && event.type === 'node.ended')
  const before = events.slice(0, Math.max(told, ended) + 1)
  const over = new Set(before.flatMap((event) => numberOfEnd(event) ?? []))
  const taken = new Set(before.flatMap(({ type, body }) => (type === 'signal.taken' ? [body.signal_seq] : [])))
  return before.filter((event) => {
    switch (event.type) {
      case 'step.started':
      case 'timer.started':
      case 'wait.opened':
        return over.has(event.body.number)
      case 'signal.received':
        return taken.has(event.run_seq)
      default:
        return true
    }
  })
}

function isEnd({ type }: BorrowedEvent): boolean {
  return type === 'step.succeeded' || type === 'step.failed' || type === 'timer.fired' || type === 'signal.taken'
}

function numberOfEnd(event: BorrowedEvent): number | undefined {
  if (isEnd(event) || event.type === 'timer.cancelled' || event.type === 'wait.closed')
    return 'number' in event.body ? event.body.number : undefined
  return undefined
}

function isReplayable(event: RunEvent): event is Extract<RunEvent, { readonly type: BorrowedType }> {
  return Object.hasOwn(REPLAYABLE, event.type) || isRecorded(event.type)
}

/** The compiler leaves none out. */
const REPLAYABLE: Readonly<Record<Exclude<BorrowedType, RecordedType>, true>> = {
  'step.started': true,
  'step.succeeded': true,
  'step.failed': true,
  'timer.started': true,
  'timer.fired': true,
  'timer.cancelled': true,
  'wait.opened': true,
  'wait.closed': true,
  'signal.received': true,
  'signal.taken': true,
  'value.drawn': true,
}
