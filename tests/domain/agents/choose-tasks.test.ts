import { describe, expect, test } from 'vitest'
import { type Candidate, chooseTasks, withAllNeeds } from '#domain/agents/choose-tasks.ts'

const candidate = (name: string, description = '', more: Partial<Candidate> = {}): Candidate => ({
  name,
  kind: 'job',
  description,
  needs: [],
  ...more,
})

const REPOSITORY = [
  candidate('lint', 'Check the style', { keywords: ['linter'] }),
  candidate('test', 'vitest run', { needs: ['build'] }),
  candidate('build', 'Compile everything'),
  candidate('docs', 'Write the documentation'),
  candidate('release', 'Publish a version', { kind: 'task', needs: ['test', 'lint'] }),
]
const names = (goal: string) => chooseTasks(goal, REPOSITORY).map(({ name }) => name)

describe('what a goal speaks of', () => {
  test.each([
    ['run the linter and the tests', ['lint', 'build', 'test']],
    ['Please lint.', ['lint']],
    ['compile it', ['build']],
    ['testing', ['build', 'test']],
    ['write documentation', ['docs']],
    ['publish', ['build', 'test', 'lint', 'release']],
    ['make a release and update the documentation', ['build', 'test', 'lint', 'release', 'docs']],
    ['sing a song', []],
    ['', []],
    ['run all jobs', []],
  ])('%j: %j', (goal, expected) => {
    expect(names(goal)).toEqual(expected)
  })

  test('is told with the words that speak for it, and with what needs it', () => {
    expect(chooseTasks('run the tests', REPOSITORY)).toEqual([
      { name: 'build', kind: 'job', words: [], needed_by: 'test' },
      { name: 'test', kind: 'job', words: ['test'], needed_by: '' },
    ])
  })

  test('is found by camel case, digits and other letters', () => {
    expect(chooseTasks('build für e2e', [candidate('buildAll'), candidate('e2e'), candidate('für')]).length).toBe(3)
  })

  test('of what was named is that and all that it needs, in its order', () => {
    expect(withAllNeeds(['docs', 'release'], REPOSITORY).map(({ name, needed_by }) => `${name} ${needed_by}`)).toEqual([
      'docs ',
      'build test',
      'test release',
      'lint release',
      'release ',
    ])
  })

  test('ends where needs lead in a circle', () => {
    const circle = [candidate('a', '', { needs: ['b'] }), candidate('b', '', { needs: ['a'] })]
    expect(chooseTasks('a1 b', circle).map(({ name }) => name)).toEqual(['a', 'b'])
  })
})
