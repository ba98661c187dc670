import { describe, expect, test } from 'vitest'
import { builtInRole, type Role } from '#domain/agents/role.ts'
import { graphOfGroups } from '#domain/definition/group-graph.ts'
import { Chance } from '../../support/sim-random.ts'

const role = (name: string, reads: string[], writes: string[]): Role => ({
  name,
  capabilities: [],
  feedback: [],
  reads,
  writes,
  instructions: '',
  tools: [],
  output: 'context',
  version: 0,
})
const needs = (groups: readonly (readonly string[])[], find = builtInRole) =>
  Object.fromEntries(graphOfGroups(groups, find).nodes.map((node) => [node.id, node.needs]))

describe('groups of roles', () => {
  test('run one after the other', () => {
    expect(needs([['PlannerAgent'], ['BuilderAgent'], ['DocAgent']])).toEqual({
      planner: [],
      builder: ['planner'],
      doc: ['builder'],
    })
  })

  test('wait within a group for what they read: a review never looks at nothing', () => {
    expect(needs([['PlannerAgent'], ['ReviewerAgent', 'BuilderAgent'], ['DocAgent']])).toEqual({
      planner: [],
      builder: ['planner'],
      reviewer: ['planner', 'builder'],
      doc: ['builder', 'reviewer'],
    })
  })

  test('run side by side where they do not', () => {
    expect(needs([['BuilderAgent', 'BuilderAgent']])).toEqual({ builder: [], 'builder-2': [] })
  })

  test('are refused where one value would have two writers', () => {
    const roles: Readonly<Record<string, Role>> = { A: role('A', [], ['note']), B: role('B', [], ['note']) }
    const { faults } = graphOfGroups([['A', 'B']], (name) => roles[name])
    expect(faults).toEqual([{ kind: 'two_writers', key: 'note', nodes: ['a', 'b'] }])
    expect(graphOfGroups([['A'], ['B']], (name) => roles[name]).faults).toEqual([])
  })

  test('are refused where they wait for each other', () => {
    const roles: Readonly<Record<string, Role>> = { A: role('A', ['y'], ['x']), B: role('B', ['x'], ['y']) }
    expect(graphOfGroups([['A', 'B']], (name) => roles[name]).faults).toEqual([{ kind: 'circle', nodes: ['a', 'b'] }])
  })

  test('are refused where they are empty or name nobody', () => {
    expect(graphOfGroups([], builtInRole).faults).toEqual([{ kind: 'empty' }])
    expect(graphOfGroups([[], ['Nobody']], builtInRole).faults).toEqual([
      { kind: 'empty_group', group: 0 },
      { kind: 'unknown_role', role: 'Nobody', group: 1 },
    ])
  })

  test('make a graph in which each node stands after all that it needs, whatever they are', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const chance = new Chance(seed)
      const keys = ['a', 'b', 'c', 'd']
      const roles = Object.fromEntries(
        ['R1', 'R2', 'R3', 'R4', 'R5'].map((name) => [
          name,
          role(
            name,
            keys.filter(() => chance.happens(0.3)),
            keys.filter(() => chance.happens(0.3)),
          ),
        ]),
      )
      const groups = Array.from({ length: 1 + chance.below(4) }, () =>
        Object.keys(roles).filter(() => chance.happens(0.4)),
      )
      const { nodes, faults } = graphOfGroups(groups, (name) => roles[name])
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length)
      if (faults.some(({ kind }) => kind === 'circle')) continue
      const seen = new Set<string>()
      for (const { id, needs: wanted } of nodes) {
        expect(
          wanted.every((need) => seen.has(need)),
          `seed ${seed}: ${id}`,
        ).toBe(true)
        seen.add(id)
      }
    }
  })
})
