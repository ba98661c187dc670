import { drainMicrotasks } from 'bun:jsc'
import type { Json } from '#base/json.ts'
import { err, ok } from '#base/result.ts'
import type { ReplyRequest } from '#domain/agents/reply-request.ts'
import { STEER_SIGNAL, type SteeringCommand } from '#domain/conductor/command.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import { answerSignal } from '#domain/people/question.ts'
import type { EventBodies, RunEvent } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import type { PlannedAgent } from '#workflows/agents/planned-agent.ts'
import { type JobRunInput, job } from '#workflows/job.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import type { TreeInput } from '#workflows/tree.ts'
import { type UndoInput, undo } from '#workflows/undo.ts'
import { piece, player } from '../support/orchestra-input.ts'
import { checkHistory } from './checks.ts'
import { type OutsideParts, type Plan, reportOf } from './outside.ts'
import type { Op, Program } from './programs.ts'
import type { SimProcess } from './sim-process.ts'
import type { SimStore } from './store.ts'
import { type SimRun, text, World } from './world.ts'

export interface Case {
  readonly name: string
  readonly queued: EventBodies['run.queued']
  /** What people say to the run, one command whenever nothing else is left to do. */
  readonly steers?: readonly SteeringCommand[]
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

/** At each question of the run that is steered, something is said; one of it comes too late. */
const STEERS: readonly SteeringCommand[] = [
  { do: 'patch', target: { node: 'a' }, how: 'append', text: 'Be brief.', once: true },
  { do: 'continue', node: 'a' },
  { do: 'set', key: 'goal', value: 'another' },
  { do: 'skip', node: 'a' },
  { do: 'repeat', node: 'a' },
  { do: 'disable', role: 'c' },
  { do: 'continue', node: null },
  { do: 'enable', target: { role: 'c' } },
  { do: 'limit', target: { role: 'b' }, limits: { replies: 3 } },
  { do: 'continue', node: 'b' },
  { do: 'reject', node: 'b', reason: 'not now' },
  { do: 'pause' },
  { do: 'snapshot', name: 'paused' },
  { do: 'continue', node: null },
]

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
  { name: 'agents that talk side by side', queued: queued('orchestration', talks()) },
  { name: 'a run that is steered', queued: queued('orchestration', steered()), steers: STEERS },
  { name: 'an undo', queued: queued('undo', undoing()) },
  { name: 'a graph of all kinds, in a repository', queued: queued('orchestration', graph()) },
  { name: 'groups, rejections and questions', queued: queued('orchestration', rejected()) },
]

/** A rejection, a list, a condition, people, a wait, and a failure that another node takes up; with trees. */
function graph(): OrchestrationInput {
  const agent = (name: string, writes: readonly string[], built_in: boolean): PlannedAgent => ({
    name,
    built_in,
    role: {
      ...{ instructions: '', version: 0, reads: ['review.findings'], feedback: [], writes, tools: [] },
      output: name === 'ReviewerAgent' ? 'verdict' : 'context',
    },
    backend: 'command',
    limits: {},
    directory: '/simulation',
    command: ['play', name],
  })
  const command = { command: ['do', 'it'] }
  return {
    name: 'graph',
    task: 'site',
    choice: [],
    nodes: [
      { id: 'make', kind: 'agent', needs: [], with: { agent: 'maker' } },
      { id: 'each', kind: 'command', needs: [], foreach: ['x', 'y', 'z'], with: command },
      { id: 'fatal', kind: 'command', needs: [], on_failure: 'instead', with: command },
      { id: 'instead', kind: 'command', needs: ['fatal'], with: command },
      {
        ...{ id: 'judge', kind: 'agent', needs: ['make'], with: { agent: 'ReviewerAgent' } },
        rework: { nodes: ['make'], rounds: 3 },
      },
      { id: 'people', kind: 'human', needs: ['judge'], with: { text: 'well?', deadline: '1h' } },
      { id: 'later', kind: 'wait', needs: ['each'], with: { for: '1s' } },
      { id: 'left out', kind: 'command', needs: ['judge'], when: 'false', with: command },
      { id: 'end', kind: 'command', needs: ['people', 'later', 'fatal'], retry: { attempts: 2 }, with: command },
    ],
    agents: [agent('maker', ['build.outputs'], false), agent('ReviewerAgent', ['review.status'], true)],
    tasks: [{ name: 'site', task: { repo: 'external', working_dir: '/simulation', command: ['make'] } }],
    jobs: [],
    trees: ['/simulation'],
    parallel: 2,
  }
}

