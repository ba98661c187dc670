import { describe, expect, test } from 'vitest'
import { err, ok } from '#base/result.ts'
import type { Journal } from '#engine/journal-port.ts'
import { workflow } from '#engine/workflow.ts'
import { done, Rig, work } from './rig.ts'

describe('a race', () => {
  const raced = workflow('raced', 1, async (ctx) => {
    const first = await ctx.race({
      step: ctx.run(work, 'slow'),
      late: ctx.sleep(100),
      answer: ctx.signal<string>('go'),
    })
    const answer = await ctx.signal<string>('go')
    return ok([first.winner, answer.ok ? answer.value : answer.error.code])
  })

  test('cancels its losers, and leaves signals to be answered later', () => {
    const rig = new Rig()
    const called = rig.begin(rig.process('a', raced), raced)
    rig.pass(100)
    expect(rig.types().slice(2)).toEqual([
      'step.started',
      'timer.started',
      'wait.opened',
      'timer.fired',
      'step.failed',
      'run.waiting',
    ])
    expect(called.outcome).toEqual({ kind: 'waiting', readyAt: null })
    rig.signal('go', 'yes')
    expect(rig.goOn(rig.process('b', raced)).outcome).toMatchObject({
      status: 'succeeded',
      result: ok(['late', 'yes']),
    })
  })

  test('tells a running loser to stop, and waits for what really becomes of it', () => {
    const stubborn = workflow('stubborn', 1, async (ctx) => {
      const step = ctx.run(work, 'done anyway')
      await ctx.race({ step, late: ctx.sleep(100) })
      const result = await step
      return ok(result.ok ? 'it was done' : result.error.code)
    })
    const rig = new Rig()
    const called = rig.begin(rig.process('a', stubborn), stubborn)
    const [going] = rig.going
    rig.pass(99)
    expect(going?.attempt.signal.aborted).toBe(false)
    rig.pass(1)
    expect(going?.attempt.signal.aborted).toBe(true)
    expect(called.outcome).toMatchObject({ result: ok('cancelled') })
  })

  test('leaves losers open where it is a plain one, until the run ends', () => {
    const plain = workflow('plain', 1, async (ctx) => {
      await Promise.race([ctx.sleep(10), ctx.sleep(1000)])
      return ok(null)
    })
    const rig = new Rig()
    const worker = rig.process('a', plain)
    rig.begin(worker, plain)
    rig.pass(10)
    rig.goOn(worker)
    rig.pass(0)
    expect(rig.types().slice(2)).toEqual([
      'timer.started',
      'timer.started',
      'run.waiting',
      'run.resumed',
      'timer.fired',
      'timer.cancelled',
      'run.succeeded',
    ])
  })
})

describe('a wait', () => {
  test('is the same promise for the same name until a signal ends it', () => {
    const same: boolean[] = []
    const asking = workflow('asking', 1, async (ctx) => {
      const first = ctx.signal<string>('go')
      same.push(first === ctx.signal('go'))
      await first
      const second = ctx.signal<string>('go')
      same.push(first === second)
      const answer = await second
      return ok(answer.ok ? answer.value : null)
    })
    const rig = new Rig()
    const worker = rig.process('a', asking)
    rig.begin(worker, asking)
    rig.signal('go', 1)
    rig.signal('go', 2)
    const called = rig.goOn(worker)
    // The second process replays the first question.
    expect(same).toEqual([true, true, false])
    expect(called.outcome).toMatchObject({ result: ok(2) })
    expect(rig.types().filter((type) => type === 'wait.opened')).toHaveLength(2)
  })
})

