import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { CHAIN_START, type ChainHead, chainFault } from '#domain/proof/chain.ts'
import { endingOf } from '#domain/run/ending.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import type { Completion, Host, Stop } from '#engine/host-port.ts'
import { UNATTENDED_LIMIT } from '#engine/recovery.ts'
import { Replay } from '#engine/replay.ts'
import { execute } from '#engine/scheduler.ts'
import type { Workflow } from '#engine/workflow.ts'
import { type JobRunInput, job } from '#workflows/job.ts'
import { programWorkflow } from './programs.ts'
import { drainMicrotasks } from 'bun:jsc'
import { type SimRun, text, type World } from './world.ts'

const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  job,
  program: programWorkflow({ wait: () => new Promise(() => undefined) }),
}

/** All that must be true of the log once a simulation is over. */
export async function checkHistory(world: World): Promise<void> {
  await checkStore(world)
  for (const run of world.runs) {
    const events = world.measure.runs.get(run.id)?.events ?? []
    const complain = (message: string) => world.fail(`${run.nick}: ${message}`)
    checkOrder(events, complain)
    // What awaits foreign things may be found out while it lets go.
    if (!run.isForeign) checkSilence(events, complain)
    checkSignals(events, complain)
    checkSteps(events, complain)
    checkTimers(world, events, complain)
    checkResumes(events, complain)
    if (run.queued.workflow === 'job') checkJobs(run, events, complain)
    if (!run.isForeign) await checkReplay(run, events, complain)
    const left = world.outside.starts.filter(
      ({ key, state }) => key.startsWith(`${run.id}/`) && (state === 'orphan' || state === 'going'),
    )
    if (left.length > 0) complain(`it is over, and still runs ${text(left)}`)
  }
}

type Complain = (message: string) => void

/** The store holds what the measure holds; its chain and its tables are sound. */
async function checkStore(world: World): Promise<void> {
  const { log, side, emptySeq } = world.store
  let head: ChainHead = CHAIN_START
  const stored: Json[] = []
  for await (const page of log.pages({ after: 0, upTo: Number.MAX_SAFE_INTEGER })) {
    if (!page.ok) return world.fail(`the log cannot be read: ${text(page.error)}`)
    for (const event of page.value) {
      const fault = chainFault(head, event)
      if (fault !== undefined) world.fail(`event ${event.seq}: ${fault}`)
      head = event
      const { seq, runId, runSeq, at, actor, type, epoch, dedupeKey, body } = event
      if (seq > emptySeq)
        stored.push({ seq, runId, runSeq, at, actor, type, epoch, dedupeKey, body: JSON.parse(body ?? 'null') })
    }
  }
  const measured = [...world.measure.runs.values()].flatMap(({ events }) => events).sort((a, b) => a.seq - b.seq)
  const expected = measured.map(({ tenant: _, ...event }) => event)
  for (const [index, event] of stored.entries()) {
    if (!Bun.deepEquals(event, expected[index]))
      return world.fail(`the store holds ${text(event)}, which should be ${text(expected[index])}`)
  }
  if (stored.length !== expected.length) world.fail(`the store holds ${stored.length} events of ${expected.length}`)
  const faults = await log.projectionFaults()
  if (!faults.ok || faults.value.length > 0) world.fail(`projections: ${text(faults)}`)
  checkTables(world)
  const unsigned = side
    .prepare(
      `SELECT max(seq) AS seq FROM events WHERE type IN ('run.waiting', 'run.paused', 'run.succeeded', 'run.failed',
       'run.cancelled', 'run.timed_out') HAVING max(seq) > (SELECT coalesce(max(size), 0) FROM checkpoints)`,
    )
    .get()
  if (unsigned !== undefined) world.fail(`event ${unsigned['seq']} is not signed`)
}

/** The tables that others read, against the measure. */
function checkTables(world: World): void {
  const rows = world.store.side.prepare('SELECT id, status, epoch, owner, ready_at FROM runs ORDER BY id').all()
  const runs = [...world.measure.runs]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([id, { status, epoch, owner, readyAt }]) => ({ id, status, epoch, owner, ready_at: readyAt }))
  world.compare('runs', rows.map((row) => ({ ...row })) as unknown, runs as unknown)
  const left = world.store.side
    .prepare('SELECT w.run_id, w.number FROM waits w JOIN runs r ON r.id = w.run_id WHERE r.ended_at IS NOT NULL')
    .all()
  if (left.length > 0) world.fail(`ended runs wait: ${text(left)}`)
}

