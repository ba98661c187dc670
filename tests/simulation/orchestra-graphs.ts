import type { OrchestrationNode } from '#domain/definition/orchestration-node.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { piece, player } from '../support/orchestra-input.ts'
import type { Chance } from '../support/sim-random.ts'

/** A random graph of nodes of every kind but jobs, whose agents may be sent back by reviewers. */
export function randomOrchestra(chance: Chance): OrchestrationInput {
  const count = 1 + chance.below(6)
  const nodes = Array.from({ length: count }, (_, index) => randomNode(chance, index))
  const agents = nodes.map(({ id }) => player(`agent-${id}`, ['build.outputs'], ['review.findings']))
  return piece(nodes, agents, { parallel: 1 + chance.below(3) })
}

function randomNode(chance: Chance, index: number): OrchestrationNode {
  const earlier = Array.from({ length: index }, (_, other) => `n${other}`)
  const needs = earlier.filter(() => chance.happens(0.45))
  return {
    id: `n${index}`,
    needs,
    ...randomWork(chance, index),
    ...(chance.happens(0.15) && { when: chance.one(['size(goal) == 0', 'false', 'has(review.status)']) }),
    ...(chance.happens(0.15) && { foreach: chance.one([['a', 'b', 'c'], [], ['a']]) }),
    ...(chance.happens(0.15) && { until: { condition: 'round >= 2', limit: 1 + chance.below(3) } }),
    ...(chance.happens(0.2) && { retry: { attempts: 2, backoff: '200ms' } }),
    ...(chance.happens(0.2) && { timeout: `${1 + chance.below(4)}s` }),
    ...(chance.happens(0.2) && { on_failure: 'continue' }),
  }
}

function randomWork(chance: Chance, index: number): Pick<OrchestrationNode, 'kind' | 'with'> {
  return chance.weighted<() => Pick<OrchestrationNode, 'kind' | 'with'>>([
    [4, () => ({ with: { agent: `agent-n${index}` } })],
    [3, () => ({ with: { agent: 'ReviewerAgent' } })],
    [3, () => ({ kind: 'command', with: { command: ['do', 'it'] } })],
    [2, () => ({ kind: 'human', with: { text: 'Well?', ...(chance.happens(0.5) && { deadline: '3s' }) } })],
    [2, () => ({ kind: 'wait', with: { for: chance.one(['0ms', '100ms', '2s']) } })],
  ])()
}
