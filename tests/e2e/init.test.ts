import { chmodSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const MAKEFILE = '.PHONY: test\ntest: ## Run the tests\n\t@echo tested\n'

describe.skipIf(onWindows)('init', () => {
  test('does not wait for pipes that are called as a file it looks for', async () => {
    const place = given({ files: {} })
    await place.shell('mkfifo package.json justfile && mkdir Makefile')
    expect((await place.run(['init', '--print'])).stdout).toContain('[jobs.hello]')
  })

  test('writes a configuration that works at once, also below the directory', async () => {
    const place = given({ files: { 'sub/dir/x': '', Makefile: MAKEFILE } })
    await place.gives(['init'], {
      stdout: '<work>/orchastration.toml\n',
      stderr:
        '1 job and 1 task from Makefile\nall of them:  orchastration list\nthe first:    orchastration run test\nby a goal:    orchastration orchestration run --goal "run the tests"\n',
      exit: 0,
    })
    await place.gives(['list'], { stdout: 'test - Run the tests\n', exit: 0 })
    const ran = await place.run(['run', 'test'], { cwd: place.path('sub/dir') })
    expect(ran).toMatchObject({ exit: 0, stderr: expect.stringContaining('\ntested\n') })
  })

  test('has a job to begin with where the directory offers nothing', async () => {
    const place = given()
    await place.run(['init'])
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
  })

  test('writes over nothing unless it is told to', async () => {
    const place = given({ files: { 'orchastration.toml': '# mine\n' } })
    expect(await place.run(['init'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('--force') })
    expect(place.read('orchastration.toml')).toBe('# mine\n')
    expect((await place.run(['init', '--force'])).exit).toBe(0)
    expect(place.read('orchastration.toml')).toContain('[jobs.hello]')
  })

  test('prints it and writes nothing with --print', async () => {
    const place = given({ files: { Makefile: MAKEFILE } })
    expect((await place.run(['init', '--print'])).stdout).toContain('command = ["make", "test"]')
    expect(place.has('orchastration.toml')).toBe(false)
  })

  test('says where it cannot write', async () => {
    const place = given()
    expect(await place.run(['init', 'missing'])).toMatchObject({ exit: 1, stderr: expect.stringContaining('missing') })
  })
})

const done = (name: string) => `echo ${name} >> ledger`
const SCRIPTS = {
  lint: done('lint'),
  'lint:fix': done('fix'),
  test: done('test'),
  'test:watch': done('watch'),
  'test:unit': done('unit'),
  build: done('build'),
  typecheck: done('types'),
  dev: done('dev'),
}
/** What each kind of file offers a linter and tests in. */
const REPOSITORIES = {
  'package.json': JSON.stringify({ name: 'x', scripts: SCRIPTS }),
  Makefile: `.PHONY: all test lint\nall: test\ntest: ## Run what there is\n\t@${done('test')}\nlint:\n\t@${done('lint')}\n`,
  justfile: '# The tests\ntest filter="":\n  x\nlint:\n  y\n[confirm]\ntest-live:\n  z\n',
  'Taskfile.yml': 'version: "3"\ntasks:\n  lint:\n    desc: The linter\n    cmds: [x]\n  test:\n    cmds: [y]\n',
}

/** A fresh repository that offers these files; `just` and `task` only note what they were asked for. */
function repository(files: Readonly<Record<string, string>>): TestPlace {
  const place = given({ files })
  for (const tool of ['just', 'task']) {
    place.write(`bin/${tool}`, '#!/bin/sh\nshift $(($# > 1 && 0)); echo "$1" >> ledger\n')
    chmodSync(place.path(`bin/${tool}`), 0o755)
  }
  return place
}

const runFor = async (place: TestPlace, goal: string) =>
  await place.run(['orchestration', 'run', '--goal', goal], {
    env: { PATH: `${place.path('bin')}:${process.env['PATH']}` },
  })

describe.skipIf(onWindows)('a goal in a fresh repository', () => {
  test.each(Object.entries(REPOSITORIES))('is reached at once by what its %s offers', async (name, text) => {
    const place = repository({ [name]: text })
    expect((await place.run(['init'])).exit).toBe(0)
    const { exit, stderr, stdout } = await runFor(place, 'run the linter and the tests')
    expect({ exit, stderr }).toMatchObject({ exit: 0 })
    expect(stdout).toMatch(/^orchestration=default status=success duration_ms=\d+\n$/)
    // Each once, though a review looks at both, and nothing is written into the repository.
    expect(place.lines('ledger')).toEqual(['lint', 'test'])
    expect(place.has('README.md') || place.has('docs')).toBe(false)
  })

  test.each([
    ['Tests, please!', ['test']],
    ['TEST', ['test']],
    ['is it linted?', ['lint']],
    ['testing after linting', ['test', 'lint']],
    ['the unit tests', ['unit']],
    ['fix the lint errors', ['fix']],
    ['compile everything, then check the types', ['build', 'types']],
    ['look at the style, then at the suite', ['lint', 'test']],
  ])('may be said in other words: %j', async (goal, expected) => {
    const place = repository({ 'package.json': REPOSITORIES['package.json'] })
    await place.run(['init'])
    expect((await runFor(place, goal)).exit).toBe(0)
    expect(place.lines('ledger')).toEqual(expected)
  })

  test('of which a part is unknown is done as far as it is known, and says so', async () => {
    const place = repository({ 'package.json': REPOSITORIES['package.json'] })
    await place.run(['init'])
    const { exit, stderr } = await runFor(place, 'run the tests and deploy them to Mars')
    expect(exit).toBe(0)
    expect(stderr).toContain('nothing is configured that speaks of: deploy, mars\n')
    expect(place.lines('ledger')).toEqual(['test'])
  })

  test.each(['deploy to mars', '', '   ', '🎉', 'do it', '--help'])(
    'that nothing speaks of fails: %j',
    async (goal) => {
      const place = repository({ 'package.json': REPOSITORIES['package.json'] })
      await place.run(['init'])
      const { exit, stdout, stderr } = await runFor(place, goal)
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
      expect(stderr).toContain('nothing to plan')
      expect(place.events()).toEqual([])
    },
  )

  test('that fails shows what the command wrote', async () => {
    const place = repository({ Makefile: '.PHONY: test\ntest:\n\t@echo not at all; exit 3\n' })
    await place.run(['init'])
    const { exit, stderr } = await runFor(place, 'run the tests')
    expect(exit).toBe(1)
    expect(stderr).toContain('FAIL')
  })

  test('is reached from below the directory, too', async () => {
    const place = repository({ 'package.json': REPOSITORIES['package.json'], 'sub/dir/x': '' })
    await place.run(['init'])
    const { exit } = await place.run(['orchestration', 'run', '--goal', 'lint'], { cwd: place.path('sub/dir') })
    expect(exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['lint'])
    expect((await place.run(['review', 'run', 'lint'], { cwd: place.path('sub/dir') })).exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['lint', 'lint'])
  })
})

describe.skipIf(onWindows)('a task whose directory is relative', () => {
  const TASK = '[tasks.t]\nrepo = "external"\nworking_dir = "sub"\ncommand = ["touch", "made"]\noutputs = ["made"]\n'

  test('is meant from the file of its project', async () => {
    const place = given({ files: { 'orchastration.toml': TASK, 'sub/x': '', 'other/x': '' } })
    await place.run(['trust', '--yes'])
    expect((await place.run(['build', 'run', 't'], { cwd: place.path('other') })).exit).toBe(0)
    expect(place.has('sub/made')).toBe(true)
  })

  test('is refused in any other file, also where a project had the same bytes', async () => {
    const place = given({ files: { 'orchastration.toml': TASK, 'same.toml': TASK, 'sub/x': '' } })
    await place.run(['trust', '--yes'])
    await place.run(['plan', 'list'])
    const { exit, stderr } = await place.run(['--config', 'same.toml', 'plan', 'list'])
    expect(exit).toBe(2)
    expect(stderr).toContain('an absolute path is expected, this is "sub"')
  })
})
