import { drainMicrotasks } from 'bun:jsc'
import { describe, expect, test } from 'vitest'
import { err, ok } from '#base/result.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { type Replayed, replayRun } from '#engine/replay-run.ts'
import { type Workflow, type WorkflowContext, workflow } from '#engine/workflow.ts'
import { done, Rig, RUN, work } from './rig.ts'

function named(handler: (ctx: WorkflowContext) => Promise<unknown>, version = 1): Workflow {
  return workflow('named', version, async (ctx) => {
    const value = await handler(ctx)
    return typeof value === 'string' ? err({ code: 'backend_missing', agent: value, backend: '' }) : ok('done')
  })
}

/** Values, facts, steps that end in another order than they began, a timer and an answer. */
const everything = named(async (ctx) => {
  ctx.now()
  ctx.record({ type: 'conductor.obeyed', body: { node: null, by: 'rule:1', command: { go: true } } })
  const [first, second] = [ctx.run(work, 'one', { name: 'first' }), ctx.run(work, { two: [2] }, { name: 'second' })]
  const late = ctx.sleep(5000)
  await Promise.all([first, second])
  await ctx.race({ late, answer: ctx.signal('answer') })
  await ctx.signal('go')
})

async function recorded(workflowCode: Workflow = everything): Promise<Rig> {
  const rig = new Rig()
  const worker = rig.process('a', workflowCode)
  rig.begin(worker, workflowCode)
  rig.going.reverse()
  rig.end(done())
  rig.end(done())
  rig.pass(5000)
  rig.goOn(worker)
  rig.pass(1)
  return rig
}

async function replayed(events: readonly RunEvent[], code: Workflow = everything) {
  return await replayRun(RUN, events, { findWorkflow: async () => code, drain: drainMicrotasks })
}

async function differenceOf(events: readonly RunEvent[], code?: Workflow): Promise<Replayed['difference']> {
  const result = await replayed(events, code)
  return result.ok ? result.value.difference : { seq: null, recorded: result.error.code, replayed: '' }
}

/** The events with one of them changed. */
function altered(
  events: readonly RunEvent[],
  type: RunEvent['type'],
  change: Readonly<Record<string, unknown>>,
): readonly RunEvent[] {
  const index = events.findIndex((event) => event.type === type)
  return events.map((event, at) =>
    at === index ? ({ ...event, body: { ...event.body, ...change } } as RunEvent) : event,
  )
}

