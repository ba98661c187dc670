import { drainMicrotasks } from 'bun:jsc'
import { STEER_SIGNAL } from '#domain/conductor/command.ts'
import { answerSignal } from '#domain/people/question.ts'
import type { EventBodies } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { Delivery } from '#engine/journal-port.ts'
import { job } from '#workflows/job.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { Chance } from '../support/sim-random.ts'
import { unheardOf } from './check-run.ts'
import { checkHistory } from './checks.ts'
import { randomJobs } from './job-graphs.ts'
import { randomOrchestra } from './orchestra-graphs.ts'
import { randomProgram, SIGNALS } from './programs.ts'
import type { How, SimProcess } from './sim-process.ts'
import type { SimStore } from './store.ts'
import { type SimRun, text, World } from './world.ts'

/** What this seed is about: every seed leaves some kinds of trouble out, so that others get room. */
interface Profile {
  readonly runs: number
  readonly steps: number
  readonly jobs: number
  readonly crashes: number
  readonly zombies: number
  readonly jumps: number
  readonly mishaps: number
  readonly signals: number
  readonly cancels: number
  readonly resumes: number
  readonly ambushes: number
  readonly hangs: number
  readonly erasures: number
}

const CALM_STEPS = 20_000
/** Every so manieth seed is about orchestrations. */
const ORCHESTRAL = 7

export interface Telling {
  /** What happened, line by line; also where a promise was broken. */
  readonly lines: string[]
  /** Whether the events of the log are told at the end even where nothing is wrong. */
  readonly withEvents: boolean
}

/** One seed, one history. Throws `Broken` where a promise is broken. */
export async function simulate(seed: number, store: SimStore, telling: Telling): Promise<void> {
  const simulation = new Simulation(seed, store, telling.lines)
  try {
    await simulation.run()
    if (telling.withEvents) simulation.tellEvents()
  } catch (error) {
    simulation.tellEvents()
    throw error
  }
}

class Simulation {
  readonly #world: World
  readonly #chance: Chance
  readonly #profile: Profile
  /** Whether all its runs are orchestrations. */
  readonly #isOrchestral: boolean
  #noticed = 0

  constructor(seed: number, store: SimStore, lines: string[]) {
    this.#profile = randomProfile(new Chance(-seed))
    this.#isOrchestral = seed % ORCHESTRAL === 0
    this.#world = new World({ seed, store, mishaps: this.#profile.mishaps, hangs: this.#profile.hangs, lines })
    this.#chance = this.#world.chance
  }

