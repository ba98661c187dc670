import { describe, expect, test } from 'vitest'
import type { EventDraft, RunEvent } from '#domain/run/event.ts'
import type { RunHistory } from '#engine/journal-port.ts'
import { inFlight, reasonToAsk, UNATTENDED_LIMIT } from '#engine/recovery.ts'
import { inputDigest } from '#engine/replay.ts'

const QUEUED = { workflow: 'w', workflow_version: 1, name: 'w', input: null, config: null }

function history(drafts: readonly EventDraft[], resume: 'ask' | 'auto' = 'ask'): RunHistory {
  const queued: EventDraft = { type: 'run.queued', body: { ...QUEUED, resume } }
  // Only types and bodies count here.
  const events = [queued, ...drafts] as unknown as readonly RunEvent[]
  return { status: 'running', epoch: 1, owned: false, lastRunSeq: events.length, events }
}

const started = (number: number, idempotent = false): EventDraft => ({
  type: 'step.started',
  body: { number, name: `s${number}`, activity: 'work', input: null, input_digest: inputDigest(null), idempotent },
})
const retried = (number: number): EventDraft => ({
  type: 'step.retried',
  body: { number, attempt: 2, failure: { code: 'cancelled' }, due_at: 0 },
})
const succeeded = (number: number): EventDraft => ({
  type: 'step.succeeded',
  body: { number, name: `s${number}`, activity: 'work', attempt: 1, output: null },
})
const waiting: EventDraft = { type: 'run.waiting', body: { ready_at: 0 } }
const resumed = (unattended: boolean): EventDraft => ({
  type: 'run.resumed',
  body: { owner: 'b', unattended, restarted: [] },
})

describe('a step is in flight', () => {
  const numbers = (...drafts: readonly EventDraft[]) => inFlight(history(drafts).events).map(({ body }) => body.number)

  test('from its start to its end', () => {
    expect(numbers(started(1), started(2), succeeded(1))).toEqual([2])
  })

  test('while it backs off, since its next try may have started', () => {
    expect(numbers(started(1), retried(1))).toEqual([1])
  })

  test('no more once the run was parked', () => {
    expect(numbers(started(1), retried(1), waiting)).toEqual([])
  })

  test('again once somebody took the parked run over, who may have started its next try', () => {
    expect(numbers(started(1), retried(1), waiting, resumed(true))).toEqual([1])
    expect(numbers(started(1), retried(1), waiting, resumed(true), succeeded(1))).toEqual([])
  })
})

describe('nobody being there, a run', () => {
  test('asks before a step that is not idempotent starts again', () => {
    const reason = { kind: 'step_in_flight', step: 's1', number: 1 }
    expect(reasonToAsk(history([started(1)]))).toEqual(reason)
    expect(reasonToAsk(history([started(1, true)]))).toBeUndefined()
    expect(reasonToAsk(history([started(1)], 'auto'))).toBeUndefined()
  })

  test('goes on three times in a row, then asks, until it has parked or a person has looked', () => {
    const again = Array.from({ length: UNATTENDED_LIMIT }, () => resumed(true))
    expect(UNATTENDED_LIMIT).toBe(3)
    expect(reasonToAsk(history(again.slice(1)))).toBeUndefined()
    expect(reasonToAsk(history(again))).toEqual({ kind: 'resumed_too_often', times: 3 })
    expect(reasonToAsk(history([...again, resumed(false)]))).toBeUndefined()
    expect(reasonToAsk(history([...again, waiting]))).toBeUndefined()
  })
})
