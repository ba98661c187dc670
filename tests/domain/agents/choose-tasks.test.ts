import { describe, expect, test } from 'vitest'
import { type Candidate, chooseTasks, unspokenWords, withAllNeeds } from '#domain/agents/choose-tasks.ts'

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

const SCRIPTS = [
  candidate('lint', 'Look for mistakes of style', { keywords: ['linter', 'style'] }),
  candidate('lint-fix', 'eslint . --fix'),
  candidate('test', 'Run the tests', { keywords: ['suite'] }),
  candidate('test-unit', 'node --test unit'),
  candidate('test-e2e', 'node --test e2e'),
  candidate('test-watch', 'node --test --watch'),
  candidate('typecheck', 'Check the types', { keywords: ['types'] }),
  candidate('build', 'Compile and bundle', { keywords: ['compiler'] }),
  candidate('release', 'Publish a version'),
]

describe('of things with like names', () => {
  test.each([
    ['run the linter and the tests', ['lint', 'test']],
    ['Run tests!', ['test']],
    ['run the unit tests', ['test-unit']],
    ['run the unit and the e2e tests', ['test-unit', 'test-e2e']],
    ['fix the lint errors', ['lint-fix']],
    ['watch the tests', ['test-watch']],
    ['linting, testing and building', ['lint', 'test', 'build']],
    ['check the type', ['typecheck']],
    ['is everything compiled?', ['build']],
    ['compile', ['build']],
    ['releases', ['release']],
    ['RUN THE TEST SUITE', ['test']],
    ['test TEST tests', ['test']],
    ['e2e', ['test-e2e']],
  ])('a goal means those that it names in full: %j', (goal, expected) => {
    expect(chooseTasks(goal, SCRIPTS).map(({ name }) => name)).toEqual(expected)
  })

  test('a part of a name is enough where no whole one is named', () => {
    const parts = SCRIPTS.filter(({ name }) => name.startsWith('test-'))
    expect(chooseTasks('run the tests', parts).map(({ name }) => name)).toEqual(['test-unit', 'test-e2e', 'test-watch'])
  })

  test('words that speak of nothing are known', () => {
    expect(unspokenWords('run the linters and deploy it to Mars, to mars', SCRIPTS)).toEqual(['deploy', 'mars'])
    expect(unspokenWords('run the linter', SCRIPTS)).toEqual([])
  })
})
