import { drainMicrotasks } from 'bun:jsc'
import type { Json } from '#base/json.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Activities, Activity, ActivityAttempt } from '#engine/activities.ts'
import type { Journal } from '#engine/journal-port.ts'
import { type Outcome, Worker } from '#engine/worker.ts'
import { activity, type Workflow } from '#engine/workflow.ts'
import { Agenda } from '../simulation/agenda.ts'
import { MemoryLog, memoryJournal } from '../support/sim-journal.ts'

export const RUN = '01k9aaaaaaaaaaaaaaaaaaaaaa' as RunId

export const work = activity<Json, Json>('work')

/** A started try that ends when the test says so. */
export interface Going {
  readonly input: Json
  readonly attempt: ActivityAttempt
  readonly end: (result: Result<Json, Failure>) => void
}

/** What a call to the engine has come to so far. */
export interface Called {
  outcome?: Outcome
}

export interface RigOptions {
  /** Ends every try at once; without it, tries wait in `going`. */
  readonly answer?: (input: Json) => Result<Json, Failure>
  /** Names of activities beside `work`, which do the same. */
  readonly activities?: readonly string[]
  /** Something between the engine and its journal. */
  readonly journal?: (journal: Journal) => Journal
}

/** The engine over a journal in memory and a told clock; whatever can go on has gone on when a method returns. */
export class Rig {
  readonly agenda = new Agenda()
  readonly log: MemoryLog
  readonly going: Going[] = []
  readonly starts: string[] = []
  readonly ended: string[] = []
  readonly alive = new Set<string>()
  readonly #options: RigOptions

  constructor(options: RigOptions = {}) {
    this.log = new MemoryLog(this.agenda)
    this.#options = options
  }

  /** A process that knows these workflows. */
  process(owner: string, ...workflows: readonly Workflow[]): Worker {
    this.alive.add(owner)
    const liveness = { owner, isAlive: (other: string) => this.alive.has(other) }
    const journal = memoryJournal(this.log, liveness)
    return new Worker({
      journal: this.#options.journal?.(journal) ?? journal,
      activities: this.#activities(),
      clock: this.agenda,
      timers: this.agenda.timersOf(owner),
      random: () => 0.5,
      drain: drainMicrotasks,
      actor: `person:${owner}`,
      findWorkflow: async (wanted) => workflows.find(({ name }) => name === wanted),
      liveness,
      askAbout: () => null,
    })
  }

  begin(worker: Worker, workflow: Workflow, runId: RunId = RUN): Called {
    return this.call(() => worker.begin(runId, queued(workflow)))
  }

  goOn(worker: Worker, unattended = false, runId: RunId = RUN): Called {
    return this.call(() => worker.goOn(runId, { unattended }))
  }

  call(work: () => Promise<Outcome>): Called {
    const called: Called = {}
    void work().then((outcome) => {
      called.outcome = outcome
    })
    this.settle()
    return called
  }

  /** The process is gone, without a word. */
  kill(owner: string): void {
    this.alive.delete(owner)
    this.agenda.drop(owner)
    this.going.length = 0
  }

  signal(name: string, payload: Json, runId: RunId = RUN): void {
    this.log.deliver({
      runId,
      actor: 'person:ada',
      draft: { type: 'signal.received', body: { signal: name, payload } },
    })
  }

  cancel(runId: RunId = RUN): void {
    const draft = { type: 'run.cancel_requested', body: { signal: null } } as const
    this.log.deliver({ runId, actor: 'person:ada', draft })
  }

  notice(worker: Worker): void {
    void worker.notice()
    this.settle()
  }

  /** Ends the oldest try that is going on. */
  end(result: Result<Json, Failure>): void {
    this.going.shift()?.end(result)
    this.settle()
  }

  /** Lets time pass, and with it all that is due. */
  pass(durationMs: number): void {
    this.agenda.pass(durationMs)
    for (let due = this.agenda.due()[0]; due !== undefined; due = this.agenda.due()[0]) {
      this.agenda.fire(due)
      this.settle()
    }
  }

  settle(): void {
    drainMicrotasks()
    for (let task = this.agenda.tasks.shift(); task !== undefined; task = this.agenda.tasks.shift()) {
      void task.run()
      drainMicrotasks()
    }
  }

  events(runId: RunId = RUN): readonly RunEvent[] {
    return this.log.runs.get(runId)?.events ?? []
  }

  types(runId: RunId = RUN): readonly string[] {
    return this.events(runId).map(({ type }) => type)
  }

  #activities(): Activities {
    const work: Activity = {
      run: (input, attempt) => {
        this.starts.push(`${attempt.key} ${attempt.start}`)
        const { answer } = this.#options
        if (answer !== undefined) return Promise.resolve(answer(input))
        return new Promise((resolve) => {
          this.going.push({ input, attempt, end: resolve })
          attempt.signal.addEventListener('abort', () => resolve({ ok: false, error: attempt.signal.reason }))
        })
      },
      endLeftovers: async (key) => {
        this.ended.push(key)
        return 0
      },
    }
    const names = ['work', ...(this.#options.activities ?? [])]
    return Object.fromEntries(names.map((name) => [name, work]))
  }
}

function queued(workflow: Workflow): EventBodies['run.queued'] {
  const { name, version } = workflow
  return { workflow: name, workflow_version: version, name, input: null, resume: 'ask', config: null }
}

export const done = (value: Json = null): Result<Json, Failure> => ok(value)
