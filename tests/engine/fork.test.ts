import { drainMicrotasks } from 'bun:jsc'
import { describe, expect, test } from 'vitest'
import { err, ok } from '#base/result.ts'
import { borrowedBefore, replayable } from '#domain/run/borrow.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { replayRun } from '#engine/replay-run.ts'
import { type Workflow, workflow } from '#engine/workflow.ts'
import { Rig, RUN, work } from './rig.ts'

const FORK = '01k9bbbbbbbbbbbbbbbbbbbbbb' as RunId

/** Values, facts, timers that fire and that do not, signals, and steps side by side. */
const everything: Workflow = workflow('everything', 1, async (ctx) => {
  const said: unknown[] = [ctx.uuid()]
  const steer = ctx.signal('steer')
  void steer.then((each) => said.push(each))
  const side = (async () => {
    for (const each of ['x', 'y', 'z']) said.push((await ctx.run(work, each, { name: each })).ok)
  })()
  for (const each of [1, 2, 3]) {
    ctx.record({ type: 'conductor.obeyed', body: { node: String(each), by: 'rule:1', command: { go: each } } })
    const done = await ctx.race({ late: ctx.sleep(60_000), done: ctx.run(work, each, { name: `step ${each}` }) })
    said.push(done.winner)
  }
  await ctx.sleep(1000)
  const answer = await ctx.signal('answer')
  await side
  return answer.ok ? ok(said.map(String)) : err(answer.error)
})

/** Runs to its end whatever can, with all that it waits for. */
function finish(rig: Rig, owner: string, runId: RunId): void {
  let isAnswered = false
  for (let round = 0; round < 20 && rig.types(runId).at(-1)?.startsWith('run.succeeded') !== true; round++) {
    rig.end(ok('done'))
    if (rig.going.length > 0) continue
    rig.pass(1000)
    if (rig.types(runId).at(-1) !== 'run.waiting') continue
    if (!isAnswered) rig.signal('answer', 'yes', runId)
    isAnswered = true
    rig.goOn(rig.process(owner, everything), false, runId)
  }
}

function recorded(): Rig {
  const rig = new Rig()
  rig.begin(rig.process('a', everything), everything)
  rig.end(ok('done'))
  rig.signal('steer', 'left')
  finish(rig, 'a', RUN)
  expect(rig.types().at(-1)).toBe('run.succeeded')
  return rig
}

/** The run forked before this event, up to its first rest. */
function fork(rig: Rig, seq: number): void {
  const events = borrowedBefore(replayable(rig.events()), seq)
  const borrowed = events.length === 0 ? [] : [{ type: 'run.borrowed' as const, body: { run: RUN, events } }]
  const worker = rig.process('b', everything)
  const queued = {
    workflow: 'everything',
    workflow_version: 1,
    name: 'fork',
    input: null,
    resume: 'auto',
    config: null,
  } as const
  rig.call(async () => await worker.begin(FORK, queued, borrowed))
}

async function replayOf(rig: Rig): Promise<unknown> {
  return await replayRun(FORK, rig.events(FORK), { findWorkflow: async () => everything, drain: drainMicrotasks })
}

const begun = (event: RunEvent) =>
  event.type === 'step.started' || event.type === 'timer.started' || event.type === 'conductor.obeyed'

describe('a run forked before anything that the other one began', () => {
  const points = recorded()
    .events()
    .filter(begun)
    .map(({ seq }) => seq)

  test.each(points)('such as event %d, does only what came after that, and comes to an end', async (seq) => {
    const rig = recorded()
    const before = rig.starts.length
    fork(rig, seq)
    finish(rig, 'b', FORK)
    expect(rig.types(FORK).at(-1)).toBe('run.succeeded')
    const ended = rig.events().filter((event) => event.type === 'step.succeeded' && event.seq < seq).length
    // What had ended in the turn that began with another end is told in that order.
    expect(rig.starts.length - before).toBe(6 - ended)
    expect(await replayOf(rig)).toMatchObject({ ok: true, value: { difference: undefined, reached: 'ended' } })
    // Nothing of the other run was touched.
    expect(rig.types().at(-1)).toBe('run.succeeded')
  })

  test.each(points)('such as event %d, goes on after its process died at its first rest', async (seq) => {
    const rig = recorded()
    fork(rig, seq)
    rig.kill('b')
    rig.goOn(rig.process('c', everything), false, FORK)
    finish(rig, 'c', FORK)
    expect(rig.types(FORK).at(-1)).toBe('run.succeeded')
    expect(await replayOf(rig)).toMatchObject({ ok: true, value: { difference: undefined } })
    const numbers = rig.events(FORK).flatMap(({ type, body }) => (type === 'step.started' ? [body.number] : []))
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('is equal to it in its end where nothing was changed', () => {
    const rig = recorded()
    fork(rig, points.at(-1) ?? 0)
    finish(rig, 'b', FORK)
    const [first, second] = [rig.events(), rig.events(FORK)].map((events) => events.at(-1)?.body)
    expect(second).toEqual(first)
  })

  test('may be forked again', async () => {
    const rig = recorded()
    fork(rig, points.at(-2) ?? 0)
    finish(rig, 'b', FORK)
    const third = '01k9cccccccccccccccccccccc' as RunId
    const events = borrowedBefore(replayable(rig.events(FORK)), rig.events(FORK).find(begun)?.seq ?? 0)
    const worker = rig.process('c', everything)
    const queued = {
      workflow: 'everything',
      workflow_version: 1,
      name: 'x',
      input: null,
      resume: 'auto',
      config: null,
    } as const
    rig.call(async () => await worker.begin(third, queued, [{ type: 'run.borrowed', body: { run: FORK, events } }]))
    finish(rig, 'c', third)
    expect(rig.types(third).at(-1)).toBe('run.succeeded')
  })

  test('stops where the code would do something else with what was recorded', async () => {
    const rig = recorded()
    const other = workflow('everything', 1, async (ctx) => ok((await ctx.run(work, 'other')).ok))
    const events = borrowedBefore(replayable(rig.events()), points.at(-1) ?? 0)
    const queued = {
      workflow: 'everything',
      workflow_version: 1,
      name: 'x',
      input: null,
      resume: 'auto',
      config: null,
    } as const
    const worker = rig.process('b', other)
    const called = rig.call(
      async () => await worker.begin(FORK, queued, [{ type: 'run.borrowed', body: { run: RUN, events } }]),
    )
    expect(called.outcome).toMatchObject({ kind: 'stopped', failure: { code: 'replay_mismatch' } })
  })
})
