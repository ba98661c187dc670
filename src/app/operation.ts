import type * as z from 'zod/mini'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Progress } from './progress.ts'
import type { Services } from './services.ts'
import type { AskedQuestion } from './store-port.ts'

/** A thing that the product can do, declared once and mounted on every surface. */
export interface Operation<Input, Output> {
  readonly name: string
  readonly effect: 'read' | 'write' | 'destructive'
  /** Who may ask for it. An agent never decides for a person. */
  readonly callers: readonly ('person' | 'agent' | 'system')[]
  readonly input: z.ZodMiniType<Input>
  readonly run: (input: Input, call: Call) => Promise<Result<Output, Failure>>
}

/** One call of an operation: for whom, with what, and how it is told to stop and tells how far it is. */
export interface Call {
  readonly services: Services
  /** Whether a person is there to see, and can answer in a moment. */
  readonly attended: boolean
  readonly stop: StopRequest
  /** Asks whoever looks on, until an answer is taken or the question is closed. */
  readonly ask: (question: AskedQuestion, asking: Asking) => Promise<void>
  /** Asks a person who looks on whether that is to be done; only yes is yes. */
  readonly confirm: (question: string) => Promise<boolean>
  readonly report: (progress: Progress) => void
}

export interface Asking {
  /** Aborts once nobody needs to answer any more. */
  readonly closed: AbortSignal
  /** Takes what was answered, or says what is wrong with it. */
  readonly take: (text: string) => Promise<Result<Taken, Failure>>
}

/** What became of a line that was answered. */
export interface Taken {
  /** Whether that was the answer; more may be said otherwise. */
  readonly isOver: boolean
  /** For whoever said it. */
  readonly words?: string
}

/** How the caller says that it wants no more. */
export interface StopRequest {
  /** Calls at each request, with the name of the signal that made it. Returns the way to call it off. */
  onRequest(call: (signal: string, times: number) => void): () => void
}
