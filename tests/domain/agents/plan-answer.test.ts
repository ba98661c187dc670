import { describe, expect, test } from 'vitest'
import { checkPlan } from '#domain/agents/plan-answer.ts'

const configured = [
  { name: 'lint', kind: 'job', needs: [] },
  { name: 'test', kind: 'task', needs: ['lint'] },
] as const

const problems = (...tasks: readonly object[]) => {
  const checked = checkPlan({ tasks: tasks as never }, configured)
  return checked.ok ? [] : checked.error
}

describe('a plan', () => {
  test('has its tasks after what they need, by itself and by the configuration', () => {
    const checked = checkPlan(
      {
        tasks: [
          { name: 'page', kind: 'work', criteria: ['it is there'], needs: ['test'] },
          { name: 'test', criteria: ['it passes'] },
        ],
      },
      configured,
    )
    expect(checked).toMatchObject({
      ok: true,
      value: [
        { name: 'lint', kind: 'job', needed_by: 'test', criteria: [] },
        { name: 'test', kind: 'task', criteria: ['it passes'], needs: ['lint'] },
        { name: 'page', kind: 'work', criteria: ['it is there'] },
      ],
    })
  })

  test('is refused with everything that is wrong with it', () => {
    const criteria = ['x']
    expect(problems()).toEqual(['the plan has no tasks'])
    expect(problems({ name: 'tset', criteria })).toEqual([
      'no task and no job is called "tset"; did you mean "test"? New work has "kind": "work"',
    ])
    expect(problems({ name: 'test', kind: 'job', criteria })).toEqual(['"test" is a task, not a job'])
    expect(problems({ name: 'lint', criteria }, { name: 'Lint', kind: 'work', criteria })).toEqual([
      'the plan names "Lint" twice',
    ])
    expect(problems({ name: 'test', criteria: [] })).toEqual(['tasks[0].criteria must not be empty'])
    expect(
      problems(
        { name: 'a', kind: 'work', criteria, needs: ['b'] },
        { name: 'b', kind: 'work', criteria, needs: ['a'] },
      ),
    ).toEqual(['these tasks need each other in a circle: a, b'])
    expect(problems({ name: 'lint', criteria, needs: ['nope'] })).toEqual([
      '"lint" needs "nope", which is neither in the plan nor configured',
    ])
    const shape = checkPlan('all of it', configured)
    expect(shape).toEqual({ ok: false, error: ['the plan must be an object'] })
  })
})
