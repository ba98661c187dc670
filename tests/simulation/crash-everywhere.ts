import { drainMicrotasks } from 'bun:jsc'
import type { Json } from '#base/json.ts'
import { err, ok } from '#base/result.ts'
import { answerSignal } from '#domain/people/question.ts'
import type { EventBodies, RunEvent } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import { type JobRunInput, job } from '#workflows/job.ts'
import { checkHistory } from './checks.ts'
import { type OutsideParts, type Plan, reportOf } from './outside.ts'
import type { Op, Program } from './programs.ts'
import type { SimProcess } from './sim-process.ts'
import type { SimStore } from './store.ts'
import { type SimRun, World } from './world.ts'

export interface Case {
  readonly name: string
  readonly queued: EventBodies['run.queued']
}

/** How one history came out, and how many steps it took. */
export interface CameOut {
  readonly end: unknown
  readonly steps: number
  readonly crashed: boolean
}

const LIMIT = 5000

const step = (name: string, more: Partial<Extract<Op, { do: 'step' }>> = {}): Op => ({
  do: 'step',
  name,
  idempotent: false,
  timeoutMs: null,
  retry: null,
  ...more,
})
const sleep = (ms: number): Op => ({ do: 'sleep', ms })
const signal = (name: string, asks = false): Op => ({ do: 'signal', name, asks })
const record = (what: string): Op => ({ do: 'record', what })
const draw = (kind: 'now' | 'random' | 'uuid'): Op => ({ do: 'draw', kind })
const retry = { attempts: 4, backoffMs: 200, backoffMaxMs: 1000, spread: 0 }

const program = (name: string, ...ops: readonly Op[]): Case => {
  const input: Program = { ops }
  return { name, queued: queued('program', input) }
}

/** Between them, these programs use all that a context offers. */
export const CASES: readonly Case[] = [
  program('a sequence with draws', draw('now'), step('a'), draw('random'), sleep(100), draw('uuid'), step('b')),
  program('facts of its own', record('begin'), step('a'), record('between'), sleep(100), record('end')),
  program('a fan-out', {
    do: 'all',
    branches: [
      [step('a'), step('slow')],
      [step('b'), sleep(50)],
      [sleep(10), step('fatal')],
    ],
  }),
  program('tries that fail', step('flaky', { retry }), step('fatal', { retry }), step('hangs', { timeoutMs: 300 })),
  program(
    'races',
    { do: 'race', contestants: [signal('never'), sleep(500)], plain: false, cancels: false },
    { do: 'race', contestants: [step('slow'), sleep(10)], plain: false, cancels: false },
    { do: 'race', contestants: [sleep(20), sleep(900)], plain: true, cancels: true },
    step('after'),
  ),
  program('waits', signal('alpha'), step('a'), signal('beta', true), {
    do: 'all',
    branches: [[signal('alpha')], [signal('gamma'), step('b')]],
  }),
  program(
    'cancelled commands',
    { do: 'cancel', op: step('hangs'), afterMs: 50 },
    {
      do: 'cancel',
      op: signal('never'),
      afterMs: 0,
    },
  ),
  program('a loop', { do: 'repeat', times: 3, body: [step('a'), sleep(1000), step('flaky', { retry })] }),
  { name: 'a graph of jobs', queued: queued('job', jobs()) },
]

function jobs(): JobRunInput {
  const plain = { command: ['do', 'it'], idempotent: true }
  const planned = {
    build: plain,
    lint: { ...plain, retry: { attempts: 3, backoff: '200ms' } },
    test: { ...plain, needs: ['build'], timeout_seconds: 1, retry: { attempts: 2, backoff: '100ms' } },
    deploy: { ...plain, needs: ['test', 'lint'], confirm: { question: 'sure?', timeout: '1h' } },
  }
  const list = Object.entries(planned).map(([name, one]) => ({
    name,
    job: one,
    directory: '/simulation',
    argv: ['do', 'it'] as const,
  }))
  return { requested: ['deploy'], jobs: list, parallel: 2 }
}

function queued(workflow: string, input: Json): EventBodies['run.queued'] {
  return {
    workflow,
    workflow_version: workflow === job.name ? job.version : 1,
    name: 'fixed',
    input,
    resume: 'ask',
    config: null,
  }
}

