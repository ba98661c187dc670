import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { LOCAL_TENANT } from '#domain/people/principal.ts'
import type { BorrowedEvent, EventBodies, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { replayRun } from '#engine/replay-run.ts'
import type { Borrowing } from '#engine/worker.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { Services } from './services.ts'

/** An event may have 4 MiB. */
const MOST_BYTES = 1024 * 1024

/** What is borrowed, as the events in which it stands in the log of the fork. */
export function borrowings(run: string, events: readonly BorrowedEvent[]): readonly Borrowing[] {
  const parts: BorrowedEvent[][] = []
  let room = 0
  for (const event of events) {
    const bytes = Buffer.byteLength(canonicalJson(event as unknown as Json))
    if (bytes > room) {
      parts.push([])
      room = MOST_BYTES
    }
    parts.at(-1)?.push(event)
    room -= bytes
  }
  return parts.map((part) => ({ type: 'run.borrowed', body: { run, events: part } }))
}

export interface CheckedFork {
  readonly id: string
  readonly queued: EventBodies['run.queued']
  readonly borrowed: readonly BorrowedEvent[]
}

/** Fails where the run, with what is patched, would not come to the step in the way that is recorded. */
export async function checkFork(
  { id, queued, borrowed }: CheckedFork,
  input: OrchestrationInput,
  services: Pick<Services, 'replaying'>,
): Promise<Result<void, Failure>> {
  const run = id as RunId
  const about = { runId: run, at: 0, actor: '', tenant: LOCAL_TENANT, epoch: 1, dedupeKey: null }
  const events: readonly RunEvent[] = [
    { ...about, seq: 1, runSeq: 1, type: 'run.queued', body: { ...queued, input: input as unknown as Json } },
    { ...about, seq: 2, runSeq: 2, type: 'run.borrowed', body: { run: id, events: borrowed } },
  ]
  const replayed = await replayRun(run, events, await services.replaying())
  if (!replayed.ok) return replayed
  const { difference } = replayed.value
  if (difference === undefined) return ok()
  const { recorded, replayed: found } = difference
  return err({ code: 'replay_mismatch', run: id, number: 0, recorded, found })
}
