import { effectiveNeeds } from '#domain/definition/node-graph.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { type Complain, isEnding } from './check-run.ts'
import type { SimRun } from './world.ts'

/** What a graph of nodes means: needs first, so many at once, each round once, and nothing begun after a failure. */
export function checkOrchestration(run: SimRun, events: readonly RunEvent[], complain: Complain): void {
  // The input is one of ours.
  const input = run.queued.input as unknown as OrchestrationInput
  const check = new OrchestrationCheck(input, events, complain)
  for (const event of events) check.take(event)
  check.end()
}

class OrchestrationCheck {
  readonly #input: OrchestrationInput
  readonly #events: readonly RunEvent[]
  readonly #complain: Complain
  readonly #waits: ReadonlyMap<string, ReadonlySet<string>>
  readonly #ended = new Set<string>()
  readonly #places = new Set<string>()
  readonly #open = new Set<number>()
  #failed: string | undefined

  constructor(input: OrchestrationInput, events: readonly RunEvent[], complain: Complain) {
    this.#input = input
    this.#events = events
    this.#complain = complain
    this.#waits = effectiveNeeds(input.nodes)
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'step.started':
        this.#open.add(event.body.number)
        if (this.#open.size > this.#input.parallel) this.#complain(`${this.#open.size} steps at once`)
        return
      case 'step.succeeded':
      case 'step.failed':
        this.#open.delete(event.body.number)
        return
      case 'node.started':
        this.#start(event)
        return
      case 'node.ended':
        this.#finish(event)
        return
      default:
        return
    }
  }

  #start({ body: { node, round, item } }: EventOf<'node.started'>): void {
    const place = `${node} ${round} ${item}`
    if (this.#places.has(place)) this.#complain(`${place} began twice`)
    this.#places.add(place)
    const missing = [...(this.#waits.get(node) ?? [])].find((need) => !this.#ended.has(need))
    if (missing !== undefined) this.#complain(`${node} began before ${missing} had ended`)
    if (this.#failed !== undefined && item === null) this.#complain(`${node} began after ${this.#failed} had failed`)
    this.#ended.delete(node)
  }

  #finish(event: EventOf<'node.ended'>): void {
    const { node, item, failure } = event.body
    if (item !== null) return
    this.#ended.add(node)
    const { on_failure: then = 'stop' } = this.#input.nodes.find(({ id }) => id === node) ?? {}
    if (failure !== null && then === 'stop' && !this.#isRetried(event)) this.#failed = node
  }

  /** Whether a further try of the node followed. */
  #isRetried({ body: { node, round }, runSeq }: EventOf<'node.ended'>): boolean {
    return this.#events.some(({ type, runSeq: later, body }) => {
      return type === 'node.started' && later > runSeq && body.node === node && body.round === round + 1
    })
  }

  end(): void {
    const last = this.#events.at(-1)
    if (last === undefined || !isEnding(last) || last.type !== 'run.succeeded') return
    const missing = this.#input.nodes.find(({ id }) => !this.#ended.has(id))
    if (missing !== undefined) this.#complain(`it succeeded, and ${missing.id} has no end`)
    if (this.#failed !== undefined) this.#complain(`it succeeded, though ${this.#failed} failed`)
  }
}
