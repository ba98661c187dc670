import { describe, expect, test } from 'vitest'
import type { Digest } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import { err, ok } from '#base/result.ts'
import type { TreeReport } from '#domain/run/recorded-tree.ts'
import { activity, type WorkflowContext, workflow } from '#engine/workflow.ts'
import { TreeRecorder } from '#workflows/orchestration/tree-recorder.ts'
import { Rig, RUN } from '../../engine/rig.ts'

const build = activity<Json, Json>('build')
const reply = activity<Json, Json>('reply')
const tool = activity<Json, Json>('tool')

const started = { kind: 'agent', role: null, backend: null, round: 1, item: null } as const

function report(root: string | undefined): TreeReport {
  const tree = { directories: [], head: null, branch: null, from: null, links: [], gone: [], back: [], left_out: [] }
  const trees = root === undefined ? [] : [{ root, digest: 'd' as Digest, ...tree }]
  return { trees, artifacts: [], without: [] }
}

/** The names of the steps of a run, in the order in which they start, with its context recording trees. */
function stepsOf(
  work: (ctx: WorkflowContext) => Promise<unknown>,
  {
    directories = ['/r'],
    root = '/r',
    fails = false,
  }: { directories?: readonly string[]; root?: string; fails?: boolean } = {},
): Rig {
  const code = workflow('recorded', 1, async (ctx) => {
    const trees = new TreeRecorder(ctx, { trees: directories })
    await work(trees.ctx)
    await trees.record()
    return ok(null)
  })
  const isTree = (input: Json) => typeof input === 'object' && input !== null && 'directories' in input
  const rig = new Rig({
    activities: ['build', 'reply', 'tool', 'tree'],
    answer: (input) => {
      if (!isTree(input)) return ok('done')
      return fails ? err({ code: 'timed_out', timeout_ms: 1 }) : ok(report(root === '' ? undefined : root))
    },
  })
  rig.begin(rig.process('a', code), code)
  return rig
}

const namesOf = (rig: Rig) => rig.events().flatMap(({ type, body }) => (type === 'step.started' ? [body.name] : []))

describe('trees are recorded', () => {
  test('before the first step, after one that may have changed something, and at the end', () => {
    const rig = stepsOf(async (ctx) => {
      await ctx.run(build, 1, { name: 'one' })
      await ctx.run(build, 2, { name: 'two' })
    })
    expect(namesOf(rig)).toEqual(['tree', 'one', 'tree', 'two', 'tree'])
    expect(rig.types().at(-1)).toBe('run.succeeded')
  })

  test('not where nothing can have changed', () => {
    const rig = stepsOf(async (ctx) => {
      for (const node of ['a', 'b']) {
        ctx.record({ type: 'node.started', body: { node, ...started } })
        await ctx.run(reply, 1)
        await ctx.run(tool, { tool: 'read' })
      }
    })
    expect(namesOf(rig)).toEqual(['tree', 'reply', 'tool', 'reply', 'tool'])
  })

  test('once for all that begins at the same time, and again for what begins after a change', () => {
    const rig = stepsOf(async (ctx) => {
      await Promise.all([1, 2, 3].map((each) => ctx.run(build, each, { name: 'build' })))
      await Promise.all([4, 5].map((each) => ctx.run(tool, { tool: 'run', each })))
    })
    expect(namesOf(rig)).toEqual(['tree', 'build', 'build', 'build', 'tree', 'tool', 'tool', 'tree'])
  })

  test('after what tools say they wrote only before something else may change that, and at the end', () => {
    const rig = stepsOf(async (ctx) => {
      for (const path of ['a', 'b']) await ctx.run(tool, { tool: 'write', path })
      ctx.record({ type: 'node.started', body: { node: 'a', ...started } })
      await ctx.run(reply, 1)
      await ctx.run(build, 1, { name: 'build' })
      await ctx.run(tool, { tool: 'edit', path: 'a' })
    })
    expect(namesOf(rig)).toEqual(['tree', 'tool', 'tool', 'reply', 'tree', 'build', 'tree', 'tool', 'tree'])
  })

  test('before a person is asked who may change something', () => {
    const rig = stepsOf(async (ctx) => {
      await ctx.run(tool, { tool: 'write', path: 'a' })
      const question = { id: 'q', text: '?', choices: [], asker: 'a', addressee: 'anyone', deadline: null }
      await ctx.signal('answer', question)
    })
    expect(namesOf(rig)).toEqual(['tree', 'tool', 'tree'])
  })

  test('as soon as a node begins, though it only waits for a person', () => {
    const rig = stepsOf(async (ctx) => {
      await ctx.run(build, 1, { name: 'one' })
      ctx.record({ type: 'node.started', body: { node: 'a', ...started } })
      await ctx.signal('answer')
    })
    expect(namesOf(rig)).toEqual(['tree', 'one', 'tree'])
    expect(rig.types().at(-1)).toBe('run.waiting')
  })

  test('no more where no repository was found, and never where the run works nowhere', () => {
    const work = async (ctx: WorkflowContext) => {
      await ctx.run(build, 1, { name: 'one' })
      await ctx.run(build, 2, { name: 'two' })
    }
    expect(namesOf(stepsOf(work, { root: '' }))).toEqual(['tree', 'one', 'two'])
    expect(namesOf(stepsOf(work, { directories: [] }))).toEqual(['one', 'two'])
  })

  test('no more where that took too long', () => {
    const rig = stepsOf(
      async (ctx) => {
        await ctx.run(build, 1, { name: 'one' })
        await ctx.run(build, 2, { name: 'two' })
      },
      { fails: true },
    )
    expect(namesOf(rig)).toEqual(['tree', 'one', 'two'])
    expect(rig.types().at(-1)).toBe('run.succeeded')
  })

  test('and a step that is cancelled before its tree is there never starts', () => {
    const rig = stepsOf(async (ctx) => {
      const pending = ctx.run(build, 1, { name: 'one' })
      pending.cancel()
      expect(await pending).toEqual(err({ code: 'cancelled' }))
    })
    expect(namesOf(rig)).toEqual(['tree', 'tree'])
    expect(rig.types(RUN).at(-1)).toBe('run.succeeded')
  })
})
