import type { FailureOf } from '#domain/failure.ts'
import type { EventOf } from '#domain/run/event.ts'

/** Why there is nothing more to tell of a run than the fact that it was erased. */
export function bodyErased({ runId: run, actor: by, at, seq }: EventOf<'run.erased'>): FailureOf<'body_erased'> {
  return { code: 'body_erased', run, by, at: new Date(at).toISOString(), seq }
}
