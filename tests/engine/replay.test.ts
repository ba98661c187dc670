import { describe, expect, test } from 'vitest'
import { err, ok } from '#base/result.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { inputDigest, Replay } from '#engine/replay.ts'
import { type Workflow, type WorkflowContext, workflow } from '#engine/workflow.ts'
import { done, Rig, RUN, work } from './rig.ts'

/** The same name and version for every edition: what somebody gets who changes code under a running run. */
function edition(handler: (ctx: WorkflowContext) => Promise<unknown>): Workflow {
  return workflow('edited', 1, async (ctx) => {
    await handler(ctx)
    return ok(null)
  })
}

const recorded = edition(async (ctx) => {
  ctx.now()
  await ctx.run(work, 'one', { name: 'first' })
  await ctx.run(work, 'two', { name: 'second' })
  await ctx.sleep(5000)
})

/** A run that died in its second step, taken over by a process with another edition. */
function goOnWith(changed: Workflow): { readonly rig: Rig; readonly failure: unknown } {
  const rig = new Rig()
  rig.begin(rig.process('a', recorded), recorded)
  rig.end(done())
  rig.kill('a')
  rig.starts.length = 0
  const { outcome } = rig.goOn(rig.process('b', changed))
  return { rig, failure: outcome?.kind === 'stopped' ? outcome.failure : outcome }
}

describe('a replay', () => {
  const step = (number: number, name: string, input: string) =>
    `step ${number} "${name}" of work with input ${inputDigest(input)}`

  test.each([
    [
      'another input',
      async (ctx) => {
        ctx.now()
        await ctx.run(work, 'three', { name: 'first' })
      },
      { number: 2, recorded: step(2, 'first', 'one'), found: step(2, 'first', 'three') },
    ],
    [
      'another name',
      async (ctx) => {
        ctx.now()
        await ctx.run(work, 'one', { name: 'other' })
      },
      { number: 2, recorded: step(2, 'first', 'one'), found: step(2, 'other', 'one') },
    ],
    [
      'another kind of command',
      async (ctx) => {
        ctx.now()
        await ctx.sleep(7)
      },
      { number: 2, recorded: step(2, 'first', 'one'), found: 'timer 2 of 7 ms' },
    ],
    [
      'another draw',
      async (ctx) => {
        ctx.uuid()
      },
      { number: 1, recorded: 'a drawn now 1', found: 'a drawn uuid' },
    ],
    [
      'a fact where a value was drawn',
      async (ctx) => {
        ctx.record({ type: 'conductor.obeyed', body: { node: null, by: 'rule:1', command: 'pause' } })
      },
      {
        number: 1,
        recorded: 'a drawn now 1',
        found: `fact 1 conductor.obeyed with ${inputDigest({ number: 1, node: null, by: 'rule:1', command: 'pause' })}`,
      },
    ],
    [
      'one command more',
      async (ctx) => {
        ctx.now()
        void ctx.sleep(1)
        await ctx.run(work, 'one', { name: 'first' })
      },
      { number: 2, recorded: step(2, 'first', 'one'), found: 'timer 2 of 1 ms' },
    ],
    [
      'one command more in the last turn of the journal',
      async (ctx) => {
        ctx.now()
        await ctx.run(work, 'one', { name: 'first' })
        void ctx.run(work, 'two', { name: 'second' })
        await ctx.sleep(1)
      },
      { number: 4, recorded: 'nothing more', found: 'timer 4 of 1 ms' },
    ],
    [
      'an end while the journal goes on',
      async (ctx) => {
        ctx.now()
        await ctx.run(work, 'one', { name: 'first' })
      },
      { number: 3, recorded: step(3, 'second', 'two'), found: 'the end of the workflow' },
    ],
    [
      'no command where the journal has one',
      async (ctx) => {
        ctx.now()
        await ctx.run(work, 'one', { name: 'first' })
        await ctx.signal('never')
      },
      { number: 3, recorded: step(3, 'second', 'two'), found: 'wait 3 for "never"' },
    ],
  ] as readonly (readonly [string, (ctx: WorkflowContext) => Promise<unknown>, object])[])(
    'that meets %s stops, names both, and pauses the run',
    (_, handler, mismatch) => {
      const { rig, failure } = goOnWith(edition(handler))
      expect(failure).toEqual({ code: 'replay_mismatch', run: RUN, ...mismatch })
      expect(rig.types().slice(-2)).toEqual(['run.resumed', 'run.paused'])
      expect(rig.starts).toEqual([])
    },
  )

  test('of unchanged code goes on where the journal ends, and starts only what was in flight', () => {
    const { rig } = goOnWith(recorded)
    expect(rig.starts).toEqual([`${RUN}/3 3.2.1`])
    expect(rig.ended).toEqual([`${RUN}/3`])
  })

  test('of a thousand events tells every recorded end in its order and starts nothing', () => {
    const order: number[][] = []
    const wide = workflow('wide', 1, async (ctx) => {
      const ends: number[] = []
      order.push(ends)
      for (let round = 0; round < 50; round++) {
        const steps = Array.from({ length: 10 }, (_, index) => ctx.run(work, { round, index }))
        await Promise.all(steps.map(async (one, index) => ends.push(round * 10 + index + Number((await one).ok))))
      }
      await ctx.signal('go')
      return ok(ends)
    })
    const rig = new Rig()
    const called = rig.begin(rig.process('a', wide), wide)
    for (let left = 500; left > 0; left--) {
      // Not in the order in which they began.
      rig.going.sort((one, other) => other.attempt.key.localeCompare(one.attempt.key))
      rig.end(done())
    }
    expect(called.outcome).toEqual({ kind: 'waiting', readyAt: null })
    expect(rig.events().length).toBeGreaterThan(1000)
    rig.starts.length = 0
    rig.signal('go', null)
    expect(rig.goOn(rig.process('b', wide)).outcome).toMatchObject({ status: 'succeeded', result: ok(order[0]) })
    expect(order[1]).toEqual(order[0])
    expect(rig.starts).toEqual([])
  })

  test('asked for a completion where the journal has a command names the command', () => {
    const event = {
      type: 'timer.started',
      body: { number: 1, duration_ms: 5, due_at: 5 },
    } as unknown as RunEvent
    const replay = new Replay(RUN, [event])
    expect(replay.completion()).toEqual(
      err({
        code: 'replay_mismatch',
        run: RUN,
        number: 1,
        recorded: 'timer 1 of 5 ms',
        found: 'a wait for what was started before',
      }),
    )
  })

  test('compares a recorded fact in all that it says', () => {
    const fact = { type: 'conductor.obeyed', body: { number: 1, node: null, by: 'rule:1', command: 'pause' } } as const
    const event = { ...fact, runSeq: 1 } as unknown as RunEvent
    expect(new Replay(RUN, [event]).recorded(fact)).toBeUndefined()
    const other = { ...fact, body: { ...fact.body, command: 'stop' } }
    expect(new Replay(RUN, [event]).recorded(other)).toEqual({
      code: 'replay_mismatch',
      run: RUN,
      number: 1,
      recorded: `fact 1 conductor.obeyed with ${inputDigest(fact.body)}`,
      found: `fact 1 conductor.obeyed with ${inputDigest(other.body)}`,
    })
  })
})
