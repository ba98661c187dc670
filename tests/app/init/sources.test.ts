import { describe, expect, test } from 'vitest'
import { justRecipes } from '#app/init/just-recipes.ts'
import { makeTargets } from '#app/init/make-targets.ts'
import { packageManager, packageScripts } from '#app/init/package-scripts.ts'
import { taskEntries } from '#app/init/task-entries.ts'

describe('the scripts of a package', () => {
  test('are jobs of the manager whose lock file is there', () => {
    expect(packageManager(['package.json', 'pnpm-lock.yaml'])).toBe('pnpm')
    expect(packageManager(['package.json'])).toBe('npm')
    const text = JSON.stringify({ scripts: { test: 'vitest run', 'build:all': 'tsc' } })
    expect(packageScripts(text, 'pnpm')).toEqual([
      { name: 'test', argv: ['pnpm', 'run', 'test'], description: 'vitest run', params: [] },
      { name: 'build:all', argv: ['pnpm', 'run', 'build:all'], description: 'tsc', params: [] },
    ])
  })

  test('that run around others or around an installation are left out', () => {
    const scripts = { pretest: 'x', test: 'x', posttest: 'x', prepare: 'x', postinstall: 'x', preview: 'x' }
    const jobs = packageScripts(JSON.stringify({ scripts }), 'npm')
    expect(jobs.map(({ name }) => name)).toEqual(['test', 'preview'])
  })

  test.each(['', '{', '[]', 'null', '{"scripts":[]}', '{"scripts":{"a":1}}', '{"scripts":null}'])(
    'are none in %j',
    (text) => {
      expect(packageScripts(text, 'npm')).toEqual([])
    },
  )
})

describe('the targets of a Makefile', () => {
  test('are those that are declared phony, with what is said of them', () => {
    const text = [
      'CC ?= gcc',
      'FLAGS := -O2 # not: a rule',
      '.PHONY: all test \\',
      '  clean',
      'all: app.o ## Build everything',
      '\t$(CC) -o app: $@',
      'app.o: app.c',
      '\tcc -c app.c',
      '# Run the tests',
      'test check: all',
      '\t./app --test',
      'clean::',
      '\trm -f *.o',
      '%.o: %.c',
      '\tcc',
      'install: all',
    ].join('\n')
    expect(makeTargets(text)).toEqual([
      { name: 'all', argv: ['make', 'all'], params: [], description: 'Build everything' },
      { name: 'test', argv: ['make', 'test'], params: [], description: 'Run the tests' },
      { name: 'clean', argv: ['make', 'clean'], params: [] },
    ])
  })

  test('are those that look like no file, where none is declared', () => {
    expect(
      makeTargets('build:\n\tcc\nmain.o: main.c\nbin/app: build\n$(X): y\nVAR=1\n').map(({ name }) => name),
    ).toEqual(['build'])
  })
})

describe('the recipes of a justfile', () => {
  test('that ask first are jobs that ask first', () => {
    const text = '[confirm("Sure?")]\ndeploy:\n\tx\n[no-cd, confirm]\nwipe:\n\tx\n'
    expect(justRecipes(text)).toEqual([
      { name: 'deploy', argv: ['just', '--yes', 'deploy'], params: [], confirm: 'Sure?' },
      { name: 'wipe', argv: ['just', '--yes', 'wipe'], params: [], confirm: 'Run wipe?' },
    ])
  })

  test('come with their comments and parameters', () => {
    const text = [
      'set shell := ["bash", "-c"]',
      'version := "1.0"',
      'alias b := build',
      'export A := "x"',
      '',
      '# Build it',
      'build target=\'debug\' $opt="a b":',
      '  cargo build',
      '',
      '[private]',
      'helper:',
      '_hidden:',
      '# Ship it',
      '[confirm]',
      'deploy stage *args: (build "release")',
      '@quiet: build',
    ].join('\n')
    expect(justRecipes(text)).toEqual([
      {
        name: 'build',
        argv: ['just', 'build', '{{target}}', '{{opt}}'],
        description: 'Build it',
        params: [
          { name: 'target', default: 'debug' },
          { name: 'opt', default: 'a b' },
        ],
      },
      {
        name: 'deploy',
        argv: ['just', '--yes', 'deploy', '{{stage}}'],
        description: 'Ship it',
        confirm: 'Run deploy?',
        params: [{ name: 'stage' }],
      },
      { name: 'quiet', argv: ['just', 'quiet'], params: [] },
    ])
  })
})

describe('the tasks of a Taskfile', () => {
  test('come with the first line of what is said of them', () => {
    const text = `version: '3'
tasks:
  build:
    desc: Build it
    cmds: [go build]
  test: go test ./...
  secret:
    internal: true
    cmds: [x]
  'gen:*':
    cmds: [x]
  docs:
    summary: |
      Make the documents
      in all languages
`
    expect(taskEntries(text)).toEqual([
      { name: 'build', argv: ['task', 'build'], params: [], description: 'Build it' },
      { name: 'test', argv: ['task', 'test'], params: [] },
      { name: 'docs', argv: ['task', 'docs'], params: [], description: 'Make the documents' },
    ])
  })

  test.each(['', ': [', 'tasks: 1', '- a'])('are none in %j', (text) => {
    expect(taskEntries(text)).toEqual([])
  })
})

test.each([
  ['a justfile', justRecipes],
  ['a Makefile', makeTargets],
])('%s with a line that nobody wrote for people is read at once', (_name, read) => {
  const line = `a${' '.repeat(100_000)}x`
  const began = performance.now()
  expect(read(`${line}\nbuild:\n\techo\n`).map(({ name }) => name)).toEqual(['build'])
  expect(performance.now() - began).toBeLessThan(1000)
})
