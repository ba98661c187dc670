import type { EventBodies } from '#domain/run/event.ts'

export type EndedType = 'step.succeeded' | 'step.failed' | 'timer.fired' | 'signal.taken'

/** What of an event says how a command ended. */
export type EndedFact = {
  [Type in EndedType]: { readonly type: Type; readonly body: EventBodies[Type] }
}[EndedType]
