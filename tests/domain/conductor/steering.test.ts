import { describe, expect, test } from 'vitest'
import { adjustmentsOf, afterBeginning } from '#domain/conductor/adjustments.ts'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import { type Applied, type Standing, type Steering, steered, UNSTEERED } from '#domain/conductor/steering.ts'

const BUILDER = { id: 'builder', role: 'BuilderAgent', needs: [] }
const REVIEWER = { id: 'reviewer', role: 'ReviewerAgent', needs: ['builder'] }
const SENDING_BACK = { ...REVIEWER, sendsBack: true }

interface Where {
  readonly builder?: Standing
  readonly reviewer?: Standing
  readonly sendsBack?: boolean
}

function applied(command: SteeringCommand, steering: Steering, { sendsBack, ...standing }: Where = {}): Applied {
  const nodes = [BUILDER, sendsBack === true ? SENDING_BACK : REVIEWER]
  const standingOf = (id: string) => (id === 'builder' ? standing.builder : standing.reviewer) ?? 'ahead'
  return steered(
    steering,
    { command, by: 'person:ada' },
    { nodes, standingOf, asked: null, proposing: [], failed: null },
  )
}

function after(...commands: readonly SteeringCommand[]): Steering {
  return commands.reduce((steering, command) => {
    const result = applied(command, steering)
    return result.kind === 'obeyed' ? result.steering : steering
  }, UNSTEERED)
}

const toldBy = (steering: Steering) => adjustmentsOf(steering, BUILDER, 'Build it.').instructions
const patch = (text: string, more: Partial<Extract<SteeringCommand, { do: 'patch' }>> = {}): SteeringCommand => ({
  do: 'patch',
  target: { node: 'builder' },
  how: 'append',
  text,
  once: false,
  ...more,
})

describe('what an agent is told', () => {
  test('is its own, as long as nothing was patched', () => {
    expect(adjustmentsOf(UNSTEERED, BUILDER, 'Build it.')).toEqual({})
    expect(adjustmentsOf(after(patch('x')), REVIEWER, 'Review it.')).toEqual({})
  })

  test('grows by patches in their order, and a replacement counts over all before it', () => {
    expect(toldBy(after(patch('One.'), patch('Two.')))).toBe('Build it.\n\nOne.\n\nTwo.')
    expect(toldBy(after(patch('One.'), patch('All.', { how: 'replace' }), patch('Two.')))).toBe('All.\n\nTwo.')
  })

  test('is patched for the step, and for every step of its role', () => {
    expect(toldBy(after(patch('One.', { target: { role: 'BuilderAgent' } })))).toBe('Build it.\n\nOne.')
  })

  test('once is for one turn, and no other step uses it up', () => {
    const steering = after(patch('Once.', { once: true }), patch('Always.'))
    expect(toldBy(afterBeginning(steering, REVIEWER))).toBe('Build it.\n\nOnce.\n\nAlways.')
    expect(toldBy(afterBeginning(steering, BUILDER))).toBe('Build it.\n\nAlways.')
  })

  test('is its own again once the patches are cleared', () => {
    expect(toldBy(after(patch('One.'), { do: 'clear', target: { node: 'builder' } }))).toBeUndefined()
  })
})

test('backend, temperature and limits are changed one by one, the last word counting', () => {
  const target = { node: 'builder' }
  const steering = after(
    { do: 'backend', target, backend: 'human' },
    { do: 'temperature', target: { role: 'BuilderAgent' }, temperature: 0.2 },
    { do: 'limit', target, limits: { replies: 3, tool_calls: 9 } },
    { do: 'limit', target, limits: { replies: 5 } },
    { do: 'backend', target, backend: 'scripted' },
  )
  expect(adjustmentsOf(steering, BUILDER, '')).toEqual({
    backend: 'scripted',
    temperature: 0.2,
    limits: { replies: 5, tool_calls: 9 },
  })
})

describe('a command has no effect, and says why', () => {
  const skip: SteeringCommand = { do: 'skip', node: 'builder' }
  test.each([
    ['nothing is paused', { do: 'continue', node: null }, {}],
    ['builder is at work already', skip, { builder: 'at_work' }],
    ['builder has ended', skip, { builder: 'ended' }],
    ['builder has ended', patch('x'), { builder: 'ended', reviewer: 'ended' }],
    ['every step has ended', { do: 'repeat', node: 'builder' }, { builder: 'ended', reviewer: 'ended' }],
    [
      'every step of BuilderAgent has ended',
      { do: 'disable', role: 'BuilderAgent' },
      { builder: 'ended', reviewer: 'ended' },
    ],
    ['BuilderAgent is not disabled', { do: 'enable', target: { role: 'BuilderAgent' } }, {}],
    ['nothing skips builder', { do: 'enable', target: { node: 'builder' } }, {}],
    ['builder has no patch', { do: 'clear', target: { node: 'builder' } }, {}],
  ] as const)('%s', (reason, command, where) => {
    expect(applied(command as SteeringCommand, UNSTEERED, where)).toEqual({ kind: 'refused', reason })
  })

  test('when it was said before', () => {
    expect(applied({ do: 'pause' }, after({ do: 'pause' }))).toMatchObject({ kind: 'refused' })
    expect(applied({ do: 'stop' }, after({ do: 'stop' }))).toMatchObject({ kind: 'refused' })
  })

  test('but a step that has ended is told for the time when a reviewer sends its work back', () => {
    expect(applied(skip, UNSTEERED, { builder: 'ended', sendsBack: true })).toMatchObject({ kind: 'obeyed' })
    const over = { builder: 'ended', reviewer: 'ended', sendsBack: true } as const
    expect(applied(skip, UNSTEERED, over)).toMatchObject({ kind: 'refused' })
  })

  test('but a step that has ended is told for the time when it is repeated', () => {
    expect(applied(patch('x'), UNSTEERED, { builder: 'ended' })).toMatchObject({ kind: 'obeyed' })
    expect(applied({ do: 'repeat', node: 'builder' }, UNSTEERED, { builder: 'ended' })).toMatchObject({
      kind: 'obeyed',
      steering: UNSTEERED,
    })
  })
})

test('enabling takes back what skips a role or a step', () => {
  const steering = after(
    { do: 'disable', role: 'BuilderAgent' },
    { do: 'skip', node: 'builder' },
    { do: 'drop', node: 'builder' },
    { do: 'enable', target: { role: 'BuilderAgent' } },
    { do: 'enable', target: { node: 'builder' } },
  )
  expect(steering).toEqual(UNSTEERED)
})