/** Three agents, one after the other, before each of which a person is asked; rules say something, too. */
function steered(): OrchestrationInput {
  const { agents, ...more } = talks()
  const [agent] = agents
  if (agent === undefined) throw new Error('nobody talks')
  const named = (name: string): PlannedAgent => ({ ...agent, name, role: { ...agent.role, writes: [name] } })
  const node = (id: string, ...needs: readonly string[]): GraphNode => {
    return { id, kind: 'agent', needs, with: { agent: id } }
  }
  const says = (id: string) => ({ agent: id, output: { [id]: 1 } })
  const rule = { number: 1, moment: 'after', target: { node: 'c' }, round: 1 } as const
  return {
    ...more,
    nodes: [node('a'), node('b', 'a'), node('c', 'b')],
    agents: [named('a'), named('b'), named('c')],
    conductor: { interactive: true, rules: [{ ...rule, commands: [{ do: 'repeat', node: '' }] }] },
    script: {
      replies: [
        ...[says('a'), says('a'), says('c'), says('c')],
        { agent: 'b', tools: [{ tool: 'write', args: { path: 'a.txt', text: 'x' } }] },
        says('b'),
      ],
    },
  }
}

/** Two agents side by side, and one after both: notes, a question to people, a fault that passes, an answer in vain. */
function talks(): OrchestrationInput {
  const agent = (name: string, writes: readonly string[]): PlannedAgent => ({
    name,
    built_in: false,
    role: {
      ...{ instructions: 'talk', version: 0, reads: ['left', 'right'], feedback: [], writes },
      ...{ tools: ['note', 'ask', 'write', 'run'], output: 'context' },
    },
    backend: 'scripted',
    limits: { replies: 4, timeout_seconds: 3600 },
    directory: '/simulation',
  })
  const node = (id: string, ...needs: readonly string[]): GraphNode => {
    return { id, kind: 'agent', needs, with: { agent: id } }
  }
  const note = (text: string) => ({ tool: 'note', args: { text } })
  const write = { tool: 'write', args: { path: 'a.txt', text: 'x' } }
  const use = { tool: 'run', args: { command: 'unknown' } }
  const ask = { tool: 'ask', args: { question: 'Go on?', choices: ['yes', 'no'] } }
  return {
    name: 'talk',
    choice: [],
    nodes: [node('left'), node('right'), node('both', 'left', 'right')],
    agents: [agent('left', ['left']), agent('right', ['right']), agent('both', ['end'])],
    tasks: [],
    jobs: [],
    parallel: 2,
    tools: {
      spaces: {
        ...{ workspace: '/simulation', references: [], domain: '/simulation', allow: [] },
        ...{ read_scope: ['workspace'], write_scope: ['workspace'] },
      },
      ...{ commands: {}, environment: [], secrets: [] },
    },
    script: {
      replies: [
        { agent: 'left', tools: [note('l1'), ask] },
        { agent: 'left', tools: [note('l2'), write, use], delay: '300ms' },
        { agent: 'left', output: { left: 1 } },
        { agent: 'right', text: 'no answer', fault: 'overloaded', times: 1 },
        { agent: 'right', output: { right: 2 } },
        { agent: 'both', tools: [note('b'), write] },
        { agent: 'both', output: { undeclared: true } },
      ],
    },
  }
}

