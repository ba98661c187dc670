import { sha256 } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Question } from '#domain/people/question.ts'
import { activity, type Pending, type StepOptions, type WorkflowContext, workflow } from '#engine/workflow.ts'
import type { Chance } from '../support/sim-random.ts'

/** What a random workflow does, as data: it is the run's input, so that every process executes the same program. */
export type Op =
  | {
      readonly do: 'step'
      readonly name: string
      readonly idempotent: boolean
      readonly timeoutMs: number | null
      readonly retry: Retry | null
    }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'signal'; readonly name: string; readonly asks: boolean }
  | { readonly do: 'draw'; readonly kind: 'now' | 'random' | 'uuid' }
  | { readonly do: 'record'; readonly what: string }
  | { readonly do: 'all'; readonly branches: readonly (readonly Op[])[] }
  | { readonly do: 'race'; readonly contestants: readonly Op[]; readonly plain: boolean; readonly cancels: boolean }
  | { readonly do: 'branch'; readonly low: readonly Op[]; readonly high: readonly Op[] }
  | { readonly do: 'repeat'; readonly times: number; readonly body: readonly Op[] }
  | { readonly do: 'cancel'; readonly op: Op; readonly afterMs: number }
  | { readonly do: 'foreign' }

type Retry = {
  readonly attempts: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
  readonly spread: number
}

export type Program = { readonly ops: readonly Op[] }

const work = activity<{ readonly name: string; readonly seen: string }, Json>('work')

/** Awaits of things that are not the context's; whoever simulates says when they come. */
export interface Foreign {
  wait(): Promise<void>
}

/** The workflow that executes programs. Its steps are given a digest of all that happened, so order shows in the journal. */
export function programWorkflow(foreign: Foreign) {
  return workflow<Program, Json>('program', 1, async (ctx, { ops }) => {
    const trace: Json[] = []
    const stopped = await new Interpreter(ctx, trace, foreign).all(ops)
    return stopped === undefined ? ok({ trace }) : err(stopped)
  })
}

class Interpreter {
  readonly #ctx: WorkflowContext
  readonly #trace: Json[]
  readonly #foreign: Foreign

  constructor(ctx: WorkflowContext, trace: Json[], foreign: Foreign) {
    this.#ctx = ctx
    this.#trace = trace
    this.#foreign = foreign
  }

  /** Answers with the failure that ends the program. */
  async all(ops: readonly Op[]): Promise<Failure | undefined> {
    for (const op of ops) {
      const stopped = await this.#one(op)
      if (stopped !== undefined) return stopped
    }
    return undefined
  }

  async #one(op: Op): Promise<Failure | undefined> {
    switch (op.do) {
      case 'step':
      case 'sleep':
      case 'signal':
        return this.#note(op, await this.#give(op))
      case 'draw':
        this.#trace.push(this.#draw(op.kind))
        return undefined
      case 'record':
        this.#ctx.record({
          type: 'conductor.obeyed',
          body: { node: null, by: 'rule:1', command: [op.what, this.#digest()] },
        })
        return undefined
      case 'all': {
        const ends = await Promise.all(op.branches.map((branch) => this.all(branch)))
        return ends.find((end) => end !== undefined)
      }
      case 'race':
        return op.plain ? await this.#plainRace(op) : await this.#race(op)
      case 'branch': {
        const value = this.#ctx.random()
        return await this.all(value < 0.5 ? op.low : op.high)
      }
      case 'repeat': {
        for (let time = 0; time < op.times; time++) {
          const stopped = await this.all(op.body)
          if (stopped !== undefined) return stopped
        }
        return undefined
      }
      case 'cancel':
        return await this.#cancel(op)
      case 'foreign':
        await this.#foreign.wait()
        return undefined
    }
  }

  #give(op: Op): Pending<unknown> {
    if (op.do === 'step') return this.#ctx.run(work, { name: op.name, seen: this.#digest() }, optionsOf(op))
    if (op.do === 'sleep') return this.#ctx.sleep(op.ms)
    if (op.do === 'signal') return this.#ctx.signal(op.name, op.asks ? this.#question(op.name) : undefined)
    throw new Error(`${op.do} is not a command`)
  }

  #draw(kind: 'now' | 'random' | 'uuid'): string | number {
    switch (kind) {
      case 'now':
        return this.#ctx.now()
      case 'random':
        return this.#ctx.random()
      case 'uuid':
        return this.#ctx.uuid()
    }
  }

  async #race(op: Extract<Op, { do: 'race' }>): Promise<Failure | undefined> {
    const contestants = op.contestants.map((contestant, index) => [`c${index}`, this.#give(contestant)] as const)
    const { winner, result } = await this.#ctx.race(Object.fromEntries(contestants))
    this.#trace.push(String(winner))
    return this.#note(op, result as Result<Json, Failure>)
  }

  async #plainRace(op: Extract<Op, { do: 'race' }>): Promise<Failure | undefined> {
    const pendings = op.contestants.map((contestant) => this.#give(contestant))
    const first = await Promise.race(pendings.map(async (pending, index) => ({ index, result: await pending })))
    this.#trace.push(first.index)
    if (op.cancels) for (const pending of pendings) pending.cancel()
    return this.#note(op, first.result as Result<Json, Failure>)
  }

  async #cancel(op: Extract<Op, { do: 'cancel' }>): Promise<Failure | undefined> {
    const pending = this.#give(op.op)
    const slept = await this.#ctx.sleep(op.afterMs)
    if (!slept.ok) return slept.error
    pending.cancel()
    const result = await pending
    this.#trace.push(result.ok ? 'too late' : result.error.code)
    return undefined
  }

  /** Failures are results like others, and only the cancellation of the run ends the program. */
  #note(op: Op, result: Result<unknown, Failure>): Failure | undefined {
    this.#trace.push([op.do, result.ok ? ((result.value as Json) ?? null) : result.error.code])
    return !result.ok && result.error.code === 'cancelled' && op.do !== 'race' ? result.error : undefined
  }

  #digest(): string {
    return sha256(JSON.stringify(this.#trace)).slice(0, 12)
  }

  #question(name: string): Question {
    const id = this.#ctx.uuid()
    return { id, text: `${name}?`, choices: ['yes', 'no'], asker: 'program', addressee: 'anyone', deadline: null }
  }
}

