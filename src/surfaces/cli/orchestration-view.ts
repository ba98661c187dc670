import { describeFailure } from '#app/failure-text.ts'
import { inWords } from '#app/orchestration-end.ts'
import type { Progress } from '#app/progress.ts'
import type { OutputPaths } from '#app/services.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import { alternatives, count, cut, onOneLine } from '#base/text.ts'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import { wordsOf } from '#domain/conductor/command-words.ts'
import { StepPrompts } from '#domain/conductor/step-prompt.ts'
import type { Failure } from '#domain/failure.ts'
import { borrowedEvents } from '#domain/run/borrow.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import type { FoldedNode, OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import { eventLine } from './event-line.ts'
import { graphLines } from './graph-region.ts'
import { GraphWatch } from './graph-watch.ts'
import type { Io } from './io.ts'
import { causeOf, isCancelled } from './job-lines.ts'
import { isOfCommand, nodeFailures } from './node-failures.ts'
import { nodeLabel, nodeLines } from './node-lines.ts'
import { OutputTails } from './output-tails.ts'
import { PromptedRegion } from './prompted-region.ts'
import { stepPromptText } from './step-prompt-text.ts'
import { StepTeller } from './step-teller.ts'

const LEAST_TITLE = 20
/** What stands behind the name in the title. */
const BESIDE_TITLE = 45

/**
 * Shows an orchestration as it goes: a row a node as it ends, below them on a terminal the graph that moves, in a file
 * or pipe a line a step; what failed is told in full at the end.
 */
export class OrchestrationView {
  readonly #io: Io
  readonly #files: OutputPaths
  readonly #region: PromptedRegion
  readonly #steps: StepTeller
  readonly #asked = new Map<number, AskedQuestion>()
  readonly #failures: Failure[] = []
  /** The rows that have been told already. */
  readonly #told = new Set<string>()
  #watch: GraphWatch | undefined
  /** What the Conductor shows of a step before it asks. */
  #prompts: StepPrompts | undefined
  #tails: OutputTails | undefined
  #runId = ''
  #until = 0
  #isResting = false

