import type { Json } from '#base/json.ts'
import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { DrawKind } from '#domain/run/event.ts'
import type { RecordedFact } from '#domain/run/recorded-fact.ts'
import { type Commands, createContext, type Request } from './context.ts'
import type { Command, Completion, Host, Stop } from './host-port.ts'
import type { Pending, Workflow } from './workflow.ts'

interface Open {
  readonly kind: Command['kind']
  cancelAsked: boolean
  readonly settle: (result: Result<Json, Failure>) => void
}

/** Runs a workflow to its end, or until its host has no more to say. */
export async function execute(
  workflow: Workflow,
  input: Json,
  host: Host,
): Promise<Result<Result<Json, Failure>, Stop>> {
  return await new Scheduler(host).drive(workflow, input)
}

/**
 * Owns every promise that workflow code awaits. It lets the code run until it is idle (a turn), settles exactly one
 * promise, and again: so the order in which things end is the only thing that happens to the code, and it is in the
 * journal.
 */
class Scheduler implements Commands {
  readonly #host: Host
  readonly #open = new Map<number, Open>()
  /** Settled by ourselves, in this order, before the host is asked again: what was cancelled and is over at once. */
  readonly #over: number[] = []
  #lastNumber = 0
  #inTurn = false
  #cancelled: Failure | undefined
  #result: Result<Json, Failure> | undefined
  #fault: Failure | undefined
  #reportFault: () => void = () => undefined

  constructor(host: Host) {
    this.#host = host
  }

  async drive(workflow: Workflow, input: Json): Promise<Result<Result<Json, Failure>, Stop>> {
    this.#turn(() => this.#begin(workflow, input))
    for (;;) {
      if (this.#fault !== undefined) return this.#stopped()
      if (this.#result !== undefined) this.#cancelOpen()
      if (this.#settleOver()) continue
      if (this.#open.size === 0) return this.#finish()
      const next = await this.#next()
      if (!next.ok) return next
      this.#turn(() => this.#complete(next.value))
    }
  }

  /** Gives a command to the host. Its promise settles in a later turn. */
  request<T>(request: Request): Pending<T> {
    this.#assertTurn(request.kind)
    const { promise, resolve } = Promise.withResolvers<Result<T, Failure>>()
    const number = this.#nextNumber()
    // The value of a command is what its activity or sender gave, which the contract's types describe.
    this.#open.set(number, {
      kind: request.kind,
      cancelAsked: false,
      settle: resolve as (result: Result<Json, Failure>) => void,
    })
    if (this.#cancelled === undefined && this.#fault === undefined) this.#host.start({ ...request, number })
    else this.#over.push(number)
    return Object.assign(promise, { kind: request.kind, cancel: () => this.#cancel(number) })
  }

  draw(kind: DrawKind): string | number {
    this.#assertTurn(kind)
    return this.#host.draw(this.#nextNumber(), kind)
  }

  record(fact: RecordedFact): void {
    this.#assertTurn(fact.type)
    this.#host.record(this.#nextNumber(), fact)
  }

  /** The host's next completion, or a fault that workflow code causes in the meantime. */
  #next(): Promise<Result<Completion, Stop>> {
    return new Promise((resolve, reject) => {
      this.#reportFault = () => resolve(this.#stopped())
      this.#host.next().then(resolve, reject)
    })
  }

  #begin(workflow: Workflow, input: Json): void {
    const context = createContext(this)
    // A handler that throws before its first await must fail like one that throws after it.
    const ending = (async () => await workflow.handler(context, input))()
    ending.then(
      (result) => this.#end(result),
      (error: unknown) => this.#end(err({ code: 'internal', incident: 'workflow', detail: String(error) })),
    )
  }

  #end(result: Result<Json, Failure>): void {
    this.#assertTurn('return')
    this.#result = result
  }

  #turn(run: () => void): void {
    this.#host.turn(() => {
      this.#inTurn = true
      run()
    })
    this.#inTurn = false
  }

  #complete(completion: Completion): void {
    if (completion.kind === 'ended') this.#settle(completion.number, completion.result)
    else {
      this.#cancelled = completion.failure
      this.#cancelOpen()
    }
  }

  #settle(number: number, result: Result<Json, Failure>): void {
    const open = this.#open.get(number)
    this.#open.delete(number)
    open?.settle(result)
  }

  /** Settles one command that is over without the host; says whether there was one. */
  #settleOver(): boolean {
    const number = this.#over.shift()
    if (number === undefined) return false
    this.#turn(() => this.#settle(number, err(this.#cancelled ?? { code: 'cancelled' })))
    return true
  }

  #cancelOpen(): void {
    for (const number of this.#open.keys()) this.#cancel(number)
  }

  #cancel(number: number): void {
    const open = this.#open.get(number)
    if (open === undefined || open.cancelAsked) return
    open.cancelAsked = true
    this.#host.cancel(number)
    if (open.kind !== 'step') this.#over.push(number)
  }

  #finish(): Result<Result<Json, Failure>, Stop> {
    if (this.#result !== undefined) return { ok: true, value: this.#result }
    this.#failWith({
      code: 'nondeterministic_await',
      detail: 'it is idle and not done, and no command of its context is open',
    })
    return this.#stopped()
  }

  #nextNumber(): number {
    this.#lastNumber += 1
    return this.#lastNumber
  }

  #assertTurn(what: string): void {
    if (this.#inTurn) return
    this.#failWith({
      code: 'nondeterministic_await',
      detail: `"${what}" came outside a turn, after something that is not a command of its context`,
    })
    this.#reportFault()
  }

  #failWith(failure: Failure): void {
    this.#fault ??= failure
  }

  #stopped(): Result<never, Stop> {
    const failure = this.#fault ?? { code: 'nondeterministic_await', detail: 'it stopped without a reason' }
    return err({ kind: 'stopped', failure })
  }
}
