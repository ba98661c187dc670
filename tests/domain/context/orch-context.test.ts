import { describe, expect, test } from 'vitest'
import { OrchContext } from '#domain/context/orch-context.ts'

const step = (name: string, writes: Record<string, string | string[]>) => ({
  writer: `${name}Agent`,
  step: name,
  writes,
})

describe('the shared context', () => {
  const context = OrchContext.start({ goal: 'ship it', mood: 'calm' })

  test('holds what the run began with, and who wrote what, where and when', () => {
    const later = context.with([step('planner', { 'plan.tasks': ['a', 'b'], mood: 'busy' })])
    expect(later.text('goal')).toBe('ship it')
    expect(later.text('mood')).toBe('busy')
    expect(later.entries.filter(({ key }) => key === 'mood')).toEqual([
      { key: 'mood', value: 'calm', writer: 'run', step: '' },
      { key: 'mood', value: 'busy', writer: 'plannerAgent', step: 'planner' },
    ])
    // What was handed out before stays as it was.
    expect(context.text('mood')).toBe('calm')
  })

  test('brings lists of several writers together, each text once, in the order of the steps', () => {
    const [first, second] = [step('one', { 'build.outputs': ['x', 'y'] }), step('two', { 'build.outputs': ['y', 'z'] })]
    expect(context.with([first, second]).texts('build.outputs')).toEqual(['x', 'y', 'z'])
    expect(context.with([second, first]).texts('build.outputs')).toEqual(['y', 'z', 'x'])
  })

  test('has nothing under the names that every object has', () => {
    expect(context.get('constructor')).toBeUndefined()
    expect(context.with([step('s', { toString: 'x' })]).text('toString')).toBe('x')
  })
})
