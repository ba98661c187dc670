import { drainMicrotasks } from 'bun:jsc'
import { describe, expect, test } from 'vitest'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { graphOfNodes } from '#domain/definition/node-graph.ts'
import type { OrchestrationNode } from '#domain/definition/orchestration-node.ts'
import type { Failure } from '#domain/failure.ts'
import { borrowedBefore, replayable } from '#domain/run/borrow.ts'
import type { EventOf } from '#domain/run/event.ts'
import { forkPoints } from '#domain/run/fork-points.ts'
import { OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import type { RunId } from '#domain/run/run.ts'
import { replayRun } from '#engine/replay-run.ts'
import { type Workflow, workflow } from '#engine/workflow.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { Rig, RUN } from '../../engine/rig.ts'
import { piece, player } from '../../support/orchestra-input.ts'
import { says, verdict } from '../orchestra.ts'

const FORK = '01k9bbbbbbbbbbbbbbbbbbbbbb' as RunId
const command = { command: ['do', 'it'] }

const NODES: readonly OrchestrationNode[] = [
  { id: 'make', with: { agent: 'make' } },
  { id: 'each', kind: 'command', foreach: ['x', 'y', 'z'], with: command },
  { id: 'bad', kind: 'command', on_failure: 'instead', with: command },
  { id: 'instead', kind: 'command', needs: ['bad'], with: command },
  { id: 'judge', needs: ['make'], with: { agent: 'ReviewerAgent' } },
  { id: 'slow', kind: 'command', needs: ['each'], timeout: '1m', on_failure: 'continue', with: command },
  { id: 'people', kind: 'human', needs: ['judge'], with: { text: 'well?', deadline: '1h' } },
  { id: 'nest', kind: 'orchestration', needs: ['each'], with: { orchestration: 'inner' } },
  { id: 'again', kind: 'command', until: { condition: 'false', limit: 3 }, on_failure: 'continue', with: command },
  { id: 'last', kind: 'command', needs: ['people', 'slow', 'bad', 'nest', 'again'], with: command },
]
const INNER: readonly OrchestrationNode[] = [
  { id: 'first', kind: 'command', with: command },
  { id: 'second', kind: 'command', needs: ['first'], with: command },
]

const INPUT = piece(NODES, [player('make', ['build.outputs'], ['review.findings'])], {
  trees: ['/'],
  graphs: [{ name: 'inner', nodes: graphOfNodes(INNER), tasks: [] }],
})

function answerTo(step: string, input: Json): Result<Json, Failure> {
  const { context, outputs, known } = input as {
    readonly context?: { readonly 'review.findings'?: readonly string[] }
    readonly outputs?: readonly string[]
    readonly known?: Readonly<Record<string, string>>
  }
  if (step === 'make') return says({ 'build.outputs': [`after ${context?.['review.findings']?.join() ?? 'nothing'}`] })
  if (step === 'judge') return verdict((outputs?.length ?? 0) < 3 ? [`${outputs?.length}`] : [])
  if (step === 'bad') return err({ code: 'output_lost', path: '/', reason: 'gone' })
  if (step !== 'tree') return ok({ exit: 0 })
  const lists = { links: [], gone: [], back: [], left_out: [] }
  const about = { root: '/', directories: [], head: null, branch: null, from: null, digest: `${known?.['/'] ?? ''}x` }
  return ok({ trees: [{ ...about, ...lists }], artifacts: [], without: [] })
}

function played(input: OrchestrationInput): Workflow {
  return workflow(orchestration.name, orchestration.version, (ctx) => orchestration.handler(ctx, input))
}

/** Ends every step but the slow one, which is too slow, and answers whatever is asked. */
function finish(rig: Rig, owner: string, { runId, input = INPUT }: { runId: RunId; input?: OrchestrationInput }): void {
  for (let round = 0; round < 400 && !/^run\.(succeeded|failed)/.test(rig.types(runId).at(-1) ?? ''); round++) {
    const index = rig.going.findIndex(({ attempt }) => attempt.step !== 'slow')
    const [going] = index < 0 ? [] : rig.going.splice(index, 1)
    if (going !== undefined) {
      going.end(answerTo(going.attempt.step, going.input))
      rig.settle()
      continue
    }
    if (rig.types(runId).at(-1) !== 'run.waiting') rig.pass(30_000)
    const open = rig.events(runId).findLast(({ type }) => type === 'wait.opened') as EventOf<'wait.opened'> | undefined
    if (rig.types(runId).at(-1) !== 'run.waiting' || open === undefined) continue
    rig.signal(open.body.signal, { choice: 'yes', by: 'person:ada' }, runId)
    rig.goOn(rig.process(owner, played(input)), false, runId)
  }
}

function recorded(): Rig {
  const rig = new Rig({ activities: ['agent', 'command', 'review', 'tree'] })
  const worker = rig.process('a', played(INPUT))
  rig.begin(worker, played(INPUT))
  rig.signal('steer', { command: { do: 'set', key: 'note', value: 1 }, by: 'person:ada' })
  rig.notice(worker)
  finish(rig, 'a', { runId: RUN })
  return rig
}

function fork(rig: Rig, seq: number, input = INPUT): void {
  const events = borrowedBefore(replayable(rig.events()), seq)
  const borrowed = events.length === 0 ? [] : [{ type: 'run.borrowed' as const, body: { run: RUN, events } }]
  const worker = rig.process('b', played(input))
  const about = { workflow: 'orchestration', workflow_version: orchestration.version, name: 'fork' }
  const queued = { ...about, input: input as unknown as Json, resume: 'auto', config: null } as const
  rig.call(async () => await worker.begin(FORK, queued, borrowed))
}

/** How each round of each node ended, and all that was written. */
function course(rig: Rig, runId: RunId) {
  const [first, ...rest] = rig.events(runId)
  const queued = first as EventOf<'run.queued'>
  const fold = OrchestrationFold.begin({ ...queued, body: { ...queued.body, input: INPUT as unknown as Json } })
  for (const event of rest) fold?.add(event)
  return {
    nodes: fold?.nodes.map(({ id, round, item, status, message }) => ({ id, round, item, status, message })),
    writes: (fold?.writes ?? []).map(({ key, value, step }) => ({ key, value, step })),
    end: rig.events(runId).at(-1)?.type,
  }
}

const points = forkPoints(replayable(recorded().events()))

describe('an orchestration that is forked', () => {
  test('can be so from each round of each node and item, and from each of their steps', () => {
    expect(points.map(({ step }) => step)).toEqual(
      expect.arrayContaining([
        'make',
        'make round 3',
        'each item 2',
        'judge',
        'judge #2',
        'judge round 2',
        'people',
        'last',
      ]),
    )
    const rig = recorded()
    expect(rig.types().at(-1)).toBe('run.succeeded')
  })

  test.each(points.map(({ step, seq }) => [step, seq] as const))('from %s comes to the same', async (_, seq) => {
    const rig = recorded()
    const ended = rig.events().filter((event) => event.type === 'step.succeeded' && event.seq < seq).length
    const all = rig.events().filter(({ type }) => type === 'step.succeeded').length
    fork(rig, seq)
    finish(rig, 'b', { runId: FORK })
    // What was said to the other run after that step is not said again.
    const isSteered = (rig.events().find(({ type }) => type === 'conductor.obeyed')?.seq ?? 0) < seq
    const { writes, ...rest } = course(rig, RUN)
    const expected = writes.filter(({ key }) => isSteered || key !== 'note')
    expect(course(rig, FORK)).toEqual({ ...rest, writes: expected })
    const own = rig.events(FORK).filter(({ type }) => type === 'step.succeeded').length
    expect(own).toBeLessThanOrEqual(all - ended + 1)
    const parts = { findWorkflow: async () => played(INPUT), drain: drainMicrotasks }
    expect(await replayRun(FORK, rig.events(FORK), parts)).toMatchObject({
      value: { difference: undefined, reached: 'ended' },
    })
  })

  test('has what was put into its context, from the step on from which it was forked', () => {
    const rig = recorded()
    const point = points.find(({ step }) => step === 'make round 3')
    const patched = { node: 'make', round: 3, values: { 'review.findings': ['other'] }, by: 'person:ada' }
    fork(rig, point?.seq ?? 0, { ...INPUT, patched })
    finish(rig, 'b', { runId: FORK, input: { ...INPUT, patched } })
    const made = rig
      .events(FORK)
      .flatMap((event) =>
        event.type === 'node.ended' && event.body.node === 'make' ? [event.body.writes['build.outputs']] : [],
      )
    expect(made).toEqual([['after other']])
    expect(rig.events(FORK).filter(({ type }) => type === 'conductor.obeyed')).toMatchObject([
      { body: { by: 'person:ada', command: { do: 'set', key: 'review.findings', value: ['other'] } } },
    ])
  })
})