describe('a replay from the journal alone', () => {
  test('of a run that waits is equal up to where it stands, and of the ended run to its end', async () => {
    const rig = await recorded()
    const open = await replayed(rig.events())
    expect(open).toEqual(ok({ compared: { commands: 5, facts: 10 }, difference: undefined, reached: 'open' }))
    rig.signal('go', null)
    rig.goOn(rig.process('b', everything))
    expect(rig.types().at(-1)).toBe('run.succeeded')
    const ended = await replayed(rig.events())
    expect(ended).toEqual(ok({ compared: { commands: 5, facts: 13 }, difference: undefined, reached: 'ended' }))
  })

  test('is equal at the end of every turn of the run, and starts nothing', async () => {
    const rig = await recorded()
    const ends = ['step.succeeded', 'timer.fired']
    const turns = rig.events().flatMap(({ type }, index) => (ends.includes(type) ? [index] : []))
    const starts = rig.starts.length
    expect(turns).toHaveLength(3)
    for (const index of turns) expect(await differenceOf(rig.events().slice(0, index))).toBe(undefined)
    const inTurn = rig.events().slice(0, (turns[2] ?? 0) + 1)
    expect(await differenceOf(inTurn)).toMatchObject({ seq: null, recorded: 'nothing more' })
    expect(rig.starts).toHaveLength(starts)
  })

  test('of a failed run and of a cancelled one comes to the same end', async () => {
    const failing = named(async (ctx) => ((await ctx.run(work, 1)).ok ? undefined : 'x'))
    const rig = new Rig({ answer: () => err({ code: 'timed_out', timeout_ms: 1 }) })
    rig.begin(rig.process('a', failing), failing)
    expect(rig.types().at(-1)).toBe('run.failed')
    expect(await replayed(rig.events(), failing)).toMatchObject(ok({ difference: undefined, reached: 'ended' }))
    const waiting = workflow('named', 1, async (ctx) => {
      const answer = await ctx.signal('never')
      return answer.ok ? ok(null) : err(answer.error)
    })
    const other = new Rig()
    const worker = other.process('a', waiting)
    other.begin(worker, waiting)
    other.cancel()
    other.goOn(worker)
    expect(other.types().at(-1)).toBe('run.cancelled')
    expect(await replayed(other.events(), waiting)).toMatchObject(ok({ difference: undefined, reached: 'ended' }))
  })

  test('of a run that was closed from outside stands where its journal does', async () => {
    const rig = new Rig()
    rig.begin(rig.process('a', everything), everything)
    rig.kill('a')
    const closer = rig.process('b', everything)
    void closer.close(RUN, { actor: 'person:ada', signal: null })
    rig.settle()
    expect(rig.types().at(-1)).toBe('run.cancelled')
    expect(await replayed(rig.events())).toMatchObject(ok({ difference: undefined, reached: 'closed' }))
  })

  test('of a run that has not begun has nothing to compare', async () => {
    const rig = await recorded()
    expect(await replayed(rig.events().slice(0, 1))).toEqual(
      ok({ compared: { commands: 0, facts: 0 }, difference: undefined, reached: 'open' }),
    )
  })

  test.each([
    [
      'step.started',
      { input: 'other' },
      'step.started 3 "first": input is "other"',
      'step.started 3 "first": input is "one"',
    ],
    ['step.started', { idempotent: true }, 'step.started 3 "first": idempotent is true', '… false'],
    ['step.succeeded', { number: 9 }, 'step.succeeded 9 "second"', 'nothing of that number is open'],
    ['step.succeeded', { name: 'other' }, 'step.succeeded 4 "other"', 'an open step 4'],
    ['timer.started', { duration_ms: 1 }, 'timer.started 5: duration_ms is 1', '… 5000'],
    ['wait.opened', { signal: 'other' }, 'wait.opened 6: signal is "other"', '… "answer"'],
    ['value.drawn', { kind: 'uuid' }, 'a drawn uuid 1', 'a drawn now'],
    ['conductor.obeyed', { by: 'person:eve' }, 'conductor.obeyed 2: by is "person:eve"', '… "rule:1"'],
    ['timer.fired', { number: 6 }, 'timer.fired 6', 'an open signal 6'],
  ] as const)('names the altered %s %j with what it would be', async (...[type, change, was, is]) => {
    const rig = await recorded()
    const difference = await differenceOf(altered(rig.events(), type, change))
    expect(difference?.recorded).toBe(was)
    expect(difference?.replayed).toContain(is.replace('… ', ''))
    expect(difference?.seq).toBe(rig.events().find((event) => event.type === type)?.seq)
  })

  test('names a result that makes the workflow go another way', async () => {
    const branching = named(async (ctx) => {
      const first = await ctx.run(work, 1)
      return first.ok && first.value === 'left' ? await ctx.sleep(1) : await ctx.run(work, 2)
    })
    const rig = new Rig({ answer: () => ok('right') })
    rig.begin(rig.process('a', branching), branching)
    const difference = await differenceOf(altered(rig.events(), 'step.succeeded', { output: 'left' }), branching)
    expect(difference).toMatchObject({ replayed: 'timer 2 of 1 ms' })
    expect(difference?.recorded).toMatch(/^step 2 "work" of work with input /)
  })

  test('names another end than the recorded one, and an end where none is recorded', async () => {
    const plain = named(async (ctx) => void (await ctx.run(work, 1)))
    const rig = new Rig({ answer: () => ok(null) })
    rig.begin(rig.process('a', plain), plain)
    const events = rig.events()
    expect(await differenceOf(altered(events, 'run.succeeded', { output: 'else' }), plain)).toEqual({
      seq: events.at(-1)?.seq,
      recorded: 'run.succeeded: output is "else"',
      replayed: 'run.succeeded: output is "done"',
    })
    expect(await differenceOf(events.slice(0, -1), plain)).toEqual({
      seq: null,
      recorded: 'no end of the run',
      replayed: 'run.succeeded',
    })
  })

  test('refuses another version by name, a gap among the events, and bodies that make no sense', async () => {
    const rig = await recorded()
    const newer = named(async () => undefined, 2)
    expect(await replayed(rig.events(), newer)).toEqual(
      err({ code: 'workflow_version', workflow: 'named', recorded: 1, available: 2 }),
    )
    const gap = rig.events().filter((_, index) => index !== 3)
    expect(await replayed(gap)).toMatchObject({ error: { code: 'event_unreadable', seq: gap[3]?.seq } })
    const senseless = rig.events().map((event, index) => (index === 4 ? ({ ...event, body: null } as never) : event))
    expect(await replayed(senseless)).toMatchObject({ error: { code: 'event_unreadable' } })
  })
})
