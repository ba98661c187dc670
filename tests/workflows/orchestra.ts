import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import { workflow } from '#engine/workflow.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { type Going, Rig } from '../engine/rig.ts'

export type Answer = (step: string, input: Json) => Result<Json, Failure> | undefined

/** Plays a piece over a journal in memory. Steps end when the test says so, with what `answer` gives for them. */
export class Rehearsal {
  readonly rig: Rig
  readonly #answer: Answer
  readonly #input: OrchestrationInput

  constructor(input: OrchestrationInput, answer: Answer = () => undefined) {
    this.#input = input
    this.#answer = answer
    this.rig = new Rig({ activities: ['agent', 'command', 'review', 'check', 'reply', 'tool'] })
    const played = workflow(orchestration.name, orchestration.version, (ctx) => orchestration.handler(ctx, input))
    this.rig.begin(this.rig.process('p', played), played)
  }

  get waiting(): readonly string[] {
    return this.rig.going.map(({ attempt }) => attempt.step)
  }

  /** Ends the steps that wait, those of this name or all, and whatever follows. */
  end(name?: string): void {
    const index = this.rig.going.findIndex(({ attempt }) => name === undefined || attempt.step === name)
    const [going] = index < 0 ? [] : this.rig.going.splice(index, 1)
    if (going === undefined) throw new Error(`nothing called ${name} waits; there is ${this.waiting.join(', ')}`)
    going.end(this.#resultOf(going))
    this.rig.settle()
  }

  endAll(next: (going: readonly Going[]) => number = () => 0): void {
    while (this.rig.going.length > 0) this.end(this.waiting[next(this.rig.going)])
  }

  get events(): readonly RunEvent[] {
    return this.rig.events()
  }

  get ending(): string {
    return this.events.at(-1)?.type ?? ''
  }

  /** Each round of each node, as it ended. */
  get ends(): readonly string[] {
    return this.events.flatMap((event) => {
      if (event.type !== 'node.ended') return []
      const { node, round, item, status } = event.body
      return [`${node}${item === null ? '' : `[${item}]`} ${round} ${status}`]
    })
  }

  get fold(): OrchestrationFold {
    const [first, ...rest] = this.events
    const queued = first as EventOf<'run.queued'>
    const fold = OrchestrationFold.begin({ ...queued, body: { ...queued.body, input: this.#input } })
    if (fold === undefined) throw new Error('it has not begun')
    for (const event of rest) fold.add(event)
    return fold
  }

  #resultOf({ attempt, input }: Going): Result<Json, Failure> {
    const own = this.#answer(attempt.step, input)
    if (own !== undefined) return own
    return ok({ exit: 0, writes: {}, stdout: { digest: '', bytes: 0 }, stderr: { digest: '', bytes: 0 } })
  }
}

/** What an agent's command says. */
export function says(writes: Readonly<Record<string, Json>>): Result<Json, Failure> {
  return ok({ writes })
}

export const fails: Result<Json, Failure> = err({ code: 'output_lost', path: '/', reason: 'gone' })

export function verdict(findings: readonly string[]): Result<Json, Failure> {
  const status = findings.length === 0 ? 'passed' : 'rejected'
  return ok({ status, report: `${findings.length} findings`, findings, tasks: [] })
}
