import { describe, expect, test } from 'vitest'
import { OrchContext } from '#domain/context/orch-context.ts'
import { effectiveNeeds, graphOfNodes } from '#domain/definition/node-graph.ts'
import type { OrchestrationNode } from '#domain/definition/orchestration-node.ts'
import { piece, player } from '../support/orchestra-input.ts'
import { Chance } from '../support/sim-random.ts'
import { type Answer, fails, Rehearsal, says, verdict } from './orchestra.ts'

const agent = (id: string, more: Partial<OrchestrationNode> = {}): OrchestrationNode => ({
  id,
  with: { agent: id.replace(/\d+$/, '') },
  ...more,
})
const review = (id: string, ...needs: string[]): OrchestrationNode => ({ id, needs, with: { agent: 'ReviewerAgent' } })

describe('work that is rejected', () => {
  const agents = [
    player('build', ['build.outputs'], ['review.findings']),
    player('other', ['other'], ['build.outputs']),
  ]
  const nodes = [
    agent('build'),
    agent('other', { needs: ['build'] }),
    review('judge', 'build', 'other'),
    agent('after', { needs: ['build'], kind: 'command', with: { command: ['x'] } }),
  ]
  /** Rejects until so many files were made; each round makes one more, named after what was found. */
  const answer =
    (enough: number): Answer =>
    (step, input) => {
      const given = input as { context?: { 'review.findings'?: string[] }; outputs?: string[] }
      if (step === 'build')
        return says({ 'build.outputs': [`made-${given.context?.['review.findings']?.join() ?? ''}`] })
      if (step === 'judge') {
        const made = given.outputs?.length ?? 0
        return verdict(made < enough ? [`flaw ${made}`] : [])
      }
      return undefined
    }

  test('goes back to who made it, with what was found, and so does all between; what builds on it waits', () => {
    const played = new Rehearsal(piece(nodes, agents), answer(3))
    played.endAll()
    expect(played.ends).toEqual([
      'build 1 success',
      'other 1 success',
      'judge 1 rejected',
      'build 2 success',
      'other 2 success',
      'judge 2 rejected',
      'build 3 success',
      'other 3 success',
      'judge 3 success',
      'after 1 success',
    ])
    expect(played.ending).toBe('run.succeeded')
    expect(OrchContext.of(played.fold.writes).values).toMatchObject({
      'build.outputs': ['made-', 'made-flaw 1', 'made-flaw 2'],
      'review.status': 'passed',
      'review.findings': [],
    })
  })

  test('goes back so many times at most; then the review has failed, and nothing follows', () => {
    const played = new Rehearsal(piece(nodes, agents), answer(99))
    played.endAll()
    expect(played.ends.filter((end) => end.startsWith('judge'))).toEqual([
      'judge 1 rejected',
      'judge 2 rejected',
      'judge 3 rejected',
      'judge 4 rejected',
    ])
    expect(played.ends.at(-1)).toBe('after 1 skipped')
    expect(played.events.at(-1)).toMatchObject({
      type: 'run.failed',
      body: { failure: { code: 'orchestration_failed', node: 'judge', cause: { code: 'review_failed' } } },
    })
  })

  test('is a failure at once where nobody can mend it', () => {
    const lone = piece([agent('make'), review('judge', 'make')], [player('make', ['made'])])
    const played = new Rehearsal(lone, (step) => (step === 'judge' ? verdict(['bad']) : undefined))
    played.endAll()
    expect(played.ends).toEqual(['make 1 success', 'judge 1 rejected'])
    expect(played.ending).toBe('run.failed')
  })

  test('of two judges goes back once for both, whoever is faster', () => {
    const two = [
      agent('build'),
      review('one', 'build'),
      review('two', 'build'),
      agent('after', { needs: ['one', 'two'] }),
    ]
    const orders = [0, 1].map((first) => {
      const played = new Rehearsal(piece(two, [...agents, player('after', ['z'])]), answer2)
      played.end('build')
      played.end(['one', 'two'][first])
      played.endAll()
      return [played.ends.toSorted(), played.ending]
    })
    expect(orders[0]).toEqual(orders[1])
    expect(orders[0]).toEqual([
      [
        'after 1 success',
        'build 1 success',
        'build 2 success',
        'one 1 rejected',
        'one 2 success',
        'two 1 success',
        'two 2 success',
      ],
      'run.succeeded',
    ])
  })
  const answer2: Answer = (step, input) => {
    const { outputs = [], context } = input as { outputs?: string[]; context?: { 'review.findings'?: string[] } }
    if (step === 'build') return says({ 'build.outputs': [`${context?.['review.findings']?.length ?? 0}`] })
    if (step === 'one') return verdict(outputs.length < 2 ? ['flaw'] : [])
    return step === 'two' ? verdict([]) : undefined
  }

  test('is not done again once something else has failed', () => {
    const graph: readonly OrchestrationNode[] = [...nodes, { id: 'bad', kind: 'command', with: { command: ['x'] } }]
    const played = new Rehearsal(piece(graph, agents), (step, input) =>
      step === 'bad' ? fails : answer(3)(step, input),
    )
    played.end('build')
    played.end('other')
    played.end('bad')
    played.endAll()
    expect(played.ends).toEqual([
      'build 1 success',
      'other 1 success',
      'bad 1 failed',
      'judge 1 rejected',
      'after 1 skipped',
    ])
  })
})

