import { describe, expect, test } from 'vitest'
import type { Job } from '#domain/definition/job.ts'
import { namedFiles } from '#domain/definition/named-files.ts'

describe('the files that a job names', () => {
  const cases: readonly (readonly [string, Job, readonly string[]])[] = [
    ['a program by its path', { command: ['./build.sh', 'x.txt'] }, ['program ./build.sh']],
    ['no program that is found by PATH, and none of its arguments', { command: ['npm', 'run', './x'] }, []],
    [
      'what an interpreter is given',
      { command: ['sh', '-e', 'tools/x.sh', 'arg'] },
      ['script tools/x.sh', 'script arg'],
    ],
    [
      'by its name with a version, too',
      { command: ['/usr/bin/python3.12', 'x.py'] },
      ['program /usr/bin/python3.12', 'script x.py'],
    ],
    [
      'the value of an option',
      { command: ['node', '--require=./hook.js', 'x.js'] },
      ['script ./hook.js', 'script x.js'],
    ],
    [
      'the commands of a text that a shell is given as a word',
      { command: ['bash', '-c', './one.sh && sh two.sh'] },
      ['script ./one.sh && sh two.sh', 'program ./one.sh', 'script two.sh'],
    ],
    ['what a runner of packages is given', { command: ['npx', 'tsx', 'x.ts'] }, ['script tsx', 'script x.ts']],
    ['what a wrapper is given', { command: ['env', 'A=1', './x.sh'] }, ['script A=1', 'script ./x.sh']],
    [
      'each command of a text for a shell',
      { shell: true, command: 'A=1 ./one.sh && sh "two.sh"; cat three | (./four.sh)\n`./five.sh` $(./six.sh)' },
      ['program ./one.sh', 'script two.sh', 'program ./four.sh', 'program ./five.sh', 'program ./six.sh'],
    ],
    ['files of variables', { command: ['x'], env_file: ['.env', '../.env'] }, ['env_file .env', 'env_file ../.env']],
    ['one file of variables', { command: ['x'], env_file: '.env' }, ['env_file .env']],
    [
      'commands of secrets, and no files of secrets: those hold a value and no instruction',
      { command: ['x'], secrets: { A: { command: ['./get.sh'] }, B: { file: 'b' }, C: { env: 'C' } } },
      ['program ./get.sh'],
    ],
  ]
  test.each(cases)('%s', (_title, job, files) => {
    expect(namedFiles({ jobs: { j: job } }).map(({ role, path }) => `${role} ${path}`)).toEqual(files)
  })

  test('with the directory that they count from', () => {
    const files = namedFiles({
      jobs: { j: { command: ['./x'], working_dir: 'sub' }, k: { command: ['./y'] } },
      tasks: { t: { repo: 'external', working_dir: '/w', command: ['./z'] } },
    })
    expect(files).toEqual([
      { by: 'jobs.j', role: 'program', directory: 'sub', path: './x' },
      { by: 'jobs.k', role: 'program', directory: '.', path: './y' },
      { by: 'tasks.t', role: 'program', directory: '/w', path: './z' },
    ])
  })
})
