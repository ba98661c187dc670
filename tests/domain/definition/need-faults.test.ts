import { describe, expect, test } from 'vitest'
import { needFaults } from '#domain/definition/graph.ts'

describe('the needs of a configuration', () => {
  test('are right where every chain of them ends', () => {
    expect(faultsOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([])
  })

  test('name every job that is not there', () => {
    expect(faultsOf({ a: ['x', 'b'], b: ['y'] })).toEqual([
      { kind: 'unknown_need', job: 'a', need: 'x' },
      { kind: 'unknown_need', job: 'b', need: 'y' },
    ])
  })

  test('may not be the job itself', () => {
    expect(faultsOf({ a: ['a'] })).toEqual([{ kind: 'cycle', cycle: ['a', 'a'] }])
  })

  test('show a circle from its first job round to the same, and not the jobs that only lead into it', () => {
    expect(faultsOf({ before: ['b'], a: ['b'], b: ['c'], c: ['a', 'd'], d: [] })).toEqual([
      { kind: 'cycle', cycle: ['b', 'c', 'a', 'b'] },
    ])
  })

  test('show each of several circles', () => {
    expect(faultsOf({ a: ['b'], b: ['a'], c: ['d'], d: ['c'] })).toEqual([
      { kind: 'cycle', cycle: ['a', 'b', 'a'] },
      { kind: 'cycle', cycle: ['c', 'd', 'c'] },
    ])
  })

  test('take parts of every object for names like others', () => {
    expect(faultsOf({ constructor: ['toString'] })).toEqual([
      { kind: 'unknown_need', job: 'constructor', need: 'toString' },
    ])
  })

  test('may form a chain or a circle of any length', () => {
    const chain = Array.from({ length: 100_000 }, (_, index): [string, string[]] => [`j${index}`, [`j${index + 1}`]])
    expect(needFaults(new Map([...chain, ['j100000', []]]))).toEqual([])
    const [fault] = needFaults(new Map([...chain, ['j100000', ['j0']]]))
    expect(fault?.kind === 'cycle' && fault.cycle.length).toBe(100_002)
  })
})

function faultsOf(needs: Readonly<Record<string, readonly string[]>>) {
  return needFaults(new Map(Object.entries(needs)))
}