function undoing(): UndoInput {
  const files = ['a', 'b', 'c'].map((path) => {
    return { root: '/simulation', path, left: '2', found: '1', mode: 0o644, made: [] }
  })
  return { run: 'r', node: null, force: false, files }
}

/** Two builders side by side whose work is rejected once, a question, a list, a loop, and what takes the place of a failure. */
function rejected(): OrchestrationInput {
  const build = (id: string) => ({ id, needs: ['ask'], with: { agent: id } })
  const run = { command: ['do', 'it'] }
  return piece(
    [
      { id: 'ask', kind: 'human', with: { text: 'Go?', deadline: '1h' } },
      build('left'),
      build('slow'),
      { id: 'judge', needs: ['left', 'slow'], with: { agent: 'ReviewerAgent' } },
      {
        id: 'each',
        kind: 'command',
        needs: ['judge'],
        foreach: 'build.outputs',
        with: { command: ['do', '{{item}}'] },
      },
      { id: 'loop', needs: ['ask'], until: { condition: 'times >= 2', limit: 3 }, with: { agent: 'loop' } },
      { id: 'fatal', kind: 'command', needs: ['judge'], on_failure: 'mend', with: run },
      { id: 'mend', kind: 'wait', with: { for: '1s' } },
      { id: 'hangs', kind: 'command', needs: ['loop'], timeout: '2s', on_failure: 'continue', with: run },
      { id: 'last', kind: 'command', needs: ['fatal', 'each'], when: 'review.status == "passed"', with: run },
    ],
    [
      player('left', ['build.outputs'], ['review.findings']),
      player('slow', ['build.outputs'], ['review.findings']),
      player('loop', ['times'], ['times']),
    ],
    { parallel: 3 },
  )
}

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
    workflow_version: [job, orchestration, undo].find(({ name }) => name === workflow)?.version ?? 1,
    name: 'fixed',
    input,
    resume: 'ask',
    config: null,
  }
}

/** Executes the case, and kills its process before the steps with these numbers. */
export async function execute(
  store: SimStore,
  { queued: fact, steers = [] }: Case,
  crashes: readonly number[],
): Promise<CameOut> {
  const world = new World({ seed: 1, store, mishaps: 0, plan })
  const run = world.addRun(fact)
  const driver = new Driver(world, run, steers)
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
  const events = world.measure.runs.get(run.id)?.events ?? []
  // Nodes side by side end in any order, and their facts have numbers after that.
  const nodes = events.flatMap((event) =>
    event.type === 'node.ended' || event.type === 'conductor.obeyed' || event.type === 'conductor.refused'
      ? [text({ ...event.body, number: 0 })]
      : [],
  )
  return {
    end: [withoutDraws(events.at(-1)), nodes.sort()],
    steps: world.agenda.step,
    crashed: left.length < crashes.length,
  }
}

/** One process after the other, each doing what comes first; people answer when nothing else is left. */
class Driver {
  readonly #world: World
  readonly #run: SimRun
  readonly #steers: readonly SteeringCommand[]
  #process: SimProcess | undefined