describe('a failure', () => {
  test('that its own node is to go on after does not end the run, and one without does', () => {
    const nodes = [agent('a', { on_failure: 'continue' }), agent('b', { needs: ['a'] })]
    const played = new Rehearsal(piece(nodes, [player('a', []), player('b', [])]), (step) =>
      step === 'a' ? fails : undefined,
    )
    played.endAll()
    expect([played.ends, played.ending]).toEqual([['a 1 failed', 'b 1 success'], 'run.succeeded'])
  })

  test('of what takes another one’s place ends the run', () => {
    const nodes = [agent('a', { on_failure: 'b' }), agent('b'), agent('c', { needs: ['a'] })]
    const played = new Rehearsal(
      piece(
        nodes,
        ['a', 'b', 'c'].map((name) => player(name, [])),
      ),
      () => fails,
    )
    played.endAll()
    expect(played.ends).toEqual(['a 1 failed', 'b 1 failed', 'c 1 skipped'])
    expect(played.ending).toBe('run.failed')
  })

  test('undeclared writes are one', () => {
    const played = new Rehearsal(piece([agent('a')], [player('a', ['x'])]), () => says({ y: 1 }))
    played.endAll()
    expect(played.events.at(-1)).toMatchObject({
      body: { failure: { cause: { code: 'undeclared_write', keys: ['y'] } } },
    })
  })
})

/** A random graph of agents that each write a value of their own and what they have read of others. */
function randomNodes(chance: Chance): readonly OrchestrationNode[] {
  const count = 2 + chance.below(8)
  return Array.from({ length: count }, (_, index): OrchestrationNode => {
    const earlier = Array.from({ length: index }, (__, other) => `n${other}`)
    const needs = earlier.filter(() => chance.happens(0.35))
    const items = chance.happens(0.2) ? { foreach: ['x', 'y', 'z'].slice(chance.below(3)) } : {}
    return { id: `n${index}`, needs, with: { agent: `n${index}` }, ...items }
  })
}

describe('a graph, whatever it is and in whatever order its steps end', () => {
  const agents = (nodes: readonly OrchestrationNode[]) =>
    nodes.map(({ id }) => player(id, ['build.outputs', `own.${id}`], ['build.outputs']))
  /** What a step writes follows from its name and from what it has seen. */
  const answer: Answer = (step, input) => {
    const seen = (input as { context?: { 'build.outputs'?: string[] } }).context?.['build.outputs'] ?? []
    return says({ 'build.outputs': [step], [`own.${step.replace(/\[.*/, '')}`]: [...seen] })
  }

  test('leaves the same context and the same ends, and no node begins before all that it needs', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const chance = new Chance(seed)
      const nodes = randomNodes(chance)
      const parallel = 1 + chance.below(4)
      const outcomes = Array.from({ length: 3 }, () => {
        const played = new Rehearsal(piece(nodes, agents(nodes), { parallel }), answer)
        played.endAll((going) => chance.below(going.length))
        checkReadiness(played, nodes)
        return JSON.stringify([OrchContext.of(played.fold.writes).values, played.ends.toSorted(), played.ending])
      })
      expect(new Set(outcomes).size, `seed ${seed}`).toBe(1)
      expect(outcomes[0]).toContain('run.succeeded')
    }
  })

  function checkReadiness(played: Rehearsal, nodes: readonly OrchestrationNode[]): void {
    const waits = effectiveNeeds(graphOfNodes(nodes))
    const ended = new Set<string>()
    for (const event of played.events) {
      if (event.type === 'node.started')
        for (const need of waits.get(event.body.node) ?? []) expect(ended).toContain(need)
      if (event.type === 'node.ended' && event.body.item === null) ended.add(event.body.node)
    }
    expect(ended.size).toBe(nodes.length)
  }
})