  constructor(io: Io, files: OutputPaths) {
    this.#io = io
    this.#files = files
    this.#region = new PromptedRegion(io, () => this.#lines())
    this.#steps = new StepTeller(io, { files, say: (text) => this.#region.say(text) })
    io.terminal?.whenLent({ before: () => this.#region.prompting(true), after: () => this.#region.prompting(false) })
  }

  /** How it went so far; undefined before it has begun. */
  get fold(): OrchestrationFold | undefined {
    return this.#watch?.fold
  }

  readonly report = (progress: Progress): void => {
    if (progress.kind === 'begun') this.#begin(progress.runId)
    else if (progress.kind === 'event') this.#event(progress.event, progress.isNews)
    else if (progress.kind === 'asks') this.#ask(progress.question)
    else if (progress.kind === 'note') this.#region.say(`${onOneLine(progress.text)}\n`)
    else if (progress.kind === 'failed') this.#failures.push(progress.failure)
    else if (progress.kind === 'sleeps') this.#sleep(progress.until)
  }

  /** Said once, however often it is looked at. */
  #sleep(until: number): void {
    if (!this.#io.isLive || this.#until === until) return
    this.#until = until
    const waiting = (this.#watch?.nodes ?? []).filter(({ status }) => status === 'running').map(labelOf)
    const moment = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z')
    const who = waiting.length === 0 ? 'waits' : `${waiting.join(', ')} waits`
    this.#region.say(`  -     ${cut(onOneLine(who), 60)} until ${moment}\n`)
  }

  /** The run was told to stop. */
  stopping(times: number): void {
    // The terminal has written ^C where it was.
    const start = this.#io.isLive && !this.#region.isDrawn ? '\n' : ''
    if (times === 1 && !this.#isResting && this.#io.isLive) this.#region.say(`${start}ending…; again: kill now\n`)
  }

  /** Takes away what moves, and tells in full what failed, in the run and beside it. */
  end(): void {
    this.#steps.end()
    this.#region.end()
    const { alert, home } = this.#io
    for (const failure of this.#failures.splice(0)) alert.note(`${describeFailure(failure, home).headline}\n`)
    if (this.#watch === undefined || this.#watch.fold.endedAt === null) return
    // Nodes that were ended from outside, or never reached, have no fact of their own.
    for (const node of this.#watch.nodes) if (!this.#told.has(labelOf(node))) this.#tellNode(node)
    const where = { files: this.#files, runId: this.#runId, home }
    alert.note(nodeFailures(this.#watch.nodes, this.#watch.failed, where))
  }

  #begin(runId: string): void {
    this.#runId = runId
    this.#tails = new OutputTails(this.#files, runId)
    this.#steps.begin(runId, () => this.#watch)
    if (this.#io.isLive) this.#region.begin()
  }

  #title({ body }: EventOf<'run.queued'>): void {
    const { paint, isLive } = this.#io
    const nodes = this.#watch?.nodes.length ?? 0
    const room = this.#io.size().columns - BESIDE_TITLE
    const name = isLive ? cut(body.name, Math.max(LEAST_TITLE, room)) : onOneLine(body.name)
    this.#region.say(`${paint.strong(name)} · ${count(nodes, 'node')} · ${this.#runId}\n`)
  }

  #event(event: RunEvent, isNews: boolean): void {
    if (event.type === 'run.borrowed') {
      for (const each of borrowedEvents(event)) this.#event(each, false)
      return
    }
    this.#watch ??= GraphWatch.begin(event)
    if (event.type === 'run.queued') {
      this.#title(event)
      this.#prompts = new StepPrompts(event)
    }
    this.#prompts?.add(event)
    if (isNews && this.#io.loudness === 'verbose') this.#region.say(`${eventLine(event)}\n`)
    if (isNews && this.#watch !== undefined) this.#steps.tell(event, this.#watch)
    this.#watch?.add(event)
    this.#follow(event)
  }

  /** What follows from what has been taken in. */
  #follow(event: RunEvent): void {
    if (event.type === 'step.succeeded' || event.type === 'step.failed') this.#tails?.forget(event.body.number)
    if (event.type === 'run.waiting' || event.type === 'run.paused') this.#isResting = true
    else if (event.type === 'run.resumed') this.#isResting = false
    else if (event.type === 'signal.taken' || event.type === 'wait.closed') this.#answered(event.body.number)
    else if (event.type === 'node.ended') this.#nodeEnded(event.body)
    else if (event.type === 'conductor.obeyed' || event.type === 'conductor.refused') this.#steered(event)
  }

  #nodeEnded({ node, round, item }: EventOf<'node.ended'>['body']): void {
    const ended = this.#watch?.fold.roundOf(node, round, item)
    if (ended !== undefined) this.#tellNode(ended)
  }

  #tellNode(node: FoldedNode): void {
    this.#told.add(labelOf(node))
    const rows = nodeLines([shownNode(node)], {
      columns: this.#io.size().columns,
      paint: this.#io.paint,
      among: this.#watch?.widest ?? [],
    })
    const text = rows.map((row) => `${row}\n`).join('')
    if (node.status === 'failed' && this.#io.loudness === 'quiet') this.#io.alert.note(text)
    else this.#region.say(text)
  }

  #steered({ type, body }: EventOf<'conductor.obeyed'> | EventOf<'conductor.refused'>): void {
    // Commands are read when they are given, and stand in the log as they were read.
    const words = onOneLine(wordsOf(body.command as unknown as SteeringCommand))
    const refused = type === 'conductor.refused' ? `, refused: ${onOneLine(body.reason)}` : ''
    this.#region.say(`  steer ${words} (by ${onOneLine(body.by)})${refused}\n`)
  }

  #ask(question: AskedQuestion): void {
    const { number, asker, text, choices } = question
    if (question.wait !== null) this.#asked.set(question.wait, question)
    const asks = `  ?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}\n`
    const about = this.#prompts === undefined ? '' : stepPromptText(this.#prompts, question)
    const words = `${asks}${about}        orchastration answer ${number} ${alternatives(choices)}\n`
    const told = `${this.#failureOf(asker)}${words}`
    if (this.#io.isLive) this.#region.ask(told)
    else this.#io.alert.note(told)
    if (this.#io.isAttended) this.#region.prompting(true)
  }

  /** Whoever is asked about a node that failed sees why. */
  #failureOf(node: string): string {
    const last = this.#watch?.nodes.findLast(({ id }) => id === node)
    if (this.#watch === undefined || last?.status !== 'failed') return ''
    const where = { files: this.#files, runId: this.#runId, home: this.#io.home }
    return nodeFailures([last], this.#watch.failed, where)
  }

  #answered(wait: number): void {
    this.#asked.delete(wait)
    if (this.#asked.size === 0) this.#region.prompting(false)
  }

  #tailOf(node: NodeState, most: number): readonly string[] {
    const step = this.#watch?.doing(node)
    const printed = step === undefined ? [] : (this.#tails?.of(step.number, most) ?? [])
    return printed.length > 0 ? printed : (this.#watch?.recent(node).slice(-most) ?? [])
  }

  #lines(): readonly string[] {
    const watch = this.#watch
    if (watch === undefined) return []
    return graphLines(
      {
        nodes: watch.nodes,
        among: watch.widest,
        now: Date.now(),
        doing: (node) => watch.doing(node),
        needs: (node) => watch.needs(node),
        items: (node) => watch.items(node),
        questions: [...this.#asked.values()],
        tail: (node, most) => this.#tailOf(node, most),
      },
      this.#io.size(),
    )
  }
}

/** Of a command in few words: what it wrote is told at the end. Nothing is wrong with what somebody ended. */
function shownNode(node: FoldedNode): NodeState {
  const { failure } = node
  if (failure === null) return node
  if (isCancelled(failure)) return { ...inWords(node), status: 'skipped' }
  return isOfCommand(failure) ? { ...node, message: causeOf(failure) } : inWords(node)
}

function labelOf(node: FoldedNode): string {
  return nodeLabel({ ...node, node: node.id })
}
