import { canonicalJson } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { STEER_SIGNAL, type Steer, type SteeringCommand } from '#domain/conductor/command.ts'
import { commandsInWords } from '#domain/conductor/command-forms.ts'
import { wordsOf } from '#domain/conductor/command-words.ts'
import { readCommand } from '#domain/conductor/read-command.ts'
import { splitWords } from '#domain/conductor/split-words.ts'
import { type SteeredGraph, steeredGraph } from '#domain/conductor/steered-graph.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { Call, Taken } from './operation.ts'
import type { Executing } from './services.ts'
import type { AskedQuestion, RunSummary } from './store-port.ts'
import { makeWake } from './wake.ts'

/** How long the run may take to say what it does about a command. */
const HEARING_MS = 5000

/** A command to the run that asks, typed at its question; without a step it is about the one that is asked about. */
export async function steerHere(
  executing: Executing,
  call: Call,
  { question, line }: { readonly question: AskedQuestion; readonly line: string },
): Promise<Result<Taken, Failure>> {
  if (line.trim() === '') return ok({ isOver: false })
  if (/^\s*(?:help|\?)\s*$/.test(line)) return ok({ isOver: false, words: commandsInWords() })
  const words = splitWords(line)
  if (words === undefined) {
    const fault = { problem: 'bad_value', word: line, expected: 'quotes that are closed' } as const
    return err({ code: 'steering_invalid', ...fault })
  }
  const told = { run: question.runId, words, subject: question.asker, isHere: true }
  const steered = await steerRun(executing, call, told)
  return steered.ok ? ok({ isOver: false, words: `obeyed: ${wordsOf(steered.value.command)}` }) : steered
}

interface Words {
  readonly run: string
  readonly words: readonly string[]
  /** The step that is meant where none is named. */
  readonly subject?: string
  /** This process stays with the run, and goes on with it. */
  readonly isHere?: boolean
}

interface Steering {
  readonly runId: RunId
  readonly command: SteeringCommand
  readonly obeyed: boolean
  readonly launched: boolean
}

/** Hands a command to a run, and waits until the run has said what it does about it. */
export async function steerRun(
  executing: Executing,
  call: Call,
  { run: text, words, subject, isHere = false }: Words,
): Promise<Result<Steering, Failure>> {
  const found = await steerable(executing, text)
  if (!found.ok) return found
  const { run, graph } = found.value
  const read = readCommand(
    { words, subject: graph.nodes.some(({ id }) => id === subject) ? subject : undefined },
    graph,
  )
  if (!read.ok) return err({ code: 'steering_invalid', ...read.error })
  const by = actorOf(call.services.principal)
  const said: Steer = { command: read.value, by }
  const body = { signal: STEER_SIGNAL, payload: said }
  const delivered = await executing.journal.deliver({
    runId: run.id,
    actor: by,
    draft: { type: 'signal.received', body },
  })
  if (!delivered.ok) return delivered
  await executing.worker.notice()
  const launched = isHere ? ok(false) : await goOn(executing, call, run)
  if (!launched.ok) return launched
  const heard = await hear(executing, { runId: run.id, seq: delivered.value.seq, said })
  return heard.ok ? ok({ runId: run.id, command: read.value, launched: launched.value, obeyed: heard.value }) : heard
}

async function steerable(
  { reader }: Executing,
  text: string,
): Promise<Result<{ readonly run: RunSummary; readonly graph: SteeredGraph }, Failure>> {
  const run = await reader.findRun(text)
  if (!run.ok) return run
  const { id, name, workflow, status } = run.value
  if (workflow !== 'orchestration') return err({ code: 'run_not_steerable', run: id, name, workflow })
  if (isEnded(status)) return err({ code: 'run_ended', run: id, status })
  const events = await reader.runEvents(id, 0)
  if (!events.ok) return events
  const [first] = events.value.events
  if (first?.type !== 'run.queued') {
    const missing: Failure = {
      code: 'event_unreadable',
      run: id,
      seq: 1,
      reason: 'the first event of the run is not there',
    }
    return err(events.value.unreadable[0] ?? missing)
  }
  // The workflow's name says what its input is.
  const { nodes, graphs } = first.body.input as unknown as OrchestrationInput
  return ok({ run: run.value, graph: steeredGraph(nodes, graphs) })
}

/** A run that nobody executes goes on in the background; says whether that is so. */
async function goOn({ reader }: Executing, { services }: Call, { id }: RunSummary): Promise<Result<boolean, Failure>> {
  const now = await reader.findRun(id)
  if (!now.ok) return now
  if (now.value.status !== 'waiting' && !now.value.interrupted) return ok(false)
  const launched = await services.launch(['work', '--run', id])
  return launched.ok ? ok(true) : launched
}

interface Told {
  readonly runId: RunId
  /** The event that carries the command. */
  readonly seq: number
  readonly said: Steer
}

/** Whether the run has obeyed; false where it has not heard of it yet. A refusal is a failure. */
async function hear({ reader, watch }: Executing, told: Told): Promise<Result<boolean, Failure>> {
  const changed = makeWake()
  const stopWatching = watch.subscribe(changed.wake)
  const until = Date.now() + HEARING_MS
  try {
    for (let after = 0; ; ) {
      const events = await reader.runEvents(told.runId, after)
      if (!events.ok) return events
      const outcome = outcomeIn(events.value.events, told)
      if (outcome !== undefined) return outcome
      const run = await reader.findRun(told.runId)
      if (!run.ok) return run
      if (run.value.status === 'paused' || Date.now() > until) return ok(false)
      after = Math.max(0, ownPlace(events.value.events, told) ?? after)
      await changed.wait(200)
    }
  } finally {
    stopWatching()
  }
}

function ownPlace(events: readonly RunEvent[], { seq }: Told): number | undefined {
  const own = events.find((event) => event.seq === seq)
  return own === undefined ? undefined : own.runSeq - 1
}

/** The command is taken and its fact is recorded in one and the same turn. */
function outcomeIn(events: readonly RunEvent[], told: Told): Result<boolean, Failure> | undefined {
  const { runId, seq, said } = told
  const { runSeq } = events.find((event) => event.seq === seq) ?? {}
  const taken = events.findIndex(({ type, body }) => type === 'signal.taken' && body.signal_seq === runSeq)
  const command = canonicalJson(said.command)
  for (const event of taken < 0 ? [] : events.slice(taken)) {
    if (event.type === 'conductor.obeyed' && canonicalJson(event.body.command) === command) return ok(true)
    if (event.type === 'conductor.refused' && canonicalJson(event.body.command) === command)
      return err({ code: 'steering_refused', run: runId, command: wordsOf(said.command), reason: event.body.reason })
  }
  const end = events.find(({ type }) => ENDS.has(type))
  return end === undefined ? undefined : err({ code: 'run_ended', run: runId, status: ENDS.get(end.type) ?? 'failed' })
}

const ENDS: ReadonlyMap<string, 'succeeded' | 'failed' | 'cancelled' | 'timed_out'> = new Map([
  ['run.succeeded', 'succeeded'],
  ['run.failed', 'failed'],
  ['run.cancelled', 'cancelled'],
  ['run.timed_out', 'timed_out'],
])