function optionsOf(op: Extract<Op, { do: 'step' }>): StepOptions {
  const { name, idempotent, timeoutMs, retry } = op
  return { name, idempotent, ...(timeoutMs !== null && { timeoutMs }), ...(retry !== null && { retry }) }
}

/** Which signals programs wait for. */
export const SIGNALS = ['alpha', 'beta', 'gamma'] as const

export function randomProgram(chance: Chance): Program {
  const maker = new ProgramMaker(chance)
  return { ops: maker.ops(1 + chance.below(5), 0) }
}

class ProgramMaker {
  readonly #chance: Chance
  #steps = 0

  constructor(chance: Chance) {
    this.#chance = chance
  }

  ops(count: number, depth: number): readonly Op[] {
    return Array.from({ length: count }, () => this.#op(depth))
  }

  #op(depth: number): Op {
    const chance = this.#chance
    const kind = chance.weighted<Op['do']>([
      [6, 'step'],
      [3, 'sleep'],
      [3, 'signal'],
      [2, 'draw'],
      [2, 'record'],
      [depth < 2 ? 3 : 0, 'all'],
      [3, 'race'],
      [depth < 2 ? 1 : 0, 'branch'],
      [depth < 2 ? 1 : 0, 'repeat'],
      [1.5, 'cancel'],
      [0.06, 'foreign'],
    ])
    switch (kind) {
      case 'step':
        return this.#step()
      case 'sleep':
        return this.#sleep()
      case 'signal':
        return this.#signal()
      case 'draw':
        return { do: 'draw', kind: chance.one(['now', 'random', 'uuid'] as const) }
      case 'record':
        return { do: 'record', what: chance.one(['continue', 'pause'] as const) }
      case 'all': {
        const branches = Array.from({ length: 2 + chance.below(3) }, () => this.ops(1 + chance.below(2), depth + 1))
        return { do: 'all', branches }
      }
      case 'race': {
        const contestants = [this.#command(), this.#command(), ...(chance.happens(0.3) ? [this.#command()] : [])]
        return { do: 'race', contestants, plain: chance.happens(0.4), cancels: chance.happens(0.5) }
      }
      case 'branch':
        return { do: 'branch', low: this.ops(1, depth + 1), high: this.ops(1, depth + 1) }
      case 'repeat':
        return { do: 'repeat', times: 1 + chance.below(3), body: this.ops(1, depth + 1) }
      case 'cancel':
        return { do: 'cancel', op: this.#command(), afterMs: this.#chance.below(3) * 100 }
      case 'foreign':
        return { do: 'foreign' }
    }
  }

  #command(): Op {
    return this.#chance.weighted([
      [3, () => this.#step()],
      [4, () => this.#sleep()],
      [4, () => this.#signal()],
    ])()
  }

  #step(): Op {
    const chance = this.#chance
    this.#steps += 1
    const retry = { attempts: 2 + chance.below(3), backoffMs: 100 * chance.below(20), backoffMaxMs: 3000, spread: 0.3 }
    return {
      do: 'step',
      name: `s${this.#steps}`,
      idempotent: chance.happens(0.5),
      timeoutMs: chance.happens(0.3) ? 100 + chance.below(2000) : null,
      retry: chance.happens(0.5) ? retry : null,
    }
  }

  #sleep(): Op {
    return { do: 'sleep', ms: this.#chance.one([0, 1, 50, 500, 500, 5000, 60_000]) }
  }

  #signal(): Op {
    return { do: 'signal', name: this.#chance.one(SIGNALS), asks: this.#chance.happens(0.2) }
  }
}