/** Numbers without gaps, epochs that only rise, one beginning, one end. */
function checkOrder(events: readonly RunEvent[], complain: Complain): void {
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
function checkSilence(events: readonly RunEvent[], complain: Complain): void {
  let released = -1
  for (const event of events) {
    if (isInbound(event)) continue
    if (event.epoch === released) complain(`${event.type} under epoch ${event.epoch} after it was let go`)
    if (event.type === 'run.waiting' || event.type === 'run.paused') released = event.epoch
  }
}

/** Counted once, told once, and none is left where somebody waits for it. */
function checkSignals(events: readonly RunEvent[], complain: Complain): void {
  const taken = new Set<number>()
  const openWaits = new Map<number, string>()
  let cancels = 0
  const untaken = new Map<number, string>()
  const keys = new Set<string>()
  for (const event of events) {
    if (event.dedupeKey !== null) {
      if (keys.has(event.dedupeKey)) complain(`dedupe key ${event.dedupeKey} twice`)
      keys.add(event.dedupeKey)
    }
    if (event.type === 'wait.opened') {
      if ([...openWaits.values()].includes(event.body.signal)) complain(`two waits for ${event.body.signal}`)
      openWaits.set(event.body.number, event.body.signal)
    }
    if (event.type === 'wait.closed' && !openWaits.delete(event.body.number))
      complain(`wait ${event.body.number} closed twice`)
    if (event.type === 'signal.received') untaken.set(event.runSeq, event.body.signal)
    if (event.type !== 'signal.taken') continue
    const { number, signal_seq: seq } = event.body
    if (taken.has(seq)) complain(`signal ${seq} was taken twice`)
    taken.add(seq)
    if (number === 0) cancels += 1
    else if (openWaits.get(number) !== untaken.get(seq)) complain(`wait ${number} took signal ${seq}`)
    else {
      const before = [...untaken].find(([, name]) => name === openWaits.get(number))
      if (before !== undefined && before[0] < seq) complain(`signal ${seq} overtook ${before[0]}`)
    }
    untaken.delete(seq)
    openWaits.delete(number)
  }
  if (cancels > 1) complain(`its cancellation was told ${cancels} times`)
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
function checkSteps(events: readonly RunEvent[], complain: Complain): void {
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

/** No timer fires before the told clock has shown its time, and none after it was cancelled. */
function checkTimers(world: World, events: readonly RunEvent[], complain: Complain): void {
  const open = new Map<number, EventOf<'timer.started'>>()
  for (const event of events) {
    if (event.type === 'timer.started') open.set(event.body.number, event)
    if (event.type !== 'timer.fired' && event.type !== 'timer.cancelled') continue
    const timer = open.get(event.body.number)
    if (timer === undefined || !open.delete(event.body.number)) complain(`${event.type} ${event.body.number} too late`)
    if (event.type === 'timer.cancelled' || timer === undefined) continue
    const from = world.requestedAt.get(timer.seq) ?? 0
    const to = world.requestedAt.get(event.seq) ?? Number.POSITIVE_INFINITY
    if (world.agenda.latestShown(from, to) < timer.body.due_at) complain(`timer ${event.body.number} fired early`)
  }
}

/** Nobody is asked only so many times in a row. */
function checkResumes(events: readonly RunEvent[], complain: Complain): void {
  let inARow = 0
  for (const event of events) {
    if (event.type === 'run.waiting' || event.type === 'run.paused') inARow = 0
    if (event.type !== 'run.resumed') continue
    inARow = event.body.unattended ? inARow + 1 : 0
    if (inARow > UNATTENDED_LIMIT) complain(`it went on ${inARow} times without anybody`)
  }
}

/** What a graph of jobs means: needs first, as many at once as allowed, questions before. */
function checkJobs(run: SimRun, events: readonly RunEvent[], complain: Complain): void {
  // The input is one of ours.
  const { jobs, parallel } = run.queued.input as unknown as JobRunInput
  const succeeded = new Set<string>()
  const open = new Set<number>()
  for (const event of events) {
    if (event.type === 'step.started') {
      open.add(event.body.number)
      if (open.size > parallel) complain(`${open.size} jobs at once, where ${parallel} may`)
      const planned = jobs.find(({ name }) => name === event.body.name)
      const missing = planned?.job.needs?.find((need) => !succeeded.has(need))
      if (missing !== undefined) complain(`${event.body.name} started before ${missing}, which it needs`)
    }
    if (event.type === 'step.succeeded') succeeded.add(event.body.name)
    if (event.type === 'step.succeeded' || event.type === 'step.failed') open.delete(event.body.number)
  }
  const last = events.at(-1)
  if (last?.type === 'run.succeeded' && succeeded.size !== jobs.length) complain('it succeeded without all of its jobs')
}

/** Executed from its journal alone, a run gives the same commands and comes to the same end. */
async function checkReplay(run: SimRun, events: readonly RunEvent[], complain: Complain): Promise<void> {
  const last = events.at(-1)
  const workflow = WORKFLOWS[run.queued.workflow]
  if (last === undefined || workflow === undefined) return
  const host = new ReplayHost(run, events)
  const input = JSON.parse(canonicalJson(run.queued.input))
  const executed = await execute(workflow, input, host)
  if (!executed.ok) {
    // Closed from outside, its journal just stops.
    const isCut = last.type === 'run.cancelled' || !isEnding(last)
    if (executed.error.kind === 'parked' && isCut) return
    return complain(`its journal does not lead to its end: ${text(executed.error)}`)
  }
  if (!host.isOver) complain('its journal holds more than its workflow asks for')
  const ending = endingOf(executed.value)
  const recorded = { type: last.type, body: last.body }
  const isClosed = last.type === 'run.cancelled' && ending.type !== last.type
  if (!isClosed && text(ending) !== text(recorded)) complain(`a replay ends as ${text(ending)}, not as ${text(recorded)}`)
}

/** A host that has nothing but the journal. */
class ReplayHost implements Host {
  readonly #replay: Replay
  readonly #kinds = new Map<number, string>()
  #fault: Stop | undefined

  constructor(run: SimRun, events: readonly RunEvent[]) {
    this.#replay = new Replay(run.id, events)
  }

  get isOver(): boolean {
    return this.#replay.isOver
  }

  start(command: Parameters<Host['start']>[0]): void {
    this.#kinds.set(command.number, command.kind)
    this.#keep(this.#replay.isOver ? ok() : this.#replay.command(command))
  }

  cancel(number: number): void {
    const kind = this.#kinds.get(number)
    if (kind === 'step' || kind === undefined || this.#replay.isOver) return
    const fault = this.#replay.cancellation(number)
    if (fault !== undefined) this.#keep(err(fault))
  }

  draw(number: number, kind: 'now' | 'random' | 'uuid'): string | number {
    if (this.#replay.isOver) return 0
    const drawn = this.#replay.drawn(number, kind)
    this.#keep(drawn)
    return drawn.ok ? drawn.value : 0
  }

  async next(): Promise<Result<Completion, Stop>> {
    if (this.#fault !== undefined) return err(this.#fault)
    if (this.#replay.isOver) return err({ kind: 'parked', readyAt: null })
    const completion = this.#replay.completion()
    return completion.ok ? completion : err({ kind: 'stopped', failure: completion.error })
  }

  turn(run: () => void): void {
    drainMicrotasks()
    run()
    drainMicrotasks()
  }

  #keep(result: Result<unknown, Extract<Stop, { kind: 'stopped' }>['failure']>): void {
    if (!result.ok) this.#fault ??= { kind: 'stopped', failure: result.error }
  }
}

function isInbound(event: RunEvent): boolean {
  return event.type === 'signal.received' || event.type === 'run.cancel_requested'
}

function isEnding(event: RunEvent): boolean {
  return event.type.startsWith('run.') && isEnded(event.type.slice('run.'.length) as Parameters<typeof isEnded>[0])
}
