import { describe, expect, test } from 'vitest'
import { Expressions } from '#domain/conditions/condition.ts'

const values = {
  'review.status': 'passed',
  'scout.files': 7,
  'plan.tasks': ['x', 'y'],
  'plan.items': [{ name: 'n', order: 3 }],
  a: { c: 1 },
  'a.b': 2,
  share: 4.5,
}
const expressions = new Expressions(['design.notes', 'review.status', 'scout.files'])
const holds = (text: string) => expressions.holds(text, values)

describe('a condition', () => {
  test.each([
    ['review.status == "passed"', true],
    ['scout.files > 3 && scout.files == 7 && scout.files + 1 == 8', true],
    ['scout.files > 3.5 && share > 4', true],
    ['a.b == 2 && a.c == 1', true],
    ['plan.items[0].order == 3', true],
    ['"x" in plan.tasks', true],
    ['has(design.notes)', false],
    ['has(review.report)', false],
    ['goal == ""', true],
  ])('is decided over the values there are: %s', (text, expected) => {
    expect(holds(text)).toEqual({ ok: true, value: expected })
  })

  test.each([
    ['review.report == "x"', 'No such key: report'],
    ['nothing', 'Unknown variable: nothing'],
    ['review.status', 'it gives neither true nor false'],
    ['review.status + 1 == 2', 'no such overload: dyn<string> + int'],
  ])('that cannot be decided says why: %s', (text, reason) => {
    expect(holds(text)).toEqual({ ok: false, error: reason })
  })

  test('may be about a value that is called like a node', () => {
    expect(new Expressions(['count.answer']).holds('count >= 3', { count: 3 })).toEqual({ ok: true, value: true })
  })
})

describe('a list', () => {
  test.each([
    ['plan.tasks', ['x', 'y']],
    ['plan.items', [{ name: 'n', order: 3 }]],
    ['plan.tasks.filter(task, task != "x")', ['y']],
    ['plan.items.map(item, item.order + 1)', [4]],
    ['[{"a": 1.5}]', [{ a: 1.5 }]],
  ])('is made of the values there are: %s', (text, expected) => {
    expect(expressions.items(text, values)).toEqual({ ok: true, value: expected })
  })

  test('that is none says so', () => {
    expect(expressions.items('scout.files', values)).toEqual({ ok: false, error: 'it gives no list' })
  })
})
