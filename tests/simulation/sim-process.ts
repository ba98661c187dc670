import { drainMicrotasks } from 'bun:jsc'
import { recoveryQuestion } from '#app/recovery-question.ts'
import { uuid } from '#base/id.ts'
import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Append, Appended, Delivered, Delivery, Journal, ReadyRun } from '#engine/journal-port.ts'
import { type Outcome, Worker } from '#engine/worker.ts'
import { job } from '#workflows/job.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { undo } from '#workflows/undo.ts'
import type { MemoryLog } from '../support/sim-journal.ts'
import type { Chance } from '../support/sim-random.ts'
import type { Agenda } from './agenda.ts'
import type { Outside } from './outside.ts'
import { programWorkflow } from './programs.ts'
import type { Slot } from './store.ts'

/** What a process meets of the world that it lives in. */
export interface Surroundings {
  readonly agenda: Agenda
  readonly outside: Outside
  readonly chance: Chance
  readonly measure: MemoryLog
  isAlive(owner: string): boolean
  nick(runId: RunId): string
  /** Whether the store fails at the next commit: before it, or after it so that only the answer is lost. */
  mishap(): 'none' | 'refused' | 'lost'
  append(process: SimProcess, append: Append, requested: number): Promise<Result<Appended, Failure>>
  deliver(slot: Slot, owner: string, delivery: Delivery): Promise<Result<Delivered, Failure>>
  compare<T>(what: string, found: T, expected: T): T
  compareReady(found: Result<readonly ReadyRun[], Failure>, expected: readonly ReadyRun[]): void
  onOutcome(process: SimProcess, runId: RunId, outcome: Outcome | Result<void, Failure>): void
  fail(message: string): void
}

const ACTIVITIES = ['work', 'command', 'reply', 'tool', 'agent', 'review', 'tree', 'look', 'restore'] as const

/** Who lets a run go on: a person who asked for it, or nobody. */
export type How = 'attended' | 'unattended' | 'close' | 'begin'

/** One process of ours, from its start to its end, over a real store handle whose every call waits to be picked. */
export class SimProcess {
  readonly name: string
  readonly slot: Slot
  readonly worker: Worker
  /** What its lock says. One that runs on without its lock is what fencing is for. */
  isAlive = true
  /** A failure of the store: nothing is left for it but to exit. */
  isDoomed = false
  /** What it does at the moment, by run. */
  readonly doing = new Map<RunId, How>()
  readonly #world: Surroundings

  constructor(world: Surroundings, name: string, slot: Slot) {
    this.#world = world
    this.name = name
    this.slot = slot
    slot.owner = name
    const { agenda, outside } = world
    const random = world.chance.fork()
    const foreign = { wait: async () => await agenda.gate(name, `${name} hears something foreign`) }
    const program = programWorkflow(foreign)
    this.worker = new Worker({
      journal: gatedJournal(world, this),
      activities: {
        ...Object.fromEntries(ACTIVITIES.map((each) => [each, outside.activity(name, each)])),
      },
      clock: agenda,
      timers: agenda.timersOf(name),
      random: () => random.next(),
      drain: drainMicrotasks,
      actor: `person:${name}`,
      findWorkflow: async (wanted) => [job, orchestration, undo, program].find((each) => each.name === wanted),
      liveness: {
        owner: name,
        isAlive: (owner) => world.isAlive(owner),
      },
      askAbout: recoveryQuestion(() => uuid(() => random.next())),
    })
  }

  /** Starts something that takes time; the world hears what became of it. */
  call(runId: RunId, how: How, work: () => Promise<Outcome | Result<void, Failure>>): void {
    this.doing.set(runId, how)
    work().then(
      (outcome) => {
        this.doing.delete(runId)
        this.#world.onOutcome(this, runId, outcome)
      },
      (error: unknown) => this.#world.fail(`${this.name} threw: ${error instanceof Error ? error.stack : error}`),
    )
    drainMicrotasks()
  }
}

/** The port, call by call held back until the world says go, and compared with the measure of a journal. */
export function gatedJournal(world: Surroundings, process: SimProcess): Journal {
  const { agenda } = world
  const { name } = process
  const inner = () => process.slot.store.journal
  const liveness = { owner: name, isAlive: (owner: string) => world.isAlive(owner) }
  return {
    append: (append) => commit(world, process, append),
    deliver: (delivery) => world.deliver(process.slot, name, delivery),
    history: async (runId) => {
      await agenda.gate(name, `${name} reads ${world.nick(runId)}`)
      const expected = world.measure.history(liveness, runId)
      return world.compare(`history of ${runId}`, await inner().history(runId), expected)
    },
    inboundAfter: async (seq) => {
      await agenda.gate(name, `${name} looks what came`)
      const expected = world.measure.inboundAfter(seq)
      return world.compare('inbound', await inner().inboundAfter(seq), expected)
    },
    ready: async (query) => {
      await agenda.gate(name, `${name} looks for work`)
      const expected = world.measure.ready(liveness, query)
      const found = await inner().ready(query)
      world.compareReady(found, expected)
      return found
    },
  }
}

function commit(world: Surroundings, process: SimProcess, append: Append): ReturnType<Journal['append']> {
  const { agenda } = world
  const { name } = process
  const requested = agenda.step
  const what = [...append.events, ...(append.park === undefined ? [] : [append.park])].map(({ type }) => type)
  const label = `${name} ${append.take} ${world.nick(append.runId)} ${append.epoch}: ${what.join(' ')}`
  return new Promise((resolve) => {
    agenda.offer({
      owner: name,
      kind: 'commit',
      label,
      run: async () => {
        const mishap = world.mishap()
        if (mishap !== 'none') process.isDoomed = true
        const failed = err({ code: 'store_io', path: 'store.db', reason: mishap } as const)
        const result = mishap === 'refused' ? failed : await world.append(process, append, requested)
        const answer = mishap === 'lost' ? failed : result
        const answerLabel = `${name} hears of ${world.nick(append.runId)}: ${answer.ok ? 'ok' : answer.error.code}`
        agenda.offer({ owner: name, kind: 'plain', label: answerLabel, run: () => resolve(answer) })
      },
    })
  })
}