/** Executes the case, and kills its process before the steps with these numbers. */
export async function execute(store: SimStore, { queued: fact }: Case, crashes: readonly number[]): Promise<CameOut> {
  const world = new World({ seed: 1, store, mishaps: 0, plan })
  const run = world.addRun(fact)
  const driver = new Driver(world, run)
  let left = [...crashes]
  for (; !driver.isOver; world.agenda.step++) {
    if (world.agenda.step > LIMIT) world.fail('it does not end')
    if (left[0] === world.agenda.step) {
      driver.crash()
      left = left.slice(1)
    }
    await driver.tick()
    drainMicrotasks()
    world.check()
  }
  await checkHistory(world)
  world.check()
  const last = world.measure.runs.get(run.id)?.events.at(-1)
  return { end: withoutDraws(last), steps: world.agenda.step, crashed: left.length < crashes.length }
}

/** One process after the other, each doing what comes first; people answer when nothing else is left. */
class Driver {
  readonly #world: World
  readonly #run: SimRun
  #process: SimProcess | undefined

  constructor(world: World, run: SimRun) {
    this.#world = world
    this.#run = run
  }

  get isOver(): boolean {
    const status = this.#world.measure.runs.get(this.#run.id)?.status
    return status !== undefined && isEnded(status) && this.#world.agenda.tasks.length === 0
  }

  crash(): void {
    if (this.#process !== undefined) this.#world.crash(this.#process)
    this.#process = undefined
  }

  async tick(): Promise<void> {
    const { agenda } = this.#world
    const [task] = agenda.tasks
    if (task !== undefined) return await this.#world.perform(task, false)
    const [due] = agenda.due()
    if (due !== undefined) return agenda.fire(due)
    if (this.#isFree()) return this.#take()
    const waits = agenda.armed.map((timer) => agenda.untilDue(timer))
    const readyAt = this.#found?.status === 'waiting' ? this.#found.readyAt : null
    if (readyAt !== null && readyAt !== undefined) waits.push(readyAt - agenda.now())
    const wanted = this.#wanted()
    if (wanted !== undefined) this.#answer(wanted)
    else agenda.pass(Math.max(1, Math.min(...waits)))
  }

  get #found() {
    return this.#world.measure.runs.get(this.#run.id)
  }

  /** Whether the run can go on and nobody is at it. */
  #isFree(): boolean {
    if (this.#process?.doing.has(this.#run.id) === true) return false
    const found = this.#found
    if (found?.status !== 'waiting') return true
    return found.readyAt !== null && found.readyAt <= this.#world.agenda.now()
  }

  #take(): void {
    this.#process ??= this.#world.spawn()
    const process = this.#process
    const { id, queued: fact } = this.#run
    if (this.#found === undefined) process?.call(id, 'begin', () => process.worker.begin(id, fact))
    else process?.call(id, 'attended', () => process.worker.goOn(id, { unattended: false }))
  }

  /** A signal that somebody waits for, and has not got; nobody answers what is called never. */
  #wanted(): string | undefined {
    if (this.#found?.status !== 'waiting') return undefined
    return [...this.#found.waits.values()].find((name) => name !== 'never')
  }

  #answer(name: string): void {
    const isAnswer = name.startsWith(answerSignal(''))
    const payload = isAnswer ? { choice: 'yes', by: 'person:people' } : `for ${name}`
    const draft = { type: 'signal.received', body: { signal: name, payload } } as const
    void this.#world.deliver(this.#world.people, 'people', { runId: this.#run.id, actor: 'person:people', draft })
  }
}

/** What a step comes to follows from its name and its try alone. */
const plan: OutsideParts['plan'] = (activity, { step: name, attempt }): Plan => {
  if (name === 'hangs') return { kind: 'hangs' }
  const afterMs = name === 'slow' || name === 'build' ? 300 : 0
  const isFlaky = name === 'flaky' || name === 'lint' || name === 'test'
  if (name === 'fatal')
    return { kind: 'ends', afterMs, result: err({ code: 'output_lost', path: '/', reason: 'gone' }) }
  if (isFlaky && attempt === 1) {
    return { kind: 'ends', afterMs, result: err({ code: 'spawn_failed', program: name, reason: `try ${attempt}` }) }
  }
  return { kind: 'ends', afterMs, result: ok<Json>(activity === 'command' ? reportOf(0, 0) : { name, attempt }) }
}

/** What was drawn differs from run to run. */
function withoutDraws(event: RunEvent | undefined): unknown {
  const isDrawn = (value: unknown) =>
    (typeof value === 'number' && (value > 1e9 || !Number.isInteger(value))) ||
    (typeof value === 'string' && /^[0-9a-f]{8}-/.test(value))
  if (event === undefined) return undefined
  const body = JSON.stringify(event.body, (_, value) => (isDrawn(value) ? 'drawn' : value))
  return { type: event.type, body: JSON.parse(body) }
}
