import { expect, test } from 'vitest'
import { mergeConfigs, notForProjects, replacedNames } from '#domain/definition/merge-configs.ts'

const job = (word: string) => ({ command: [word] })

test('a job of the project replaces that of the user as a whole, letter case aside', () => {
  const own = { jobs: { Build: { ...job('own'), env: { A: '1' } }, other: job('other') } }
  const project = { jobs: { build: job('project'), more: job('more') } }
  expect(mergeConfigs(own, project)).toEqual({
    jobs: { other: job('other'), build: job('project'), more: job('more') },
  })
  expect(replacedNames(own, project)).toEqual(['jobs.Build'])
})

test('names that every object has are names like others', () => {
  const project = { jobs: { constructor: job('x'), toString: job('y') } }
  expect(Object.keys(mergeConfigs({ jobs: { valueOf: job('z') } }, project).jobs ?? {})).toEqual([
    'valueOf',
    'constructor',
    'toString',
  ])
})

test('settings are replaced key by key, and what is not set stays', () => {
  const own = { logging: { level: 'debug', files: 2 }, hash: { algorithm: 'sha1' }, state: { dir: 'x' } } as const
  expect(mergeConfigs(own, { logging: { level: 'warn' } })).toEqual({
    logging: { level: 'warn', files: 2 },
    hash: { algorithm: 'sha1' },
    state: { dir: 'x' },
  })
  expect(mergeConfigs({}, { logging: { stdout: true } })).toEqual({ logging: { stdout: true } })
})

test('tasks, agents and orchestrations are merged by name, too', () => {
  const own = { agents: { A: {} }, orchestrations: { o: { agents: ['A'] } } }
  const project = { agents: { B: {} }, orchestrations: { O: { agents: ['B'] } } }
  expect(mergeConfigs(own, project)).toEqual({
    agents: { A: {}, B: {} },
    orchestrations: { O: { agents: ['B'] } },
  })
})

test('a project has no word in where runs are kept, what is erased and how the log file grows', () => {
  expect(
    notForProjects({
      state: { dir: 'x' },
      retention: {},
      logging: { level: 'info', max_size: '1k', files: 0 },
      jobs: { state: job('x') },
    }),
  ).toEqual([['state'], ['retention'], ['logging', 'max_size'], ['logging', 'files']])
  expect(notForProjects({ logging: { level: 'info', stdout: true } })).toEqual([])
  expect(notForProjects('no table')).toEqual([])
})

test('whatever a project holds, where the store lies is not up to it', () => {
  expect(mergeConfigs({ state: { dir: 'own' } }, { state: { dir: 'theirs' }, retention: { keep: 0 } })).toEqual({
    state: { dir: 'own' },
  })
})