describe('what is not the context’s', () => {
  /** Resolved by the test, at a moment that no journal knows. */
  const foreign = () => Promise.withResolvers<void>()

  test('fails a run that waits for nothing else', () => {
    const waiting = workflow('waiting', 1, async () => {
      await foreign().promise
      return ok(null)
    })
    const rig = new Rig()
    expect(rig.begin(rig.process('a', waiting), waiting).outcome).toMatchObject({
      status: 'failed',
      result: err({
        code: 'nondeterministic_await',
        detail: 'it is idle and not done, and no command of its context is open',
      }),
    })
    expect(rig.types().at(-1)).toBe('run.failed')
  })

  test('fails a run that gives a command after it, by the name of the command', () => {
    const { promise, resolve } = foreign()
    const calling = workflow('calling', 1, async (ctx) => {
      const open = ctx.sleep(1000)
      await promise
      await ctx.run(work, 'too late')
      await open
      return ok(null)
    })
    const rig = new Rig()
    const called = rig.begin(rig.process('a', calling), calling)
    expect(called.outcome).toEqual({ kind: 'waiting', readyAt: rig.agenda.now() + 1000 })
    resolve()
    rig.settle()
    expect(rig.starts).toEqual([])
    expect(rig.types()).not.toContain('step.started')
  })

  test.each([
    ['draws a value', 'now'],
    ['records a fact', 'conductor.obeyed'],
    ['gives a command', 'timer'],
    ['returns', 'return'],
  ])('fails a run that %s after it while a step is open', (_, what) => {
    const { promise, resolve } = foreign()
    const late = workflow('late', 1, async (ctx) => {
      const open = ctx.run(work, 'open')
      await promise
      if (what === 'now') ctx.now()
      if (what === 'conductor.obeyed') ctx.record({ type: what, body: { node: null, by: 'rule:1', command: null } })
      if (what === 'timer') void ctx.sleep(1)
      if (what !== 'return') await open
      return ok(null)
    })
    const rig = new Rig()
    const called = rig.begin(rig.process('a', late), late)
    resolve()
    rig.settle()
    const detail = `"${what}" came outside a turn, after something that is not a command of its context`
    expect(called.outcome).toMatchObject({ result: err({ code: 'nondeterministic_await', detail }) })
    expect(rig.going[0]?.attempt.signal.aborted).toBe(true)
    expect(rig.types().slice(2)).toEqual(['step.started', 'run.failed'])
  })

  test('does not slip into a turn, even where it is there just before', () => {
    const { promise, resolve } = foreign()
    const sneaking = workflow('sneaking', 1, async (ctx) => {
      void promise.then(() => ctx.sleep(1))
      await ctx.run(work, 'open')
      return ok(null)
    })
    const rig = new Rig()
    const called = rig.begin(rig.process('a', sneaking), sneaking)
    resolve()
    rig.end(done())
    expect(called.outcome).toMatchObject({ result: { error: { code: 'nondeterministic_await' } } })
    expect(rig.types()).not.toContain('timer.started')
  })

  test('lets no step start once it was found out, not even one that is just being written down', () => {
    const { promise, resolve } = foreign()
    const gate = foreign()
    const hasty = workflow('hasty', 1, async (ctx) => {
      void ctx.run(work, 'never')
      await promise
      await ctx.sleep(1)
      return ok(null)
    })
    const slow = (journal: Journal): Journal => ({
      ...journal,
      append: async (append) => {
        await gate.promise
        return await journal.append(append)
      },
    })
    const rig = new Rig({ journal: slow })
    const called = rig.begin(rig.process('a', hasty), hasty)
    resolve()
    rig.settle()
    gate.resolve()
    rig.settle()
    expect(called.outcome).toMatchObject({ status: 'failed' })
    expect(rig.starts).toEqual([])
    expect(rig.types()).toEqual(['run.queued', 'run.started', 'step.started', 'run.failed'])
  })
})

describe('a workflow', () => {
  test('that throws fails its run', () => {
    const throwing = workflow('throwing', 1, async () => {
      throw new Error('a bug')
    })
    const rig = new Rig()
    expect(rig.begin(rig.process('a', throwing), throwing).outcome).toMatchObject({
      result: err({ code: 'internal', incident: 'workflow', detail: 'Error: a bug' }),
    })
  })

  test('is told of its cancellation, and whatever it asks for from then on is cancelled at once', () => {
    const asking = workflow('asking', 1, async (ctx) => {
      const first = await ctx.run(work, 'long')
      const second = await ctx.run(work, 'after')
      return ok([first, second].map((result) => (result.ok ? 'done' : result.error.code)))
    })
    const rig = new Rig()
    const worker = rig.process('a', asking)
    const called = rig.begin(worker, asking)
    rig.cancel()
    rig.notice(worker)
    expect(called.outcome).toMatchObject({ result: ok(['cancelled', 'cancelled']) })
    expect(rig.starts).toHaveLength(1)
  })

  test('has ends that come together written together, a few hundred at once, and each exactly once', () => {
    const wide = workflow('wide', 1, async (ctx) => {
      const results = await Promise.all(Array.from({ length: 600 }, (_, index) => ctx.run(work, index)))
      return ok(results.map((result) => (result.ok ? result.value : -1)))
    })
    const sizes: number[] = []
    const counting = (journal: Journal): Journal => ({
      ...journal,
      append: async (append) => {
        sizes.push(append.events.length)
        return await journal.append(append)
      },
    })
    const rig = new Rig({ journal: counting, answer: (input) => done(input) })
    const called = rig.begin(rig.process('a', wide), wide)
    expect(called.outcome).toMatchObject({ result: ok(Array.from({ length: 600 }, (_, index) => index)) })
    expect(sizes).toEqual([602, 256, 256, 89])
  })

  test('needs no more memory for ten thousand steps than for two thousand', async () => {
    const heap: number[] = []
    const long = workflow('long', 1, async (ctx) => {
      for (let step = 1; step <= 10_000; step++) {
        await ctx.run(work, step)
        if (step === 2000 || step === 10_000) {
          Bun.gc(true)
          heap.push(process.memoryUsage().heapUsed)
        }
      }
      return ok(null)
    })
    let last = 0
    const forgetful = (journal: Journal): Journal => ({
      ...journal,
      append: async ({ events }) => {
        last += events.length
        return ok({ lastRunSeq: last, inbound: [], parked: false })
      },
    })
    const rig = new Rig({ journal: forgetful, answer: () => done() })
    // What the test itself notes of each start is not the engine's.
    rig.starts.push = () => 0
    const called = rig.begin(rig.process('a', long), long)
    expect(called.outcome).toMatchObject({ status: 'succeeded' })
    expect(last).toBe(2 + 20_000 + 1)
    const [early = 0, late = 0] = heap
    expect(late - early).toBeLessThan(4 * 1024 * 1024)
  })
})
