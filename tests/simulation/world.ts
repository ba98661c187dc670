import { drainMicrotasks } from 'bun:jsc'
import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies, EventDraft } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { Append, Appended, Delivered, Delivery, Journal, ReadyRun } from '#engine/journal-port.ts'
import type { Outcome } from '#engine/worker.ts'
import { MemoryLog } from '../support/sim-journal.ts'
import { Chance } from '../support/sim-random.ts'
import { Agenda, type Task } from './agenda.ts'
import { Outside, type OutsideParts, randomPlan } from './outside.ts'
import { gatedJournal, type How, SimProcess } from './sim-process.ts'
import type { SimStore, Slot } from './store.ts'

/** How often, at most, the event loop goes round for one commit. */
const COMMIT_TURNS = 10_000

/** A promise was broken. The message says which; the history says how it came to that. */
export class Broken extends Error {}

export interface SimRun {
  readonly id: RunId
  readonly nick: string
  readonly queued: EventBodies['run.queued']
  /** It awaits what is not its context's: it may fail, but must not do harm. */
  readonly isForeign: boolean
}

export interface WorldOptions {
  readonly seed: number
  readonly store: SimStore
  /** How often a commit fails without or with its effect. */
  readonly mishaps: number
  /** How often, against 20 that end, a try does not end by itself. */
  readonly hangs?: number
  readonly plan?: OutsideParts['plan']
  /** Where the history is written to. */
  readonly lines?: string[]
}

/** Everything there is in one simulation: processes over one store, the outside, people, the clock. */
export class World {
  readonly chance: Chance
  readonly agenda = new Agenda()
  readonly outside: Outside
  /** The measure: what a journal in its simplest form says to the same calls. */
  readonly measure: MemoryLog
  readonly store: SimStore
  readonly runs: SimRun[] = []
  readonly processes: SimProcess[] = []
  readonly #history: string[]
  /** The step at which the owner asked for the append that wrote an event, by its number. */
  readonly requestedAt = new Map<number, number>()
  readonly #hows = new Map<string, How>()
  readonly #takers = new Map<string, string>()
  readonly #faults: string[] = []
  #mishaps: number
  #born = 0

  constructor(options: WorldOptions) {
    this.chance = new Chance(options.seed)
    this.store = options.store
    this.#history = options.lines ?? []
    this.#mishaps = options.mishaps
    this.measure = new MemoryLog(this.agenda, options.store.emptySeq)
    options.store.reset({ clock: this.agenda, isAlive: (owner) => this.isAlive(owner) })
    const chance = this.chance.fork()
    this.outside = new Outside({
      agenda: this.agenda,
      side: options.store.side,
      chance,
      plan: options.plan ?? randomPlan(chance.fork(), { now: () => this.agenda.now(), hangs: options.hangs ?? 1 }),
      ignoresAborts: options.plan === undefined ? 0.2 : 0,
      fail: (message) => this.fail(message),
      isSound: (owner) => this.processes.some((one) => one.name === owner && one.isAlive),
      epochOf: (runId) => this.measure.runs.get(runId as RunId)?.epoch ?? 0,
      hasConsent: (runId, epochs) => this.#hasConsent(runId, epochs),
    })
    const people = options.store.slots.at(-1)
    if (people !== undefined) people.owner = 'people'
  }

  isAlive(owner: string): boolean {
    return owner === 'people' || this.processes.some((process) => process.name === owner && process.isAlive)
  }

  get people(): Slot {
    const slot = this.store.slots.at(-1)
    if (slot === undefined) throw new Error('no slot for people')
    return slot
  }

  /** Processes that a person could still give work to. */
  get able(): readonly SimProcess[] {
    return this.processes.filter(({ isAlive, isDoomed }) => isAlive && !isDoomed)
  }

  nick(runId: RunId): string {
    return this.runs.find(({ id }) => id === runId)?.nick ?? runId
  }

  note(line: string): void {
    this.#history.push(`${this.agenda.step} +${this.agenda.elapsed} ${line}`)
  }

  fail(message: string): void {
    this.#faults.push(message)
    this.note(`BROKEN: ${message}`)
  }

  /** Throws where a promise was broken. */
  check(): void {
    const [first] = this.#faults
    if (first !== undefined) throw new Broken(first)
  }

  addRun(queued: EventBodies['run.queued']): SimRun {
    const number = this.runs.length + 1
    const run = {
      id: `sim${String(number).padStart(23, '0')}` as RunId,
      nick: `R${number}`,
      queued,
      isForeign: text(queued.input).includes('"foreign"'),
    }
    this.runs.push(run)
    return run
  }

