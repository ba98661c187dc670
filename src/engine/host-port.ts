import type { Json } from '#base/json.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Question } from '#domain/people/question.ts'
import type { DrawKind } from '#domain/run/event.ts'
import type { RecordedFact } from '#domain/run/recorded-fact.ts'
import type { StepOptions } from './workflow.ts'

/**
 * What an engine gives to one run, live or replaying. Workflow code never meets it: the scheduler stands between.
 * It decides nothing about the workflow; it starts what it is asked to start, once, and says what ended, in an order
 * that every replay repeats.
 */
export interface Host {
  /** Journals and starts a command; in a replay, compares it with the journal instead. */
  start(command: Command): void
  /** Waits for the next completion of a started command. The order of the answers is journalled. */
  next(): Promise<Result<Completion, Stop>>
  /** Asks for the end of a started command. A timer or a signal is over at once, a step when `next` says so. */
  cancel(number: number): void
  /** A value from outside, the same in every replay. */
  draw(number: number, kind: DrawKind): string | number
  /** Journals a fact of the workflow's own; in a replay, compares it with the journal instead. */
  record(number: number, fact: RecordedFact): void
  /** Lets workflow code run until it is idle. */
  turn(run: () => void): void
}

/** What a workflow asked for, by its number in the run. */
export type Command =
  | {
      readonly kind: 'step'
      readonly number: number
      readonly activity: string
      readonly input: Json
      readonly options: StepOptions
    }
  | { readonly kind: 'timer'; readonly number: number; readonly durationMs: number }
  | { readonly kind: 'signal'; readonly number: number; readonly signal: string; readonly question: Question | null }

export type Completion =
  | { readonly kind: 'ended'; readonly number: number; readonly result: Result<Json, Failure> }
  /** The run was asked to end. */
  | { readonly kind: 'cancelled'; readonly failure: Failure }

/** Why there is no next completion, though the workflow is not done. */
export type Stop =
  /** Nothing but waits is open; whoever meets the run when one is due goes on from the journal. */
  { readonly kind: 'parked'; readonly readyAt: number | null } | { readonly kind: 'stopped'; readonly failure: Failure }
