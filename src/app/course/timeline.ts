import { formatDuration } from '#base/duration.ts'
import { alternatives, onOneLine } from '#base/text.ts'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import { wordsOf } from '#domain/conductor/command-words.ts'
import type { Answer } from '#domain/people/question.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { Moment } from '#domain/run/moment.ts'
import { TREE_ACTIVITY } from '#domain/run/recorded-tree.ts'
import { actionWords, failureWords, outcomeWords } from './step-words.ts'
import { NOWHERE, type Place, Workers } from './workers.ts'

/** What became of the whole run, by the event that says so. */
const RUN_WORDS: { readonly [Type in RunEvent['type']]?: string } = {
  'run.started': 'begins',
  'run.resumed': 'goes on',
  'run.waiting': 'waits',
  'run.paused': 'stands still',
  'run.cancel_requested': 'is told to stop',
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.cancelled': 'cancelled',
  'run.timed_out': 'timed out',
}

/** The course of a run as a list of what happened, made of its events as they come. */
export class Timeline {
  readonly #moments: Moment[] = []
  #workers = new Workers(undefined)
  /** Where the moment of a step that has not ended stands. */
  readonly #steps = new Map<number, number>()
  /** Who asked, by the signal that answers. */
  readonly #askers = new Map<string, Place>()

  get moments(): readonly Moment[] {
    return this.#moments
  }

  add(event: RunEvent): void {
    if (event.type === 'run.queued') this.#workers = new Workers(event)
    const words = RUN_WORDS[event.type]
    if (words !== undefined) this.#tell(event, NOWHERE, { kind: 'run', what: words, note: causeOf(event) })
    else if (event.type === 'node.started') this.#begin(event)
    else if (event.type === 'node.ended') this.#finish(event)
    else if (event.type === 'step.started') this.#step(event)
    else if (event.type === 'step.succeeded' || event.type === 'step.failed') this.#stepEnded(event)
    else if (event.type === 'step.retried') this.#retried(event)
    else if (event.type === 'wait.opened') this.#ask(event)
    else if (event.type === 'signal.received') this.#answer(event)
    else if (event.type === 'conductor.obeyed' || event.type === 'conductor.refused') this.#steer(event)
  }

  #tell({ at }: RunEvent, { node, round, item }: Place, told: Pick<Moment, 'kind' | 'what'> & Partial<Moment>): void {
    this.#moments.push({ at, node, round, item, status: null, took_ms: null, note: '', ...told })
  }

  #begin(event: EventOf<'node.started'>): void {
    const { node, round, item, kind, role, backend } = event.body
    this.#workers.begin(event)
    const who = [role ?? kind, ...(backend === null ? [] : [backend])].join(', ')
    this.#tell(event, { node, round, item }, { kind: 'node', what: 'begins', note: onOneLine(who) })
  }

  #finish(event: EventOf<'node.ended'>): void {
    const { node, round, item, status, message, failure } = event.body
    const since = this.#workers.finish(event)
    const took_ms = since === undefined ? null : event.at - since
    const note = failure === null ? onOneLine(message) : failureWords(failure)
    this.#tell(event, { node, round, item }, { kind: 'node', what: 'ended', status, took_ms, note })
  }

  #step(event: EventOf<'step.started'>): void {
    const { number, name, activity } = event.body
    // The engine's own, beside what the agents do.
    if (activity === TREE_ACTIVITY) return
    const place = this.#workers.ofStep(name)
    this.#steps.set(number, this.#moments.length)
    this.#tell(event, place, { kind: 'step', what: actionWords(event.body, place.node) })
  }

  #stepEnded({ at, body }: EventOf<'step.succeeded'> | EventOf<'step.failed'>): void {
    const index = this.#steps.get(body.number)
    const begun = index === undefined ? undefined : this.#moments[index]
    if (index === undefined || begun === undefined) return
    this.#steps.delete(body.number)
    this.#moments[index] = { ...begun, ...outcomeWords(body), took_ms: at - begun.at }
  }

  #retried(event: EventOf<'step.retried'>): void {
    const { number, failure, attempt, due_at } = event.body
    const step = this.#moments[this.#steps.get(number) ?? -1]
    if (step === undefined) return
    const note = `try ${attempt} in ${formatDuration(due_at - event.at)}: ${failureWords(failure)}`
    this.#tell(event, step, { kind: 'step', what: `again: ${step.what}`, note })
  }

  #ask(event: EventOf<'wait.opened'>): void {
    const { question, signal } = event.body
    if (question === null) return
    const place = this.#workers.placeOf(question.asker)
    this.#askers.set(signal, place)
    const note = alternatives(question.choices)
    this.#tell(event, place, { kind: 'question', what: `asks: ${onOneLine(question.text)}`, note: onOneLine(note) })
  }

  #answer(event: EventOf<'signal.received'>): void {
    const place = this.#askers.get(event.body.signal)
    if (place === undefined) return
    // What comes by the signal of a question is its answer.
    const { choice, by } = event.body.payload as Answer
    this.#tell(event, place, { kind: 'answer', what: `answered: ${onOneLine(choice)}`, note: `by ${onOneLine(by)}` })
  }

  #steer(event: EventOf<'conductor.obeyed'> | EventOf<'conductor.refused'>): void {
    const { node, by, command } = event.body
    const refused = event.type === 'conductor.refused' ? `refused, ${event.body.reason}` : ''
    const note = [`by ${by}`, refused].filter((part) => part !== '').join(': ')
    const status = refused === '' ? null : 'refused'
    // Commands are read when they are given, and stand in the log as they were read.
    const what = onOneLine(wordsOf(command as unknown as SteeringCommand))
    this.#tell(event, this.#workers.placeOf(node), { kind: 'steering', what, status, note: onOneLine(note) })
  }
}

function causeOf(event: RunEvent): string {
  if (event.type === 'run.failed' || event.type === 'run.timed_out' || event.type === 'run.cancelled')
    return failureWords(event.body.failure)
  if (event.type === 'run.waiting' && event.body.ready_at !== null)
    return `until ${new Date(event.body.ready_at).toISOString()}`
  if (event.type === 'run.resumed' && event.body.restarted.length > 0) return 'what was in flight begins again'
  return ''
}
