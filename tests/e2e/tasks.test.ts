import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lives, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

/** The task `sample` in the current directory, with these keys beside the needed ones. */
function task(place: TestPlace, command: readonly string[], more = ''): string {
  return `[tasks.sample]
repo = "external"
working_dir = ${JSON.stringify(place.directory)}
command = ${JSON.stringify(command)}
${more}
`
}

const MAKES = ['sh', '-c', 'echo made > out.txt; echo said']

/** A place with one task, `sample`, that makes its output. */
function sample(more = 'description = "Makes it"\noutputs = ["out.txt"]'): TestPlace {
  const place = given()
  place.configure(task(place, MAKES, more))
  return place
}

/** The record of where the task stands. */
function record(place: TestPlace, name = 'sample'): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(place.records, 'tasks', `${name}.json`), 'utf8'))
}

function runRecords(place: TestPlace, name = 'sample'): readonly Readonly<Record<string, unknown>>[] {
  return place
    .recordNames(name)
    .filter((file) => /^\d.*\.json$/.test(file))
    .map((file) => JSON.parse(place.recordText(name, file)))
}

function git(place: TestPlace, ...args: readonly string[]): string {
  const env = { ...place.environment, GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', [...args], {
    cwd: place.directory,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function repository(place: TestPlace): void {
  git(place, 'init', '-q', '-b', 'main')
  git(place, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x')
}

describe.skipIf(onWindows)('plan', () => {
  test('lists the tasks by name, as configured before anything was done with them', async () => {
    const place = given()
    const more = 'description = "Does\\nit"\nstatus = "done"'
    place.configure(`${task(place, MAKES).replace('sample', 'b')}${task(place, MAKES, more).replace('sample', 'a')}`)
    await place.gives(['plan', 'list'], { stdout: 'a - Does␊it [done]\nb [planned]\n', exit: 0 })
  })

  test('says so where there are none', async () => {
    const { stdout, exit } = await given().run(['plan', 'list'])
    expect({ stdout, exit }).toEqual({ stdout: 'no tasks configured\n', exit: 0 })
  })

  test('takes a task up, with the records that the ancestor documents', async () => {
    const place = sample()
    await place.gives(['plan', 'create', 'sample'], { stdout: 'task=sample status=planned\n', exit: 0 })
    await place.gives(['plan', 'status', 'sample'], {
      stdout: 'sample status=planned last_run=<time>\n',
      exit: 0,
    })
    expect(Object.keys(record(place))).toEqual([
      'name',
      'description',
      'repo',
      'status',
      'last_run',
      'outputs',
      'documents',
    ])
    expect(record(place)).toMatchObject({
      name: 'sample',
      description: 'Makes it',
      repo: 'external',
      status: 'planned',
      last_run: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      outputs: ['out.txt'],
      documents: null,
    })
    const [made] = runRecords(place)
    expect(Object.entries(made ?? {})).toEqual([
      ['task_name', 'sample'],
      ['action', 'plan.create'],
      ['start_time', expect.any(String)],
      ['end_time', expect.any(String)],
      ['duration_ms', expect.any(Number)],
      ['status', 'planned'],
      ['exit_code', 0],
      ['message', 'created'],
    ])
    expect(place.recordText('sample', place.recordNames('sample')[0]).endsWith('}')).toBe(true)
  })

  test('does not take back what was built', async () => {
    const place = sample()
    await place.run(['build', 'run', 'sample'])
    await place.gives(['plan', 'create', 'sample'], { stdout: 'task=sample status=done\n', exit: 0 })
    await place.gives(['plan', 'list'], { stdout: 'sample - Makes it [done]\n', exit: 0 })
    expect(record(place)).toMatchObject({ status: 'done' })
  })

  test('has no status of a task with which nothing was done', async () => {
    const place = sample()
    await place.gives(['plan', 'status', 'sample'], {
      stderr: 'task not initialized: sample\ntake it up:  orchastration plan create sample\n',
      exit: 2,
    })
  })

  test.each([
    ['plan', 'create'],
    ['plan', 'status'],
    ['build', 'run'],
    ['git', 'issue', 'create'],
  ])('and the other commands name the nearest task: %s %s', async (...command) => {
    const place = sample()
    const { stderr, exit } = await place.run([...command, 'sampel'])
    expect(stderr).toMatch(/^unknown task: sampel; did you mean "sample"\?\n/)
    expect(exit).toBe(2)
    expect(existsSync(join(place.records, 'tasks'))).toBe(false)
  })

  test('names words that are no command', async () => {
    const place = given()
    expect((await place.run(['git', 'isue', 'create', 'x'])).stderr).toMatch(/^unknown command "git isue"/)
    expect((await place.run(['git', 'issue', 'creat', 'x'])).stderr).toMatch(/did you mean "git issue create"\?/)
    expect(await place.run(['git', 'issue'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('create') })
    expect(await place.run(['help', 'git', 'issue', 'create'])).toMatchObject({ exit: 0 })
    expect(await place.run(['help', 'git'])).toMatchObject({ exit: 0 })
  })
})

describe.skipIf(onWindows)('build run', () => {
  test('runs the command, and the task is done', async () => {
    const place = sample()
    await place.gives(['build', 'run', 'sample'], {
      stdout: 'task=sample exit=0 status=done\n',
      stderr: 'build:sample · ok · <t>\nsaid\n',
      exit: 0,
    })
    expect(record(place)).toMatchObject({ status: 'done' })
    expect(runRecords(place)).toMatchObject([
      { action: 'build.run', status: 'done', exit_code: 0, message: 'completed' },
    ])
    const logs = await place.run(['runs', 'logs', 'sample'])
    expect(logs.stdout).toContain('said\n')
    expect(await place.run(['verify', '--outputs'])).toMatchObject({ exit: 0 })
  })

  test('of a command that fails has a status of its own, and the exit code of the command', async () => {
    const place = given()
    place.configure(task(place, ['sh', '-c', 'echo why >&2; exit 7']))
    const { stdout, exit, stderr } = await place.run(['build', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample exit=7 status=failed\n', exit: 7 })
    expect(stderr).toContain('why\n')
    expect(record(place)).toMatchObject({ status: 'failed' })
    expect(runRecords(place)).toMatchObject([{ status: 'failed', exit_code: 7 }])
    await place.gives(['plan', 'status', 'sample'], { stdout: 'sample status=failed last_run=<time>\n', exit: 0 })
  })

  test.each([
    ['missing', ['true'], 'not there: <work>/out.txt'],
    ['there before and not touched', ['test', '-e', 'out.txt'], 'as it was before: <work>/out.txt'],
  ] as const)('whose expected output is %s has failed, whatever its command says', async (_how, command, line) => {
    const place = given()
    if (command.length > 1) place.write('out.txt', 'old')
    place.configure(task(place, command, 'outputs = ["out.txt"]'))
    const { stdout, stderr, exit } = await place.run(['build', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample exit=0 status=failed\n', exit: 1 })
    expect(place.tidy(stderr)).toContain(
      `the command succeeded, but did not make all that is expected of it\n${line}\n`,
    )
    expect(record(place)).toMatchObject({ status: 'failed' })
    expect(place.tidy((await place.run(['runs', 'show', 'sample'])).stdout)).toContain(`\n${line}\n`)
  })

  test('ends its command at the time of the task, with all that it started', async () => {
    const place = given()
    const command = ['sh', '-c', 'sleep 300 & echo $! > pid; wait']
    place.configure(task(place, command, 'timeout_seconds = 1'))
    const { stdout, exit } = await place.run(['build', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample exit=-1 status=failed\n', exit: 124 })
    expect(lives(Number(place.lines('pid')[0]))).toBe(false)
  })

  test('is done again by its own command only', async () => {
    const place = sample()
    await place.run(['build', 'run', 'sample'])
    const { stderr, exit } = await place.run(['runs', 'retry', 'sample'])
    expect(stderr).toMatch(/^run \w+ is none of jobs: build:sample is a run of workflow "task"\n/)
    expect(exit).toBe(2)
  })

  test('whose program is not there has failed with 127', async () => {
    const place = given()
    place.configure(task(place, ['no-such-program']))
    const { stdout, exit } = await place.run(['build', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample exit=1 status=failed\n', exit: 127 })
  })

  test('many times at once leaves a record of each, and one state', async () => {
    const place = sample()
    const builds = await Promise.all([1, 2, 3, 4].map(async () => await place.run(['build', 'run', 'sample'])))
    expect(builds.map(({ exit }) => exit)).toEqual([0, 0, 0, 0])
    expect(place.recordNames('sample')).toHaveLength(4)
    expect(record(place)).toMatchObject({ status: 'done' })
    expect(await place.run(['verify'])).toMatchObject({ exit: 0 })
  })

  test('killed with -9 stays in progress, goes on by resume, and is done then', async () => {
    const place = given()
    const command = ['sh', '-c', 'echo $$ >> pids; [ -e go ] || sleep 300; echo x > out.txt']
    place.configure(task(place, command, 'outputs = ["out.txt"]'))
    const build = place.start(['build', 'run', 'sample'])
    await until(() => place.lines('pids').length === 1, 'the build runs')
    await build.crash()
    await place.gives(['plan', 'status', 'sample'], { stdout: 'sample status=in_progress last_run=<time>\n', exit: 0 })
    const status = await place.run(['status'])
    expect(status.stdout).toContain('build:sample in flight, not idempotent')
    expect(status.stdout).toContain('start anew: orchastration build run sample\n')
    place.write('go', '')
    await place.gives(['runs', 'resume', place.lastRun()], {
      stdout: 'run=<run> status=succeeded\n',
      stderr: 'build:sample · ok · <t>\n',
      exit: 0,
    })
    expect(lives(Number(place.lines('pids')[0]))).toBe(false)
    expect(record(place)).toMatchObject({ status: 'done' })
    expect(place.recordNames('sample')).toHaveLength(1)
  })

  test('begun anew after kill -9 first ends what that left running', async () => {
    const place = given()
    place.configure(task(place, ['sh', '-c', 'echo $$ >> pids; [ -e go ] || sleep 300']))
    const build = place.start(['build', 'run', 'sample'])
    await until(() => place.lines('pids').length === 1, 'the build runs')
    await build.crash()
    place.write('go', '')
    const { stdout, stderr } = await place.run(['build', 'run', 'sample'])
    expect(stdout).toBe('task=sample exit=0 status=done\n')
    expect(place.tidy(stderr)).toContain('ended what the interrupted run <run> had left running\n')
    expect(lives(Number(place.lines('pids')[0]))).toBe(false)
    await place.run(['runs', 'cancel', place.events('run.queued')[0]?.run ?? ''])
    await place.gives(['plan', 'list'], { stdout: 'sample [done]\n', exit: 0 })
  })

  test('of a run that was killed and then cancelled has failed', async () => {
    const place = given()
    place.configure(task(place, ['sh', '-c', 'echo $$ >> pids; sleep 300']))
    const build = place.start(['build', 'run', 'sample'])
    await until(() => place.lines('pids').length === 1, 'the build runs')
    await build.crash()
    await place.run(['runs', 'cancel', place.lastRun()])
    await place.gives(['plan', 'list'], { stdout: 'sample [failed]\n', exit: 0 })
    expect(await place.run(['verify'])).toMatchObject({ exit: 0 })
  })

  test('is not mixed up with a job of the same name', async () => {
    const place = given()
    place.configure(`[jobs.sample]\ncommand = ["true"]\n${task(place, MAKES)}`)
    await place.run(['build', 'run', 'sample'])
    await place.run(['run', 'sample'])
    await place.run(['build', 'run', 'sample'])
    const records = runRecords(place)
    expect(records.filter((each) => 'task_name' in each)).toHaveLength(2)
    expect(records.filter((each) => 'job_name' in each)).toHaveLength(1)
    expect(JSON.parse(place.recordText('sample'))).toMatchObject({ job_name: 'sample', exit_code: 0 })
    expect((await place.run(['status'])).stdout).toMatch(/^sample - exit=0 /)
  })
})

describe.skipIf(onWindows)('review run', () => {
  test('passes by outputs and checks', async () => {
    const place = sample('outputs = ["out.txt"]\nchecks = [["grep", "-q", "made", "out.txt"]]')
    await place.run(['build', 'run', 'sample'])
    const { stdout, exit } = await place.run(['review', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample review=passed\n', exit: 0 })
    expect(record(place)).toMatchObject({ status: 'done' })
  })

  test('rejects by a check that fails, and says what that said', async () => {
    const place = sample('checks = [["sh", "-c", "echo 2 failing; exit 1"]]')
    await place.run(['build', 'run', 'sample'])
    const { stdout, stderr, exit } = await place.run(['review', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample review=rejected\n', exit: 1 })
    expect(stderr).toContain('review rejected: checks failed: sh -c echo 2 failing; exit 1\n')
    expect(stderr).toContain('  2 failing\n')
  })

  test('does not pass after a build that failed, whatever lies there', async () => {
    const place = given()
    place.write('out.txt', 'old')
    place.configure(task(place, ['true'], 'outputs = ["out.txt"]'))
    await place.run(['build', 'run', 'sample'])
    const { stdout, stderr, exit } = await place.run(['review', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample review=failed\n', exit: 1 })
    expect(stderr).toContain('review failed: not built: sample is failed\n')
  })

  test('does not pass without anything to go by', async () => {
    const place = sample('')
    const { stdout, stderr, exit } = await place.run(['review', 'run', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: 'task=sample review=failed\n', exit: 1 })
    expect(stderr).toContain('nothing to review: no outputs and no checks\n')
  })
})

describe.skipIf(onWindows)('doc generate', () => {
  test('says where the task really stands, and does not say it twice', async () => {
    const place = sample()
    place.write('README.md', '# Mine\n')
    const doc = `doc=${place.path('docs/tasks/sample.md')}\n`
    const first = await place.run(['doc', 'generate', 'sample'])
    expect(first).toEqual({ stdout: `task=sample status=planned ${doc}`, stderr: '', exit: 0 })
    expect(place.read('docs/tasks/sample.md')).toMatch(/## Status\n\nplanned\n$/)
    await place.run(['build', 'run', 'sample'])
    expect((await place.run(['doc', 'generate', 'sample'])).stdout).toBe(`task=sample status=done ${doc}`)
    expect(place.read('README.md').match(/^## .*|^- Status.*/gm)).toEqual(['## Task Summary: sample', '- Status: done'])
    expect(place.read('README.md')).toMatch(/^# Mine\n\n/)
  })

  test('of several tasks at once loses none of their sections', async () => {
    const place = given()
    const names = ['a', 'b', 'c', 'd']
    place.configure(names.map((name) => task(place, MAKES).replace('sample', name)).join(''))
    place.write('README.md', '# Mine\n')
    const docs = await Promise.all(names.map(async (name) => await place.run(['doc', 'generate', name])))
    expect(docs.map(({ exit }) => exit)).toEqual([0, 0, 0, 0])
    for (const name of names) expect(place.read('README.md')).toContain(`## Task Summary: ${name}\n`)
  })

  test('without a repository says what is not there', async () => {
    const place = given()
    place.configure(task(place, MAKES).replace(place.directory, '/nowhere/at/all'))
    const { stderr, exit } = await place.run(['doc', 'generate', 'sample'])
    expect(stderr).toContain('/nowhere/at/all')
    expect(exit).toBe(2)
  })
})

describe.skipIf(onWindows)('git branch create', () => {
  test('makes the branch, changes to it, and says nothing', async () => {
    const place = sample()
    repository(place)
    await place.gives(['git', 'branch', 'create', 'sample'], { exit: 0 })
    expect(git(place, 'branch', '--show-current')).toBe('task/external-sample\n')
    expect(runRecords(place)).toMatchObject([
      { action: 'git.branch.create', exit_code: 0, message: "Switched to a new branch 'task/external-sample'" },
    ])
  })

  test('makes it in the repository of the task, also where a hook of another one started us', async () => {
    const place = sample()
    repository(place)
    expect((await place.shell(`git init -q ${place.path('other')}`)).exit).toBe(0)
    const env = { GIT_DIR: place.path('other/.git'), GIT_WORK_TREE: place.path('other') }
    expect((await place.run(['git', 'branch', 'create', 'sample'], { env })).exit).toBe(0)
    expect(git(place, 'branch', '--show-current')).toBe('task/external-sample\n')
  })

  test('that is there already is a failure in the words of git, after which the task stands as before', async () => {
    const place = sample()
    repository(place)
    git(place, 'branch', 'task/external-sample')
    const { stdout, stderr, exit } = await place.run(['git', 'branch', 'create', 'sample'])
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 1 })
    expect(stderr).toContain("fatal: a branch named 'task/external-sample' already exists")
    expect(existsSync(join(place.records, 'tasks', 'sample.json'))).toBe(false)
    expect(runRecords(place)).toMatchObject([{ action: 'git.branch.create', exit_code: 1 }])
  })
})

describe.skipIf(onWindows)('git issue create', () => {
  const GH =
    '#!/bin/sh\nfor word in "$@"; do echo "[$word]" >> words; done\necho Creating >&2\necho https://github.com/a/b/issues/7\n'

  test('shows the URL of the issue', async () => {
    const place = given({ programs: { 'bin/gh': GH } })
    place.configure(task(place, MAKES, 'description = "--body-file=/etc/passwd\\n`x`"'))
    const env = { PATH: `${place.path('bin')}:/usr/bin:/bin` }
    const made = await place.run(['git', 'issue', 'create', 'sample'], { env })
    expect(made).toEqual({ stdout: 'task=sample issue=https://github.com/a/b/issues/7\n', stderr: '', exit: 0 })
    expect(place.read('words')).toBe(
      '[issue]\n[create]\n[--title]\n[Task: sample]\n[--body]\n[--body-file=/etc/passwd\n`x`]\n',
    )
    expect(runRecords(place)).toMatchObject([
      { action: 'git.issue.create', message: 'Creating\nhttps://github.com/a/b/issues/7' },
    ])
  })

  test('says that there is no description', async () => {
    const place = given({ programs: { 'bin/gh': GH } })
    place.configure(task(place, MAKES))
    await place.run(['git', 'issue', 'create', 'sample'], { env: { PATH: `${place.path('bin')}:/usr/bin:/bin` } })
    expect(place.read('words')).toContain('[(no description provided)]')
  })

  test('takes much that gh says, and keeps its end', async () => {
    const gh = '#!/bin/sh\nyes | head -c 300000\necho https://github.com/a/b/issues/8\n'
    const place = given({ programs: { 'bin/gh': gh } })
    place.configure(task(place, MAKES))
    const env = { PATH: `${place.path('bin')}:/usr/bin:/bin` }
    const { stdout } = await place.run(['git', 'issue', 'create', 'sample'], { env })
    expect(stdout).toBe('task=sample issue=https://github.com/a/b/issues/8\n')
  })

  test('without gh is a clear failure', async () => {
    const place = sample()
    const { stdout, stderr, exit } = await place.run(['git', 'issue', 'create', 'sample'], {
      env: { PATH: '/nowhere' },
    })
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 127 })
    expect(stderr).toMatch(
      /^program not found: "gh", which is needed for issues on GitHub\ninstall it, or extend PATH\n/,
    )
  })

  test('shows what gh says of its failure', async () => {
    const gh = '#!/bin/sh\necho "not logged in" >&2\nexit 4\n'
    const place = given({ programs: { 'bin/gh': gh } })
    place.configure(task(place, MAKES))
    const env = { PATH: `${place.path('bin')}:/usr/bin:/bin` }
    const { stderr, exit } = await place.run(['git', 'issue', 'create', 'sample'], { env })
    expect(stderr).toMatch(/^gh ended with exit code 4\n {2}not logged in\n/)
    expect(exit).toBe(1)
  })
})

describe.skipIf(onWindows)('what is kept of tasks', () => {
  test('loses nothing within one second, and is made anew by rebuild', async () => {
    const place = sample()
    for (const command of ['plan create', 'build run', 'doc generate', 'review run']) {
      await place.run([...command.split(' '), 'sample'])
    }
    const before = runRecords(place).map(({ action }) => action)
    expect(before.toSorted()).toEqual(['build.run', 'doc.generate', 'plan.create', 'review.run'])
    const [state, names] = [record(place), place.recordNames('sample')]
    expect(await place.run(['rebuild'])).toMatchObject({ exit: 0 })
    expect(record(place)).toEqual(state)
    expect(place.recordNames('sample')).toEqual(names)
    expect(await place.run(['verify'])).toMatchObject({ exit: 0 })
  })

  test('is erased with its run, and where the task stands is not', async () => {
    const place = sample('description = "hush-hush"\noutputs = ["out.txt"]')
    await place.run(['build', 'run', 'sample'])
    expect(await place.run(['runs', 'prune', place.lastRun(), '--yes'])).toMatchObject({ exit: 0 })
    expect(place.recordNames('sample')).toEqual([])
    await place.gives(['plan', 'list'], { stdout: 'sample - hush-hush [done]\n', exit: 0 })
    const kept = readdirSync(place.records, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
    for (const { parentPath, name } of kept) expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain('hush')
    expect(await place.run(['rebuild'])).toMatchObject({ exit: 0 })
    await place.gives(['plan', 'status', 'sample'], { stdout: 'sample status=done last_run=<time>\n', exit: 0 })
    expect(await place.run(['verify'])).toMatchObject({ exit: 0 })
  })
})

describe.skipIf(onWindows)('a configuration with mistakes in tasks', () => {
  test('is told of all of them, with their places', async () => {
    const place = given({
      config: `[tasks.a]
repo = "other"
working_dir = "here"
command = []
needs = ["bb"]
checks = ["npm test"]
timeout_seconds = "10"
[tasks.b]
repo = "external"
working_dir = "/w"
command = ["x"]
needs = ["b"]
chekcs = []
`,
    })
    const { stderr, exit } = await place.run(['plan', 'list'])
    expect(exit).toBe(2)
    expect(place.tidy(stderr).match(/\^+ .*/g)).toEqual([
      '^^^^^^^ one of "orchastration", "external" is expected, this is "other"',
      '^^^^^^ an absolute path is expected, this is "here"',
      '^^ a list that is not empty is expected, this is an empty list',
      '^^^^ no task "bb" is configured; did you mean "b"?',
      '^^^^^^^^^^ a list is expected, this is text',
      '^^^^ a whole number of seconds is expected, this is text',
      '^^^ these tasks need each other in a circle: b, b',
      '^^^^^^ unknown key in [tasks.b]; did you mean "checks"?',
    ])
  })
})

test.skipIf(onWindows)(
  'a task of a project that nobody trusts is not begun, also where the user has one of its name',
  async () => {
    const place = sample()
    place.write('orchastration.toml', task(place, ['sh', '-c', 'echo evil > evil']))
    for (const command of ['build run', 'plan create', 'git branch create']) {
      const { stdout, stderr, exit } = await place.run([...command.split(' '), 'sample'])
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 })
      expect(place.tidy(stderr)).toMatch(
        /^task "sample" is in <work>\/orchastration.toml, which is not trusted; nothing was run\n/,
      )
    }
    expect(place.events()).toEqual([])
    expect(await place.run(['build', 'run', 'sample', '--trust'])).toMatchObject({ exit: 0 })
    expect(place.has('evil')).toBe(true)
  },
)

describe.skipIf(onWindows)('programs that hang', () => {
  test('end with the run, and so do the hooks that they started', async () => {
    const place = sample()
    repository(place)
    place.write('.git/hooks/post-checkout', '#!/bin/sh\necho $$ > hook\nsleep 300\n')
    execFileSync('chmod', ['+x', place.path('.git/hooks/post-checkout')])
    const making = place.start(['git', 'branch', 'create', 'sample'])
    const hook = Number(await until(() => place.has('hook') && place.read('hook').trim(), 'the hook runs'))
    making.signal('SIGINT')
    expect((await making.ended).exit).toBe(130)
    await until(() => !lives(hook), 'the hook has ended')
    await place.gives(['plan', 'list'], { stdout: 'sample - Makes it [planned]\n', exit: 0 })
  })
})