  /** A run that was never written down is none. */
  forget(run: SimRun): void {
    this.runs.splice(this.runs.indexOf(run), 1)
  }

  journalOf(process: SimProcess): Journal {
    return gatedJournal(this, process)
  }

  /** Starts a process where a handle is free. */
  spawn(): SimProcess | undefined {
    const taken = new Set(this.processes.map(({ slot }) => slot))
    const free = this.store.slots.find((slot) => slot !== this.people && !taken.has(slot))
    if (free === undefined) return undefined
    this.#born += 1
    const process = new SimProcess(this, `p${this.#born}`, free)
    this.processes.push(process)
    this.note(`${process.name} starts`)
    return process
  }

  /** The process is gone, with all that it was about to do. */
  crash(process: SimProcess): void {
    this.note(`${process.name} dies`)
    process.isAlive = false
    this.processes.splice(this.processes.indexOf(process), 1)
    this.agenda.drop(process.name)
    this.outside.orphan(process.name)
    process.slot.owner = 'nobody'
  }

  mishap(): 'none' | 'refused' | 'lost' {
    if (!this.chance.happens(this.#mishaps)) return 'none'
    return this.chance.happens(0.5) ? 'refused' : 'lost'
  }

  calmDown(): void {
    this.#mishaps = 0
  }

  /** Lets one task happen; commits of one process may go into one transaction. */
  async perform(task: Task, withOthers: boolean): Promise<void> {
    const isSame = (other: Task) =>
      other === task || (withOthers && task.kind === 'commit' && other.kind === 'commit' && other.owner === task.owner)
    const batch = this.agenda.tasks.filter(isSame)
    for (const one of batch) this.agenda.tasks.splice(this.agenda.tasks.indexOf(one), 1)
    for (const one of batch) this.note(one.label)
    const works = batch.map((one) => one.run()).filter((work) => work !== undefined)
    drainMicrotasks()
    await this.#settled(works)
    drainMicrotasks()
  }

  /** A commit is the one thing that goes through the real event loop. Nothing else moves until it is over. */
  async #settled(works: readonly Promise<void>[]): Promise<void> {
    let left = works.length
    const done = () => {
      left -= 1
    }
    for (const work of works) {
      work.then(done, (error: unknown) => {
        done()
        this.fail(`a commit threw: ${error}`)
      })
    }
    drainMicrotasks()
    for (let turn = 0; left > 0; turn++) {
      if (turn === COMMIT_TURNS) return this.fail('a commit has no end')
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  async append(process: SimProcess, append: Append, requested: number): Promise<Result<Appended, Failure>> {
    const before = this.measure.lastSeq
    const liveness = { owner: process.name, isAlive: (owner: string) => this.isAlive(owner) }
    const expected = this.measure.append(liveness, append)
    for (let seq = before + 1; seq <= this.measure.lastSeq; seq++) this.requestedAt.set(seq, requested)
    if (expected.ok) this.#checkEpoch(process, append)
    const { journal } = process.slot.store
    return this.compare(`append by ${process.name}`, await journal.append(append), expected)
  }

  /** What people write down by themselves: new runs. */
  appendByPeople(append: Append): void {
    const run = async () => {
      const expected = this.measure.append({ owner: 'people', isAlive: (owner) => this.isAlive(owner) }, append)
      this.compare('append by people', await this.people.store.journal.append(append), expected)
    }
    this.agenda.offer({ owner: 'people', label: `people write ${this.nick(append.runId)}`, kind: 'commit', run })
  }

  /** Erases what a run did, as `runs prune` does; where that dies in between, the fact is there and nothing is gone. */
  erase(runId: RunId, isWhole: boolean): void {
    const run = async () => {
      const begun = await this.store.eraser.begin(runId, { actor: 'person:people', reason: { kind: 'named' } })
      const found = this.measure.runs.get(runId)
      if (!this.compare('erasing', begun, mayBeErased(runId, found)).ok) return
      if (found !== undefined && begun.ok && begun.value) this.measure.erase(runId, this.#factOf(runId))
      if (!isWhole || found === undefined) return
      await this.store.eraser.empty([runId])
      found.erased = 'emptied'
    }
    this.agenda.offer({ owner: 'people', label: `people erase ${this.nick(runId)}`, kind: 'commit', run })
  }

  /** What the fact says is the store's to word; that the tables follow from it is looked at in the end. */
  #factOf(runId: RunId): { readonly actor: string; readonly draft: EventDraft } {
    const fact = `SELECT actor, body FROM events WHERE run_id = ? AND type = 'run.erased'`
    const { actor, body } = this.store.side.prepare(fact).get(runId) ?? {}
    return { actor: String(actor), draft: { type: 'run.erased', body: JSON.parse(String(body)) } }
  }

  /** Every epoch has one taker, and nobody else writes under it. */
  #checkEpoch({ name, doing }: SimProcess, { runId, epoch, take }: Append): void {
    const place = `${runId}@${epoch}`
    if (take === 'own') {
      if (this.#takers.get(place) !== name)
        this.fail(`${name} wrote to ${runId} under epoch ${epoch} of ${this.#takers.get(place)}`)
      return
    }
    if (this.#takers.has(place)) this.fail(`${name} took epoch ${epoch} of ${runId} a second time`)
    this.#takers.set(place, name)
    this.#hows.set(place, doing.get(runId) ?? 'begin')
  }

  #hasConsent(runId: string, { after, upTo }: { readonly after: number; readonly upTo: number }): boolean {
    const run = this.runs.find(({ id }) => id === runId)
    if (run?.queued.resume === 'auto') return true
    for (let epoch = after + 1; epoch <= upTo; epoch++) {
      if (this.#hows.get(`${runId}@${epoch}`) === 'attended') return true
    }
    return false
  }

  /** Hands something to a run from outside. */
  deliver(slot: Slot, owner: string, delivery: Delivery): Promise<Result<Delivered, Failure>> {
    const { draft, runId } = delivery
    const what = draft.type === 'signal.received' ? `signal ${draft.body.signal}` : 'cancel'
    return new Promise((resolve) => {
      this.agenda.offer({
        owner,
        kind: 'commit',
        label: `${owner} delivers ${what} to ${this.nick(runId)}`,
        run: async () => {
          const expected = this.measure.deliver(delivery)
          resolve(this.compare('delivery', await slot.store.journal.deliver(delivery), expected))
        },
      })
    })
  }

  compare<T>(what: string, found: T, expected: T): T {
    if (!Bun.deepEquals(found, expected))
      this.fail(`${what}: the store says ${text(found)}, which should be ${text(expected)}`)
    return found
  }

  compareReady(found: Result<readonly ReadyRun[], Failure>, expected: readonly ReadyRun[]): void {
    const sorted = (runs: readonly ReadyRun[]) => runs.map(({ runId, status }) => `${runId} ${status}`).sort()
    this.compare('ready runs', found.ok ? sorted(found.value) : found, sorted(expected))
  }

  onOutcome(process: SimProcess, runId: RunId, outcome: Outcome | Result<void, Failure>): void {
    this.note(`${process.name} is done with ${this.nick(runId)}: ${text(outcome)}`)
    if (!('kind' in outcome)) return
    const isForeign = this.runs.find(({ id }) => id === runId)?.isForeign === true
    if (outcome.kind === 'stopped' && !(isForeign && outcome.failure.code === 'replay_mismatch'))
      this.#checkStopped(process, outcome.failure)
    if (outcome.kind === 'ended') this.#checkEnded(runId, outcome.status)
    const isBusy = process.worker.runs.includes(runId) || process.doing.has(runId)
    if (isBusy) return
    const going = this.outside.goingOf(process.name, runId)
    if (going.length > 0) this.fail(`${process.name} let go of ${runId} while it still runs ${text(going)}`)
    this.#checkIdle(process)
  }

  /** Who has no run holds nothing. */
  #checkIdle({ name, worker, doing }: SimProcess): void {
    if (worker.runs.length > 0 || doing.size > 0) return
    const left = this.agenda.armed.filter((timer) => timer.owner === name)
    if (left.length > 0) this.fail(`${name} has no run and ${left.length} armed timers`)
  }

  #checkStopped(process: SimProcess, failure: Failure): void {
    switch (failure.code) {
      case 'run_owned':
      case 'run_ended':
      case 'run_fenced':
      case 'unknown_run':
      case 'body_erased':
        return
      case 'store_io':
        if (!process.isDoomed) this.fail(`${process.name} stopped at a failure that nobody caused`)
        return
      default:
        this.fail(`${process.name} stopped: ${text(failure)}`)
    }
  }

  #checkEnded(runId: RunId, status: string): void {
    const found = this.measure.runs.get(runId)?.status
    if (found === undefined || !isEnded(found) || found !== status)
      this.fail(`${runId} is said to have ended as ${status}, and the log says ${found}`)
  }
}

function mayBeErased(run: RunId, found: ReturnType<MemoryLog['runs']['get']>): Result<boolean, Failure> {
  if (found === undefined) return err({ code: 'unknown_run', run })
  return isEnded(found.status) ? ok(found.erased === 'no') : err({ code: 'run_open', run, status: found.status })
}

/** Any value as one line. */
export function text(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value ?? null)) as Json)
}
