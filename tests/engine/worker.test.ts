import { describe, expect, test } from 'vitest'
import { err, ok } from '#base/result.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Journal } from '#engine/journal-port.ts'
import { workflow } from '#engine/workflow.ts'
import { Rig, RUN, work } from './rig.ts'

const OTHER = '01k9bbbbbbbbbbbbbbbbbbbbbb' as RunId

const steady = workflow('steady', 1, async (ctx) => await ctx.run(work, 'long', { idempotent: true }))

/** Calls of the journal that wait until the test lets them through. */
function held(): { readonly over: (journal: Journal) => Journal; hold: Set<keyof Journal>; release: () => void } {
  const waiting: (() => void)[] = []
  const hold = new Set<keyof Journal>()
  const pass = async (name: keyof Journal) => {
    if (hold.has(name)) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return {
    hold,
    release: () => {
      hold.clear()
      for (const go of waiting.splice(0)) go()
    },
    over: (journal) => ({
      ...journal,
      // What is held is the answer: the events are durable.
      append: async (append) => {
        const answer = await journal.append(append)
        await pass('append')
        return answer
      },
      inboundAfter: async (seq) => {
        await pass('inboundAfter')
        return await journal.inboundAfter(seq)
      },
    }),
  }
}

describe('a process', () => {
  test('hears of a cancellation that comes while it takes the run over', () => {
    const gate = held()
    const rig = new Rig({ journal: gate.over })
    rig.begin(rig.process('a', steady), steady)
    rig.kill('a')
    const worker = rig.process('b', steady)
    rig.begin(worker, steady, OTHER)
    gate.hold.add('append')
    const called = rig.goOn(worker)
    rig.cancel()
    rig.notice(worker)
    gate.release()
    rig.settle()
    expect(called.outcome).toMatchObject({ status: 'cancelled' })
  })

  test('misses nothing of one run while it begins to listen for another', () => {
    const gate = held()
    const rig = new Rig({ journal: gate.over })
    const worker = rig.process('a', steady)
    gate.hold.add('inboundAfter')
    const slow = rig.begin(worker, steady, OTHER)
    gate.hold.clear()
    const quick = rig.begin(worker, steady)
    rig.cancel()
    gate.release()
    rig.settle()
    rig.notice(worker)
    expect(quick.outcome).toMatchObject({ status: 'cancelled' })
    expect(slow.outcome).toBeUndefined()
    expect(rig.starts).toHaveLength(2)
  })

  test('does not go on twice with the same run', () => {
    const rig = new Rig()
    rig.begin(rig.process('a', steady), steady)
    rig.kill('a')
    const worker = rig.process('b', steady)
    rig.starts.length = 0
    rig.goOn(worker)
    expect(rig.goOn(worker).outcome).toEqual({
      kind: 'stopped',
      failure: { code: 'run_owned', run: RUN, owner: 'this process' },
    })
    expect(rig.starts).toHaveLength(1)
  })

  test('refuses a run of a living process, of another version, or that is over', () => {
    const rig = new Rig({ answer: () => ok(1) })
    const quick = workflow('quick', 1, async () => ok(null))
    const worker = rig.process('a', quick)
    rig.begin(worker, quick)
    expect(rig.goOn(worker).outcome).toMatchObject({ failure: { code: 'run_ended', status: 'succeeded' } })
    const waiting = workflow('waiting', 1, async (ctx) => await ctx.signal('go'))
    rig.begin(rig.process('b', waiting), waiting, OTHER)
    const newer = { ...waiting, version: 2 }
    expect(rig.goOn(rig.process('c', newer), false, OTHER).outcome).toMatchObject({
      failure: { code: 'workflow_version', recorded: 1, available: 2 },
    })
    expect(rig.goOn(rig.process('d', quick), false, OTHER).outcome).toMatchObject({
      failure: { code: 'workflow_unknown', workflow: 'waiting' },
    })
  })

  test('fails a run whose step gave more than the journal takes, instead of keeping it for ever', () => {
    const failure = { code: 'value_too_large', what: 'step.succeeded', bytes: 9, limit_bytes: 8 } as const
    const small = (journal: Journal): Journal => ({
      ...journal,
      append: async (append) =>
        append.events.some(({ type }) => type === 'step.succeeded') ? err(failure) : await journal.append(append),
    })
    const rig = new Rig({ journal: small, answer: () => ok('too much') })
    expect(rig.begin(rig.process('a', steady), steady).outcome).toMatchObject({
      status: 'failed',
      result: err(failure),
    })
    expect(rig.events().at(-1)).toMatchObject({ type: 'run.failed', body: { failure } })
  })

  test('closes a run that nobody executes, and ends what is left of it', async () => {
    const rig = new Rig()
    rig.begin(rig.process('a', steady), steady)
    rig.kill('a')
    const closing = rig.process('b', steady).close(RUN, { actor: 'person:ada', signal: null })
    rig.settle()
    expect(await closing).toEqual(ok())
    expect(rig.ended).toEqual([`${RUN}/1`])
    expect(rig.types().slice(-2)).toEqual(['run.cancel_requested', 'run.cancelled'])
  })
})
