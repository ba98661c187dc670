import { describe, expect, test } from 'vitest'
import { appliesTo, commandsAbout, plannedRule, type RuledTurn } from '#domain/conductor/rule.ts'
import type { ConductorRule } from '#domain/definition/conductor-rule.ts'

const BUILDER = { id: 'builder', role: 'BuilderAgent', needs: [] }
const REVIEWER = { id: 'reviewer', role: 'ReviewerAgent', needs: ['builder'] }
const GRAPH = { nodes: [BUILDER, REVIEWER] }

const planned = (rule: ConductorRule) => plannedRule(rule, 1, GRAPH)

function applies(rule: ConductorRule, turn: Omit<RuledTurn, 'holds'>): boolean {
  const read = planned(rule)
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return appliesTo(read.value, {
    ...turn,
    holds: (condition) => (condition === 'unwritten' ? undefined : condition === 'true'),
  })
}

describe('a rule', () => {
  test('is about a step, every step of a role, or any', () => {
    const turn = { moment: 'before', node: BUILDER, round: 1 } as const
    for (const before of ['builder', 'BuilderAgent', 'Builder', '*'])
      expect(applies({ before, do: 'pause' }, turn), before).toBe(true)
    expect(applies({ before: 'reviewer', do: 'pause' }, turn)).toBe(false)
    expect(applies({ after: 'builder', do: 'pause' }, turn)).toBe(false)
  })

  test('may be for one round only, and for turns that ended in one way', () => {
    const turn = { moment: 'after', node: BUILDER, round: 2, status: 'failed' } as const
    expect(applies({ after: '*', round: 2, status: 'failed', do: 'repeat' }, turn)).toBe(true)
    expect(applies({ after: '*', round: 1, do: 'repeat' }, turn)).toBe(false)
    expect(applies({ after: '*', status: 'success', do: 'repeat' }, turn)).toBe(false)
  })

  test('may be for a state of the context only', () => {
    const turn = { moment: 'before', node: BUILDER, round: 1 } as const
    expect(applies({ before: '*', when: 'true', do: 'pause' }, turn)).toBe(true)
    expect(applies({ before: 'builder', when: 'false', do: 'pause' }, turn)).toBe(false)
  })

  test('keeps tools back where nobody can say whether its condition holds, and does nothing else then', () => {
    const turn = { moment: 'before', node: BUILDER, round: 1 } as const
    const when = 'unwritten'
    expect(applies({ before: '*', when, do: 'pause' }, turn)).toBe(false)
    const tools = ['run'] as const
    for (const [say, counts] of [
      ['ask', true],
      ['reject', true],
      ['approve', false],
    ] as const)
      expect(applies({ before: '*', when, tools: [...tools], do: say }, turn), say).toBe(counts)
  })

  test('says its commands about the step that it applies to, where they name none', () => {
    const read = planned({ before: '*', do: ['skip', 'patch --append "Be brief."', 'backend human', 'drop reviewer'] })
    expect(read.ok && commandsAbout(read.value, 'builder')).toEqual([
      { do: 'skip', node: 'builder' },
      { do: 'patch', target: { node: 'builder' }, how: 'append', text: 'Be brief.', once: true },
      { do: 'backend', target: { node: 'builder' }, backend: 'human' },
      { do: 'drop', node: 'reviewer' },
    ])
  })

  test('lets calls of tools be asked about, approved or rejected', () => {
    expect(planned({ before: '*', tools: ['write'], do: 'reject --reason "not now"' })).toMatchObject({
      value: { tools: { names: ['write'], decision: 'reject', reason: 'not now' }, commands: [] },
    })
    expect(planned({ before: '*', tools: ['*'], do: 'ask' })).toMatchObject({
      value: { tools: { names: expect.arrayContaining(['read', 'run']), decision: 'ask' } },
    })
  })

  test.each([
    [{ do: 'pause' }, 'missing', ''],
    [{ before: 'builder', after: 'builder', do: 'pause' }, 'missing', ''],
    [{ before: 'builder', status: 'failed', do: 'pause' }, 'missing', ''],
    [{ before: 'bilder', do: 'pause' }, 'unknown_target', 'bilder'],
    [{ before: 'builder', do: 'skip bilder' }, 'unknown_target', 'bilder'],
    [{ before: 'builder', do: ['pause', 'fly'] }, 'unknown_command', 'fly'],
    [{ before: 'builder', do: 'patch --append "open' }, 'bad_value', 'patch --append "open'],
    [{ before: 'builder', do: 'approve' }, 'missing', ''],
    [{ before: 'builder', tools: ['write'], do: 'skip' }, 'bad_value', 'skip'],
    [{ before: 'builder', tools: ['write'], do: 'ask why' }, 'bad_value', 'ask why'],
    [{ after: 'builder', tools: ['write'], do: 'ask' }, 'missing', ''],
  ] as const)('%j is a mistake, and says which', (rule, problem, word) => {
    expect(planned(rule as ConductorRule)).toMatchObject({ ok: false, error: { problem, word } })
  })
})