  constructor(world: World, run: SimRun, steers: readonly SteeringCommand[]) {
    this.#world = world
    this.#run = run
    this.#steers = steers
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

  /** What is said next, by what was said so far. */
  get #steer(): SteeringCommand | undefined {
    const said = this.#found?.events.filter(
      ({ type, body }) => type === 'signal.received' && body.signal === STEER_SIGNAL,
    )
    return this.#steers[said?.length ?? 0]
  }

  /** A signal that somebody waits for, and has not got; nobody answers what is called never. */
  #wanted(): string | undefined {
    if (this.#found?.status !== 'waiting') return undefined
    if (this.#steer !== undefined) return STEER_SIGNAL
    return [...this.#found.waits.values()].find((name) => name !== 'never' && name !== STEER_SIGNAL)
  }

  #answer(name: string): void {
    const isAnswer = name.startsWith(answerSignal(''))
    const steer = name === STEER_SIGNAL ? { command: this.#steer ?? null, by: 'person:people' } : undefined
    const payload = steer ?? (isAnswer ? { choice: 'yes', by: 'person:people' } : `for ${name}`)
    const draft = { type: 'signal.received', body: { signal: name, payload } } as const
    void this.#world.deliver(this.#world.people, 'people', { runId: this.#run.id, actor: 'person:people', draft })
  }
}

const SLOW: ReadonlySet<string> = new Set(['slow', 'build'])
const FLAKY: ReadonlySet<string> = new Set(['flaky', 'lint', 'test'])

/** What a step comes to follows from its name and its try alone. */
const plan: OutsideParts['plan'] = (activity, { step: name, attempt }, input): Plan => {
  if (activity === 'look') return { kind: 'ends', afterMs: 0, result: ok<Json>(['ready', 'restored', 'ready']) }
  if (activity === 'restore') return { kind: 'ends', afterMs: 100, result: ok<Json>({ ok: true }) }
  // Only `askForReply` asks for it.
  if (activity === 'reply') return replyOf((input as unknown as ReplyRequest).scripted, attempt)
  if (activity === 'tree') return { kind: 'ends', afterMs: 0, result: ok(treeOf(input as unknown as TreeInput)) }
  if (activity === 'agent') return madeAfter(name, input)
  if (activity === 'review') return { kind: 'ends', afterMs: 0, result: ok(verdictOn(input)) }
  if (name === 'hangs') return { kind: 'hangs' }
  const afterMs = SLOW.has(name) ? 300 : 0
  if (name === 'fatal')
    return { kind: 'ends', afterMs, result: err({ code: 'output_lost', path: '/', reason: 'gone' }) }
  if (FLAKY.has(name) && attempt === 1) {
    return { kind: 'ends', afterMs, result: err({ code: 'spawn_failed', program: name, reason: `try ${attempt}` }) }
  }
  return { kind: 'ends', afterMs, result: ok<Json>(activity === 'command' ? reportOf(0, 0) : { name, attempt }) }
}

/** A tree that differs each time. */
function treeOf({ directories, known }: TreeInput): Json {
  const [root = ''] = directories
  const lists = { links: [], gone: [], back: [], left_out: [] }
  const about = { root, directories: [{ path: root, below: '' }], head: null, branch: null, from: known[root] ?? null }
  return { trees: [{ ...about, ...lists, digest: `${known[root] ?? ''}x` }], artifacts: [], without: [] }
}

/** Each round makes one more, named after who made it and what was found; a loop counts its rounds. */
function madeAfter(name: string, input: Json): Plan {
  const { context } = input as {
    readonly context: { readonly 'review.findings'?: readonly string[]; readonly times?: number }
  }
  const made = { 'build.outputs': [`${name} after ${context['review.findings']?.join() ?? 'nothing'}`] }
  const writes: Json = name === 'loop' ? { times: (context.times ?? 0) + 1 } : made
  return { kind: 'ends', afterMs: name === 'slow' ? 300 : 0, result: ok({ writes }) }
}

function verdictOn(input: Json): Json {
  const { outputs } = input as { readonly outputs: readonly string[] }
  const findings = outputs.length < 3 ? [`${outputs.length} are too few`] : []
  const status = findings.length === 0 ? 'passed' : 'rejected'
  return { status, report: status, findings, tasks: [] }
}

/** As the scripted backend has it. */
function replyOf(scripted: ReplyRequest['scripted'], attempt: number): Plan {
  if (scripted === undefined) return { kind: 'throws' }
  const { reply, fault, times, delay_ms: afterMs } = scripted
  const about = { agent: 'a', backend: 'scripted', fault: 'overloaded', detail: '' } as const
  if (fault !== null && (times === null || attempt <= times))
    return { kind: 'ends', afterMs, result: err({ code: 'backend_failed', ...about }) }
  return { kind: 'ends', afterMs, result: ok({ ...reply, broken: '' }) }
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