  async run(): Promise<void> {
    this.#world.note(JSON.stringify(this.#profile))
    for (let step = 0; step < this.#profile.steps; step++) await this.#tick(() => this.#anything())
    await this.#calm()
    await checkHistory(this.#world)
    this.#world.check()
  }

  tellEvents(): void {
    const { measure } = this.#world
    const events = [...measure.runs.values()].flatMap((run) => run.events).sort((a, b) => a.seq - b.seq)
    for (const { seq, runId, runSeq, epoch, at, actor, type, body } of events)
      this.#world.note(`${seq} ${this.#world.nick(runId)}/${runSeq} @${epoch} ${at} ${actor} ${type} ${text(body)}`)
  }

  async #tick(act: () => Promise<void> | void): Promise<void> {
    this.#world.agenda.step += 1
    await act()
    drainMicrotasks()
    this.#world.check()
  }

  async #anything(): Promise<void> {
    const { agenda, able, processes, runs } = this.#world
    const profile = this.#profile
    const open = this.#openRuns()
    const due = agenda.due()
    const someone = able.length > 0
    const act = this.#chance.weighted<() => Promise<void> | void>([
      [agenda.tasks.length > 0 ? 60 : 0, () => this.#pick()],
      [due.length > 0 ? 15 : 0, () => this.#fire()],
      [agenda.tasks.length > 0 ? 1 : 6, () => this.#passTime()],
      [profile.jumps, () => agenda.jump(this.#chance.one([-60_000, -2000, -1, 1, 2000, 90_000]))],
      [someone && runs.length < profile.runs ? 4 : 0, () => this.#begin()],
      [able.length < 2 ? 4 : 0.5, () => void this.#world.spawn()],
      [someone ? 4 : 0, () => this.#serve(this.#chance.one(able))],
      [someone ? 4 : 0, () => this.#notice(this.#chance.one(able))],
      [open.length > 0 ? profile.signals : 0, () => this.#signal(this.#chance.one(open))],
      [open.length > 0 ? profile.cancels : 0, () => this.#cancel(this.#chance.one(open))],
      [this.#inTransit().length > 0 ? profile.ambushes : 0, () => this.#ambush(this.#chance.one(this.#inTransit()))],
      [open.length > 0 && someone ? profile.resumes : 0, () => this.#resume(this.#chance.one(open))],
      [processes.length > 0 ? profile.crashes : 0, () => this.#world.crash(this.#chance.one(processes))],
      [someone ? profile.zombies : 0, () => this.#loseLock(this.#chance.one(able))],
      [0.2, () => this.#rebuild()],
      [profile.erasures, () => this.#erase()],
    ])
    await act()
  }

  async #pick(): Promise<void> {
    await this.#world.perform(this.#chance.one(this.#world.agenda.tasks), this.#chance.happens(0.5))
  }

  #fire(): void {
    const timer = this.#chance.one(this.#world.agenda.due())
    this.#world.note(`${timer.label} fires`)
    this.#world.agenda.fire(timer)
  }

  #passTime(): void {
    const { agenda } = this.#world
    const waits = agenda.armed.map((timer) => agenda.untilDue(timer)).filter((left) => left > 0)
    const step = this.#chance.happens(0.7) && waits.length > 0 ? Math.min(...waits) : this.#chance.one([1, 100, 3000])
    agenda.pass(step)
    this.#world.note(`${step} ms pass`)
  }

  #begin(): void {
    const run = this.#world.addRun(this.#randomQueued())
    if (this.#chance.happens(0.2)) {
      this.#queue(run)
      return
    }
    const process = this.#chance.one(this.#world.able)
    this.#world.note(`${process.name} begins ${run.nick}: ${JSON.stringify(run.queued.input)}`)
    process.call(run.id, 'begin', () => process.worker.begin(run.id, run.queued))
  }

  /** As `run --detach` does: written down by one process, for another to start. */
  #queue(run: SimRun): void {
    this.#world.note(`people queue ${run.nick}: ${JSON.stringify(run.queued.input)}`)
    const append = {
      runId: run.id,
      take: 'create',
      epoch: 0,
      actor: 'person:people',
      seenRunSeq: 0,
      events: [{ type: 'run.queued', body: run.queued }],
    } as const
    this.#world.appendByPeople(append)
  }

  #randomQueued(): EventBodies['run.queued'] {
    const chance = this.#chance
    const isJob = chance.happens(this.#profile.jobs)
    if (this.#isOrchestral) return this.#randomOrchestral()
    const input = isJob ? randomJobs(chance) : randomProgram(chance)
    const resume = chance.happens(0.25) ? 'auto' : 'ask'
    return {
      workflow: isJob ? 'job' : 'program',
      workflow_version: isJob ? job.version : 1,
      name: 'simulated',
      input,
      resume,
      config: null,
    }
  }

  #randomOrchestral(): EventBodies['run.queued'] {
    return {
      workflow: orchestration.name,
      workflow_version: orchestration.version,
      name: 'simulated',
      input: randomOrchestra(this.#chance),
      resume: this.#chance.happens(0.25) ? 'auto' : 'ask',
      config: null,
    }
  }

  /** As `work` does: looks what can go on and goes on with it, with nobody there to be asked. */
  #serve(process: SimProcess): void {
    const { agenda } = this.#world
    this.#world.note(`${process.name} serves`)
    const ready = this.#world.journalOf(process).ready({ now: agenda.now(), limit: 100 })
    void ready.then((found) => {
      if (!found.ok) return
      for (const { runId } of found.value) {
        if (!process.doing.has(runId)) this.#goOn(process, runId, 'unattended')
      }
    })
  }

  #resume(run: SimRun): void {
    const process = this.#chance.one(this.#world.able)
    if (process.doing.has(run.id)) return
    this.#world.note(`${process.name} resumes ${run.nick}`)
    this.#goOn(process, run.id, 'attended')
  }

  #goOn(process: SimProcess, runId: RunId, how: Extract<How, 'attended' | 'unattended'>): void {
    process.call(runId, how, () => process.worker.goOn(runId, { unattended: how === 'unattended' }))
  }

  #notice(process: SimProcess): void {
    this.#world.note(`${process.name} notices`)
    void process.worker.notice()
  }

  #signal(run: SimRun): void {
    const draft = this.#chance.happens(0.5) ? this.#answer(run) : undefined
    this.#deliver(run, draft ?? this.#randomSignal())
  }

  /** As `answer` does: to an open question, the first answer counts. */
  #answer(run: SimRun): Delivery['draft'] | undefined {
    const { side } = this.#world.store
    const open = `SELECT id FROM questions WHERE run_id = ? AND wait IS NOT NULL ORDER BY number`
    const ids = side
      .prepare(open)
      .all(run.id)
      .map((row) => String(row['id']))
    if (ids.length === 0) return undefined
    const signal = answerSignal(this.#chance.one(ids))
    const payload = { choice: this.#chance.happens(0.7) ? 'yes' : 'no', by: 'person:people' }
    return { type: 'signal.received', body: { signal, payload }, dedupeKey: signal }
  }

  #randomSignal(): Delivery['draft'] {
    const signal = this.#chance.one(SIGNALS)
    const body = { signal, payload: `n${this.#world.agenda.step}` }
    const dedupeKey = this.#chance.happens(0.4) ? { dedupeKey: `k${this.#chance.below(4)}` } : {}
    return { type: 'signal.received', body, ...dedupeKey }
  }

  #deliver(run: SimRun, draft: Delivery['draft']): void {
    const byProcess = this.#chance.happens(0.3) && this.#world.able.length > 0
    const process = byProcess ? this.#chance.one(this.#world.able) : undefined
    const slot = process?.slot ?? this.#world.people
    const owner = process?.name ?? 'people'
    void this.#world.deliver(slot, owner, { runId: run.id, actor: `person:${owner}`, draft })
  }

  /** As `runs cancel` does: a living owner is asked; without one, somebody closes the run. */
  #cancel(run: SimRun): void {
    const found = this.#world.measure.runs.get(run.id)
    const isOwned = found?.status === 'running' && this.#world.isAlive(String(found.owner))
    if (isOwned || this.#world.able.length === 0) {
      if (isOwned) this.#deliver(run, { type: 'run.cancel_requested', body: { signal: null } })
      return
    }
    const process = this.#chance.one(this.#world.able)
    if (process.doing.has(run.id)) return
    this.#world.note(`${process.name} closes ${run.nick}`)
    const cancel = { actor: `person:${process.name}`, signal: this.#chance.happens(0.5) ? 'SIGINT' : null }
    process.call(run.id, 'close', () => process.worker.close(run.id, cancel))
  }

  /** Runs that a process is taking over at this moment. */
  #inTransit(): readonly (readonly [process: SimProcess, run: SimRun])[] {
    return this.#world.able.flatMap((process) =>
      [...process.doing.keys()]
        .filter((runId) => !process.worker.runs.includes(runId))
        .flatMap((runId) => this.#world.runs.filter(({ id }) => id === runId).map((run) => [process, run] as const)),
    )
  }

  /** Something comes just when the run changes hands. */
  #ambush([process, run]: readonly [process: SimProcess, run: SimRun]): void {
    const cancel = { type: 'run.cancel_requested', body: { signal: null } } as const
    this.#deliver(run, this.#chance.happens(0.6) ? cancel : this.#randomSignal())
    if (this.#chance.happens(0.5)) this.#notice(process)
  }

  /** Its lock is free, but it does not know and runs on. */
  #loseLock(process: SimProcess): void {
    this.#world.note(`${process.name} loses its lock`)
    process.isAlive = false
  }

  #erase(): void {
    const { runs } = this.#world
    if (runs.length > 0) this.#world.erase(this.#chance.one(runs).id, this.#chance.happens(0.7))
  }

  async #rebuild(): Promise<void> {
    this.#world.note('the projections are rebuilt')
    let isDone = false
    void this.#world.people.store.rebuild().then(() => {
      isDone = true
    })
    drainMicrotasks()
    while (!isDone) await new Promise<void>((resolve) => setImmediate(resolve))
  }

  #openRuns(): readonly SimRun[] {
    return this.#world.runs.filter(({ id }) => !isEnded(this.#world.measure.runs.get(id)?.status ?? 'queued'))
  }

  /** No more trouble: everything must come to its end, or wait for what is really missing. */
  async #calm(): Promise<void> {
    this.#world.note('calm')
    this.#world.calmDown()
    await this.#settle()
    for (let round = 0; this.#openRuns().length > 0; round++) {
      this.#world.note(`help ${round}`)
      if (round > 100) this.#world.fail(`${this.#openRuns().length} runs do not end, whatever people do`)
      await this.#tick(() => this.#help(round))
      await this.#settle()
    }
  }

  /** Goes on until nothing more happens by itself. */
  async #settle(): Promise<void> {
    for (let step = 0; ; step++) {
      if (step > CALM_STEPS) this.#world.fail('it does not come to rest')
      for (const process of [...this.#world.processes]) {
        if (process.isDoomed || !process.isAlive) this.#world.crash(process)
      }
      if (this.#world.able.length === 0) this.#world.spawn()
      const act = this.#nextInCalm()
      if (act === undefined) break
      await this.#tick(act)
    }
    this.#checkRest()
  }

  #nextInCalm(): (() => Promise<void> | void) | undefined {
    const { agenda, able, measure, store } = this.#world
    if (agenda.tasks.length > 0) return () => this.#pick()
    if (measure.lastSeq > this.#noticed) {
      this.#noticed = measure.lastSeq
      return () => {
        for (const process of able) this.#notice(process)
        this.#serve(this.#chance.one(able))
      }
    }
    if (agenda.due().length > 0) return () => this.#fire()
    const [first] = able
    const liveness = { owner: '', isAlive: (owner: string) => this.#world.isAlive(owner) }
    if (first !== undefined && measure.ready(liveness, { now: agenda.now(), limit: 1 }).length > 0)
      return () => this.#serve(this.#chance.one(able))
    const waits = agenda.armed.map((timer) => agenda.untilDue(timer))
    const parked = store.side.prepare(`SELECT min(ready_at) AS due FROM runs WHERE status = 'waiting'`).get()?.['due']
    if (typeof parked === 'number') waits.push(parked - agenda.now())
    if (waits.length === 0) return undefined
    return () => agenda.pass(Math.max(1, Math.min(...waits)))
  }

  /** Nothing happens any more. Each run has a reason for that. */
  #checkRest(): void {
    for (const run of this.#openRuns()) {
      const found = this.#world.measure.runs.get(run.id)
      if (found === undefined || found.status === 'paused') continue
      const unheard = unheardOf(found.events)
      if (unheard !== undefined) this.#world.fail(`${run.nick} rests and has not heard of its ${unheard}`)
      const owner = String(found.owner)
      const isStuck =
        found.status === 'running' &&
        this.#world.outside.goingOf(owner, run.id).length > 0 &&
        this.#world.isAlive(owner)
      const isWaiting = found.status === 'waiting' && found.readyAt === null && found.waits.size > 0
      if (!isStuck && !isWaiting) this.#world.fail(`${run.nick} rests as ${found.status}, without a reason`)
    }
    this.#world.check()
  }

  /** People do what the runs wait for; at last they cancel. */
  #help(round: number): void {
    for (const run of this.#openRuns()) {
      const found = this.#world.measure.runs.get(run.id)
      if (found === undefined) {
        this.#world.forget(run)
        continue
      }
      if (round > 30 || (found.status === 'running' && round > 2)) this.#cancel(run)
      else if (found.status === 'paused') this.#resume(run)
      else if (found.status === 'waiting') this.#satisfy(run, [...found.waits.values()])
    }
  }

  #satisfy(run: SimRun, waits: readonly string[]): void {
    for (const signal of waits) {
      // Nobody steers: that wait is never satisfied.
      if (signal === STEER_SIGNAL) continue
      const isAnswer = signal.startsWith(answerSignal(''))
      const payload = isAnswer ? { choice: 'yes', by: 'person:people' } : 'help'
      const dedupeKey = isAnswer ? { dedupeKey: signal } : {}
      this.#deliver(run, { type: 'signal.received', body: { signal, payload }, ...dedupeKey })
    }
  }
}

function randomProfile(chance: Chance): Profile {
  const some = (probability: number, value: number) => (chance.happens(probability) ? value * chance.next() : 0)
  return {
    runs: chance.happens(0.04) ? 12 : 1 + chance.below(4),
    steps: 40 + chance.below(260),
    jobs: chance.one([0, 0, 0.5, 1]),
    crashes: some(0.7, chance.one([1, 2, 6])),
    zombies: some(0.3, 1),
    jumps: some(0.4, 2),
    mishaps: some(0.3, 0.05),
    signals: some(0.8, 6),
    cancels: some(0.5, 3),
    resumes: some(0.6, 3),
    ambushes: some(0.3, 10),
    hangs: some(0.3, 20),
    erasures: some(0.3, 4),
  }
}
