import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import { UNATTENDED_LIMIT } from '#engine/recovery.ts'

/** Says what is wrong with a run. */
export type Complain = (message: string) => void

/** Numbers without gaps, epochs that only rise, one beginning, one end. */
export function checkOrder(events: readonly RunEvent[], complain: Complain): void {
  let epoch = 0
  for (const [index, event] of events.entries()) {
    const { type } = event
    if (event.runSeq !== index + 1) complain(`event ${index + 1} is numbered ${event.runSeq}`)
    if (event.epoch < epoch) complain(`${type} goes back to epoch ${event.epoch}`)
    epoch = Math.max(epoch, event.epoch)
    if ((type === 'run.queued') !== (index === 0)) complain(`${type} as event ${index + 1}`)
    const isLast = index === events.length - 1
    if (isEnding(event) && !isLast) complain(`${type} and then ${events[index + 1]?.type}`)
  }
}

/** Who let go of a run writes nothing more of it. */
export function checkSilence(events: readonly RunEvent[], complain: Complain): void {
  let released = -1
  for (const event of events) {
    if (isInbound(event)) continue
    if (event.epoch === released) complain(`${event.type} under epoch ${event.epoch} after it was let go`)
    if (event.type === 'run.waiting' || event.type === 'run.paused') released = event.epoch
  }
}

/** Counted once, told once, in the order in which they came. */
export function checkSignals(events: readonly RunEvent[], complain: Complain): void {
  const waits = new Map<number, string>()
  const untaken = new Map<number, string>()
  for (const event of events) {
    switch (event.type) {
      case 'wait.opened':
        if ([...waits.values()].includes(event.body.signal)) complain(`two waits for ${event.body.signal}`)
        waits.set(event.body.number, event.body.signal)
        break
      case 'wait.closed':
        if (!waits.delete(event.body.number)) complain(`wait ${event.body.number} closed twice`)
        break
      case 'signal.received':
        untaken.set(event.runSeq, event.body.signal)
        break
      case 'signal.taken':
        if (event.body.number !== 0) checkTaken(event, { waits, untaken }, complain)
        break
      default:
    }
  }
  const taken = events.flatMap((event) => (event.type === 'signal.taken' ? [event.body] : []))
  checkUnique(
    'signal taken',
    taken.map(({ signal_seq }) => signal_seq),
    complain,
  )
  checkUnique(
    'dedupe key',
    events.flatMap(({ dedupeKey }) => dedupeKey ?? []),
    complain,
  )
  const told = taken.filter(({ number }) => number === 0).length
  if (told > 1) complain(`its cancellation was told ${told} times`)
}

function checkTaken(
  { body: { number, signal_seq: seq } }: EventOf<'signal.taken'>,
  { waits, untaken }: { readonly waits: Map<number, string>; readonly untaken: Map<number, string> },
  complain: Complain,
): void {
  const name = waits.get(number)
  if (name === undefined || name !== untaken.get(seq)) complain(`wait ${number} took signal ${seq}`)
  const [first] = [...untaken].find(([, other]) => other === name) ?? []
  if (first !== undefined && first < seq) complain(`signal ${seq} overtook ${first}`)
  untaken.delete(seq)
  waits.delete(number)
}

function checkUnique(what: string, values: readonly (string | number)[], complain: Complain): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) complain(`${what} ${twice} twice`)
}

/** What came for a run that waits for it, and that it was not told. */
export function unheardOf(events: readonly RunEvent[]): string | undefined {
  const taken = new Set(events.flatMap((event) => (event.type === 'signal.taken' ? [event.body.signal_seq] : [])))
  const isCancelTold = events.some((event) => event.type === 'signal.taken' && event.body.number === 0)
  const waits = new Map<number, string>()
  for (const event of events) {
    if (event.type === 'wait.opened') waits.set(event.body.number, event.body.signal)
    if (event.type === 'wait.closed' || event.type === 'signal.taken') waits.delete(event.body.number)
  }
  const names = new Set(waits.values())
  for (const event of events) {
    if (event.type === 'run.cancel_requested' && !isCancelTold) return 'cancellation'
    if (event.type === 'signal.received' && !taken.has(event.runSeq) && names.has(event.body.signal))
      return `signal ${event.body.signal}`
  }
  return undefined
}

/** Started once, ended once, tries counted one by one. */
export function checkSteps(events: readonly RunEvent[], complain: Complain): void {
  const open = new Map<number, number>()
  for (const event of events) {
    switch (event.type) {
      case 'step.started':
        open.set(event.body.number, 1)
        break
      case 'step.retried':
        if (event.body.attempt !== (open.get(event.body.number) ?? Number.NaN) + 1)
          complain(`step ${event.body.number} comes to try ${event.body.attempt} after ${open.get(event.body.number)}`)
        open.set(event.body.number, event.body.attempt)
        break
      case 'step.succeeded':
      case 'step.failed':
        if (event.body.attempt !== open.get(event.body.number)) complain(`step ${event.body.number} ends out of turn`)
        open.delete(event.body.number)
        break
      default:
    }
  }
}

/** Nobody is asked only so many times in a row. */
export function checkResumes(events: readonly RunEvent[], complain: Complain): void {
  let inARow = 0
  for (const event of events) {
    if (event.type === 'run.waiting' || event.type === 'run.paused') inARow = 0
    if (event.type !== 'run.resumed') continue
    inARow = event.body.unattended ? inARow + 1 : 0
    if (inARow > UNATTENDED_LIMIT) complain(`it went on ${inARow} times without anybody`)
  }
}

export function isEnding(event: RunEvent): boolean {
  return event.type.startsWith('run.') && isEnded(event.type.slice('run.'.length) as Parameters<typeof isEnded>[0])
}

function isInbound(event: RunEvent): boolean {
  return event.type === 'signal.received' || event.type === 'run.cancel_requested'
}
