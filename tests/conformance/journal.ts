import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Append, Appended, Delivery, Journal } from '#engine/journal-port.ts'

/** Two processes with one journal, under a clock and a life that are told. */
export interface JournalPair {
  readonly ours: Journal
  readonly theirs: Journal
  /** As the log names the two. */
  readonly owners: { readonly ours: string; readonly theirs: string }
  kill(owner: string): void
  tell(now: number): void
  close(): void
}

const RUN = '01k9aaaaaaaaaaaaaaaaaaaaaa' as RunId
const NONE = '01k9zzzzzzzzzzzzzzzzzzzzzz' as RunId

const queued: EventDraft = {
  type: 'run.queued',
  body: { workflow: 'w', workflow_version: 1, name: 'w', input: { b: 1, a: [null] }, resume: 'ask', config: null },
}
const waiting = (readyAt: number | null): EventDraft => ({ type: 'run.waiting', body: { ready_at: readyAt } })
const opened: EventDraft = { type: 'wait.opened', body: { number: 1, signal: 'go', question: null } }
const timer: EventDraft = { type: 'timer.started', body: { number: 2, duration_ms: 5, due_at: 5 } }
const succeeded: EventDraft = { type: 'run.succeeded', body: { output: null } }

/** What the engine relies on, of every implementation of its journal. */
export function describeJournal(name: string, open: () => Promise<JournalPair>): void {
  describe(`the journal over ${name}`, () => {
    let pair: JournalPair

    beforeEach(async () => {
      pair = await open()
    })
    afterEach(() => pair.close())

    const started = (owner: string): EventDraft => ({ type: 'run.started', body: { owner } })
    const create = (events: readonly EventDraft[] = [queued, started(pair.owners.ours)]) =>
      pair.ours.append({ ...own(1, 0, events), take: 'create' })
    const signal = (dedupeKey?: string, payload = 'x'): Delivery => ({
      runId: RUN,
      actor: 'person:ada',
      draft: {
        type: 'signal.received',
        body: { signal: 'go', payload },
        ...(dedupeKey === undefined ? {} : { dedupeKey }),
      },
    })
    const takeover = (owner: string, epoch: number, seenRunSeq: number): Append => ({
      ...own(epoch, seenRunSeq, [{ type: 'run.resumed', body: { owner, unattended: false, restarted: [] } }]),
      take: 'takeover',
    })

    test('numbers a run’s events from 1 on, and gives all of them back in order', async () => {
      pair.tell(1000)
      expect(value(await create())).toEqual({ lastRunSeq: 2, inbound: [], parked: false })
      pair.tell(900)
      expect(value(await pair.ours.append(own(1, 2, [timer])))).toMatchObject({ lastRunSeq: 3 })
      const history = value(await pair.theirs.history(RUN))
      expect(history).toMatchObject({ status: 'running', epoch: 1, owned: true, lastRunSeq: 3 })
      expect(history.events.map(({ runSeq, type, at, epoch }) => [runSeq, type, at, epoch])).toEqual([
        [1, 'run.queued', 1000, 1],
        [2, 'run.started', 1000, 1],
        [3, 'timer.started', 900, 1],
      ])
      expect(history.events[0]?.body).toEqual(queued.body)
      expect(value(await pair.ours.history(RUN)).owned).toBe(false)
    })

    test('refuses to begin a run twice, and writes nothing then', async () => {
      await create()
      expect(await create()).toEqual({ ok: false, error: { code: 'run_fenced', run: RUN, epoch: 1 } })
      expect(value(await pair.ours.history(RUN)).events).toHaveLength(2)
    })

    test('knows no run that was not begun', async () => {
      const unknown = { ok: false, error: { code: 'unknown_run', run: NONE } }
      expect(await pair.ours.append({ ...own(1, 0, [timer]), runId: NONE })).toEqual(unknown)
      expect(await pair.ours.deliver({ ...signal(), runId: NONE })).toEqual(unknown)
      expect(await pair.ours.history(NONE)).toEqual(unknown)
    })

    test('lets nobody take a run over from a living owner', async () => {
      await create()
      const refused = { code: 'run_owned', run: RUN, owner: pair.owners.ours }
      expect(await pair.theirs.append(takeover(pair.owners.theirs, 2, 2))).toEqual({ ok: false, error: refused })
    })

    test('fences the old owner once the run was taken over from its death', async () => {
      await create()
      pair.kill(pair.owners.ours)
      expect(value(await pair.theirs.append(takeover(pair.owners.theirs, 2, 2)))).toMatchObject({ lastRunSeq: 3 })
      const fenced = { ok: false, error: { code: 'run_fenced', run: RUN, epoch: 2 } }
      expect(await pair.ours.append(own(1, 2, [timer]))).toEqual(fenced)
      expect(await pair.ours.append(takeover(pair.owners.ours, 2, 2))).toMatchObject({ error: { code: 'run_owned' } })
      expect(value(await pair.theirs.history(RUN)).events.map(({ epoch }) => epoch)).toEqual([1, 1, 2])
    })

    test('lets only one of two take a run over', async () => {
      await create([queued])
      const results = await Promise.all([
        pair.ours.append({ ...takeover(pair.owners.ours, 2, 1) }),
        pair.theirs.append({ ...takeover(pair.owners.theirs, 2, 1) }),
      ])
      expect(results.filter(({ ok }) => ok)).toHaveLength(1)
      expect(value(await pair.ours.history(RUN)).events).toHaveLength(2)
    })

    test('refuses a takeover by somebody who has not seen the last word of the dead owner', async () => {
      await create()
      await pair.ours.append(own(1, 2, [timer]))
      pair.kill(pair.owners.ours)
      const stale = await pair.theirs.append(takeover(pair.owners.theirs, 2, 2))
      expect(stale).toMatchObject({ ok: false, error: { code: 'run_fenced' } })
      expect((await pair.theirs.append(takeover(pair.owners.theirs, 2, 3))).ok).toBe(true)
    })

    test('tells the owner with its next append what came since the last event that it knows', async () => {
      await create()
      await pair.theirs.deliver(signal(undefined, 'one'))
      await pair.theirs.deliver(signal(undefined, 'two'))
      const appended = value(await pair.ours.append(own(1, 2, [timer])))
      expect(appended.inbound.map(({ runSeq }) => runSeq)).toEqual([3, 4])
      expect(appended.inbound.map(({ body }) => 'payload' in body && body.payload)).toEqual(['one', 'two'])
      expect(appended.lastRunSeq).toBe(5)
      expect(value(await pair.ours.append(own(1, 5, [timer]))).inbound).toEqual([])
    })

    test('parks a run only where nothing came for it', async () => {
      await create([queued, started(pair.owners.ours), opened])
      await pair.theirs.deliver(signal())
      const first = await pair.ours.append({ ...own(1, 3, []), park: waiting(null) })
      expect(value(first)).toMatchObject({ parked: false, lastRunSeq: 4 })
      const second = await pair.ours.append({ ...own(1, 4, []), park: waiting(null) })
      expect(value(second)).toMatchObject({ parked: true, lastRunSeq: 5, inbound: [] })
      expect(value(await pair.ours.history(RUN))).toMatchObject({ status: 'waiting', owned: false })
    })

    test('counts a dedupe key once in a run, also when it comes from two sides at once', async () => {
      await create()
      const results = await Promise.all([pair.ours.deliver(signal('k')), pair.theirs.deliver(signal('k'))])
      const [one, other] = results.map(value)
      expect(one?.seq).toBe(other?.seq)
      expect([one?.fresh, other?.fresh].sort()).toEqual([false, true])
      expect(value(await pair.ours.deliver(signal('k2'))).fresh).toBe(true)
      expect(value(await pair.ours.history(RUN)).events).toHaveLength(4)
    })

    test('takes nothing for a run that is over, and still knows its dedupe keys', async () => {
      await create()
      await pair.ours.deliver(signal('k'))
      await pair.ours.append(own(1, 3, [succeeded]))
      const over = { ok: false, error: { code: 'run_ended', run: RUN, status: 'succeeded' } }
      expect(await pair.ours.append(own(1, 4, [timer]))).toEqual(over)
      expect(await pair.theirs.append(takeover(pair.owners.theirs, 2, 4))).toEqual(over)
      expect(await pair.theirs.deliver(signal())).toEqual(over)
      expect(value(await pair.theirs.deliver(signal('k'))).fresh).toBe(false)
    })

    test('says what came from outside, for all runs, after a certain event', async () => {
      await create()
      const before = value(await pair.ours.inboundAfter(0))
      await pair.theirs.deliver(signal(undefined, 'one'))
      await pair.ours.append(own(1, 3, [timer]))
      const after = value(await pair.ours.inboundAfter(before.lastSeq))
      expect(after.events.map(({ type, runId }) => [type, runId])).toEqual([['signal.received', RUN]])
      expect(after.lastSeq).toBe(before.lastSeq + 2)
      expect(value(await pair.ours.inboundAfter(after.lastSeq)).events).toEqual([])
    })

    test('finds runs that are queued, due, answered or abandoned, and no others', async () => {
      const ready = async (now: number) =>
        value(await pair.theirs.ready({ now, limit: 10 })).map(({ status }) => status)
      await create([queued])
      expect(await ready(0)).toEqual(['queued'])
      await pair.ours.append(own(1, 1, [started(pair.owners.ours), opened]))
      expect(await ready(0)).toEqual([])
      await pair.ours.append({ ...own(1, 3, []), park: waiting(500) })
      expect(await ready(499)).toEqual([])
      expect(await ready(500)).toEqual(['waiting'])
      await pair.theirs.deliver({
        ...signal(),
        draft: { type: 'signal.received', body: { signal: 'other', payload: 1 } },
      })
      expect(await ready(0)).toEqual([])
      await pair.theirs.deliver(signal())
      expect(await ready(0)).toEqual(['waiting'])
      await pair.ours.append(takeover(pair.owners.ours, 2, 6))
      expect(await ready(1000)).toEqual([])
      pair.kill(pair.owners.ours)
      expect(await ready(0)).toEqual(['running'])
    })

    test('makes a waiting run ready when it shall be cancelled', async () => {
      await create()
      await pair.ours.append({ ...own(1, 2, []), park: waiting(null) })
      const draft = { type: 'run.cancel_requested', body: { signal: null } } as const
      await pair.theirs.deliver({ runId: RUN, actor: 'person:ada', draft })
      expect(value(await pair.theirs.ready({ now: 0, limit: 10 }))).toEqual([{ runId: RUN, status: 'waiting' }])
    })
  })
}

function own(epoch: number, seenRunSeq: number, events: readonly EventDraft[]): Append {
  return { runId: RUN, take: 'own', epoch, actor: 'person:ada', seenRunSeq, events }
}

function value<T = Appended>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
