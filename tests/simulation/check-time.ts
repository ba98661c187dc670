import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { delayBeforeRetry } from '#engine/retry.ts'
import type { RetryPolicy } from '#engine/workflow.ts'
import type { Complain } from './check-run.ts'
import type { World } from './world.ts'

/** No timer fires before the told clock has shown its time, and none after it was cancelled. */
export function checkTimers(world: World, events: readonly RunEvent[], complain: Complain): void {
  const open = new Map<number, EventOf<'timer.started'>>()
  for (const event of events) {
    if (event.type === 'timer.started') {
      open.set(event.body.number, event)
      checkDue(world, event, complain)
    }
    if (event.type !== 'timer.fired' && event.type !== 'timer.cancelled') continue
    const timer = open.get(event.body.number)
    open.delete(event.body.number)
    if (timer === undefined) complain(`${event.type} ${event.body.number} too late`)
    else if (event.type === 'timer.fired') checkFired(world, { timer, fired: event }, complain)
  }
}

function checkDue(world: World, { seq, body }: EventOf<'timer.started'>, complain: Complain): void {
  const at = world.requestedAt.get(seq) ?? 0
  if (!world.agenda.wasShown(body.due_at - body.duration_ms, { from: at, to: at }))
    complain(`timer ${body.number} is due at a time that follows from nothing`)
}

function checkFired(
  world: World,
  { timer, fired }: { readonly timer: EventOf<'timer.started'>; readonly fired: EventOf<'timer.fired'> },
  complain: Complain,
): void {
  const from = world.requestedAt.get(timer.seq) ?? 0
  const to = world.requestedAt.get(fired.seq) ?? Number.POSITIVE_INFINITY
  if (world.agenda.latestShown(from, to) < timer.body.due_at) complain(`timer ${fired.body.number} fired early`)
}

/** A next try is due so long after the failure as the step's policy says. */
export function checkRetries(world: World, events: readonly RunEvent[], complain: Complain): void {
  const policies = policiesOf(events)
  for (const event of events) {
    if (event.type !== 'step.retried') continue
    const { number, attempt, due_at, failure } = event.body
    const policy = policies.get(number)
    if (policy === undefined) continue
    const delay = delayBeforeRetry(policy, attempt - 1, failure)
    const to = world.requestedAt.get(event.seq) ?? 0
    const key = `${event.runId}/${number}`
    const from = world.outside.starts.find((start) => start.key === key && start.attempt === attempt - 1)?.step ?? 0
    if (delay === undefined) complain(`step ${number} is tried again, against its policy`)
    else if (!world.agenda.wasShown(due_at - delay, { from, to }))
      complain(`try ${attempt} of ${number} is due too soon`)
  }
}

/** The policies of a program's steps, by number; those of jobs draw their spread. */
function policiesOf(events: readonly RunEvent[]): ReadonlyMap<number, RetryPolicy> {
  const byName = new Map<string, RetryPolicy>()
  const first = events[0]
  if (first?.type !== 'run.queued' || first.body.workflow !== 'program') return new Map()
  JSON.stringify(first.body.input, (_, value) => {
    if (value?.do === 'step' && value.retry !== null) byName.set(value.name, value.retry)
    return value
  })
  return new Map(
    events.flatMap((event) => {
      const policy = event.type === 'step.started' ? byName.get(event.body.name) : undefined
      return event.type === 'step.started' && policy !== undefined ? [[event.body.number, policy] as const] : []
    }),
  )
}
