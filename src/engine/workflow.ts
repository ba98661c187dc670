import type { Json } from '#base/json.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Question } from '#domain/people/question.ts'
import type { RecordedFact } from '#domain/run/recorded-fact.ts'

/** A durable function: ordinary async code whose every effect goes through its context. */
export interface Workflow {
  readonly name: string
  /** Changed with every change of the handler that an old journal could notice; runs go on only under their own. */
  readonly version: number
  readonly handler: (ctx: WorkflowContext, input: Json) => Promise<Result<Json, Failure>>
}

/** The workflow of that name, loaded when a run first comes to it; undefined where this program knows none. */
export type FindWorkflow = (name: string) => Promise<Workflow | undefined>

export function workflow<Input extends Json, Output extends Json>(
  name: string,
  version: number,
  handler: (ctx: WorkflowContext, input: Input) => Promise<Result<Output, Failure>>,
): Workflow {
  // A run's input is what this workflow's callers gave, and comes back from the journal as it went in.
  return { name, version, handler: (ctx, input) => handler(ctx, input as Input) }
}

/** What a workflow asks of the world outside, and what comes back. The making of it lies in src/activities. */
export interface ActivityContract<Input extends Json, Output extends Json> {
  readonly name: string
  /** Never there: it carries the types. */
  readonly types?: { readonly input: Input; readonly output: Output }
}

export function activity<Input extends Json, Output extends Json>(name: string): ActivityContract<Input, Output> {
  return { name }
}

/** A command that was given and may still end. Awaiting it never throws: failures and cancellation are values. */
export interface Pending<T> extends Promise<Result<T, Failure>> {
  readonly kind: 'step' | 'timer' | 'signal'
  /** Asks for the end of the command; the promise then settles with what really became of it. */
  cancel(): void
}

export interface StepOptions {
  /** What people call the step. Default: the activity's name. */
  readonly name?: string
  /** Whether a start after a crash needs no one's consent. */
  readonly idempotent?: boolean
  /** For each try on its own. */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
}

/** When a failed step is tried again. */
export interface RetryPolicy {
  /** All tries together, the first one included. */
  readonly attempts: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
  /** From 0 to 1: how far the waits of this step are moved, so that equal steps do not all come back at once. */
  readonly spread: number
  /** Of the exit codes of commands, those worth another try; all that can change by themselves where it is left out. */
  readonly exitCodes?: readonly number[]
}

/**
 * What a workflow may do. Each call is numbered and journalled, so that the function can die anywhere and go on.
 * Ordinary `Promise.all`, `Promise.race`, loops and helpers over these promises replay identically.
 */
export interface WorkflowContext {
  run<Input extends Json, Output extends Json>(
    contract: ActivityContract<Input, Output>,
    input: Input,
    options?: StepOptions,
  ): Pending<Output>
  sleep(durationMs: number): Pending<void>
  /** The next signal of that name. One wait per name is open at a time: asking again gives the same promise. */
  signal<Payload extends Json>(name: string, question?: Question): Pending<Payload>
  /** The first of several to end; the others are cancelled, signals excepted: an answer is never swallowed. */
  race<Contestants extends Readonly<Record<string, Pending<unknown>>>>(
    contestants: Contestants,
  ): Promise<Winner<Contestants>>
  /** Journalled: a fact for whoever reads the log. It waits for nothing; a replay must record the same. */
  record(fact: RecordedFact): void
  /** Journalled: a replay is told the same. Milliseconds since the epoch. */
  now(): number
  /** Journalled. From 0 up to, not including, 1. */
  random(): number
  /** Journalled. */
  uuid(): string
}

export type Winner<Contestants extends Readonly<Record<string, Pending<unknown>>>> = {
  [Name in keyof Contestants]: { readonly winner: Name; readonly result: Awaited<Contestants[Name]> }
}[keyof Contestants]
