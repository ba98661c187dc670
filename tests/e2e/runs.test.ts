import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const CONFIG = `[jobs.hello]
description = "says hello"
command = ["sh", "-c", "echo out; echo err >&2"]
[jobs.bad]
command = ["sh", "-c", "echo why >&2; exit 7"]
[jobs.top]
command = ["true"]
needs = ["hello"]
[jobs.ticking]
command = ["sh", "-c", "n=0; while [ ! -e go ]; do n=$((n+1)); echo tick; sleep 0.02; done; echo last"]
`

describe.skipIf(onWindows)('list', () => {
  test('shows jobs by name, with their description where they have one', async () => {
    await given({ config: CONFIG }).gives(['list'], { stdout: 'bad\nhello - says hello\nticking\ntop\n', exit: 0 })
  })

  test('says that there are none', async () => {
    const place = given()
    await place.gives(['list'], {
      stdout: 'no jobs configured\n',
      stderr: 'configure some in <home>/.config/orchastration/config.toml\n',
      exit: 0,
    })
  })

  test('writes nothing: no store, no records, no log', async () => {
    const place = given({ config: CONFIG })
    for (const command of [['list'], ['status'], ['runs', 'list'], ['runs', 'show', 'x'], ['verify']]) {
      await place.run(command)
    }
    // What was read of the configuration may be kept in the cache, which anybody may clear.
    const { stdout } = await place.shell('find "$HOME" -type f -not -path "*/.cache/orchastration/config/*"')
    expect(stdout).toBe(`${place.configFile}\n`)
  })

  test('sees a changed configuration at once, also one of the same length, and whatever became of the cache', async () => {
    const place = given({ config: '[jobs.a]\ncommand = ["true"]\n' })
    await place.gives(['list'], { stdout: 'a\n', exit: 0 })
    place.configure('[jobs.b]\ncommand = ["true"]\n')
    await place.gives(['list'], { stdout: 'b\n', exit: 0 })
    await place.shell('find "$HOME/.cache" -type f | while read -r file; do echo "{\\"torn" > "$file"; done')
    await place.gives(['list'], { stdout: 'b\n', exit: 0 })
    await place.shell('rm -rf "$HOME/.cache"; touch "$HOME/.cache"')
    await place.gives(['list'], { stdout: 'b\n', exit: 0 })
  })
})

describe.skipIf(onWindows)('status', () => {
  test('shows how each job last ended, by name', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'bad'])
    await place.run(['run', 'top'])
    await place.gives(['status'], {
      stdout:
        'bad - exit=7 duration_ms=<n> start=<time>\nhello - exit=0 duration_ms=<n> start=<time>\nticking - no runs recorded\ntop - exit=0 duration_ms=<n> start=<time>\n',
      exit: 0,
    })
    const record = JSON.parse(place.recordText('bad'))
    expect((await place.run(['status'])).stdout).toContain(
      `bad - exit=7 duration_ms=${record.duration_ms} start=${record.start_time}\n`,
    )
  })

  test('shows only the jobs that are configured', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    place.configure(`[jobs.other]\ncommand = ["true"]\n`)
    await place.gives(['status'], { stdout: 'other - no runs recorded\n', exit: 0 })
  })
})

describe.skipIf(onWindows)('runs', () => {
  test.each(['logs', 'artifacts'])('%s of a job that the run does not have name the jobs of that run', async (what) => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    await place.gives(['runs', what, 'hello', 'nope'], {
      stderr: 'run <run> has no job "nope"\nit has: hello\nall its jobs:  orchastration runs show <run>\n',
      exit: 2,
    })
  })

  test('retry of a run that succeeded says how to run its jobs anew, by their names', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello', 'top'])
    const { stderr } = await place.run(['runs', 'retry', 'hello'])
    expect(stderr).toContain('run its jobs anew:  orchastration run hello top\n')
  })

  test('list shows the newest first, and can be narrowed', async () => {
    const place = given({ config: CONFIG })
    for (const job of ['hello', 'bad', 'hello']) await place.run(['run', job])
    const line = (status: string, job: string) => `<run> {2}${status} +${job} +<t> {2}<time>\\n`
    const lines = [line('succeeded', 'hello'), line('failed', 'bad'), line('succeeded', 'hello')]
    await place.gives(['runs', 'list'], {
      stdout: expect.stringMatching(new RegExp(`^${lines.join('')}$`)),
      exit: 0,
    })
    const count = async (...args: string[]) =>
      (await place.run(['runs', 'list', ...args])).stdout.split('\n').length - 1
    expect(await count('--job', 'hello')).toBe(2)
    expect(await count('--status', 'failed')).toBe(1)
    expect(await count('--job', 'hello', '--status', 'failed')).toBe(0)
    expect(await count('--limit', '2')).toBe(2)
    expect(await count('--job', 'nothing')).toBe(0)
    const ids = (await place.run(['runs', 'list'])).stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(0, 26))
    expect([...ids].sort().reverse()).toEqual(ids)
  })

  test('list of nothing says so on standard error', async () => {
    await given({ config: CONFIG }).gives(['runs', 'list'], { stderr: 'no runs recorded\n', exit: 0 })
  })

  test('a run may be named by the beginning of its id, as long as it is the only one', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const first = place.lastRun()
    await place.run(['run', 'hello'])
    const second = place.lastRun()
    const common = [...first].findIndex((letter, index) => letter !== second[index])
    expect((await place.run(['runs', 'show', first.slice(0, common + 1)])).stdout).toContain(first)
    const { exit, stderr } = await place.run(['runs', 'show', first.slice(0, common)])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(/^more than one run begins with /) })
  })

  test('show tells how each job ended and why', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'bad'])
    await place.gives(['runs', 'show', place.lastRun()], {
      stdout:
        'bad · failed after <t> · <time> · <run>\n  FAIL  bad         <t>   exit 7\nthe command ended with exit code 7 after <t>\n',
      stderr: 'output: orchastration runs logs <run>\n',
      exit: 0,
    })
  })

  test('logs shows the bytes on standard output, whose they are on standard error', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'top', 'bad', '--jobs', '1'])
    const run = place.lastRun()
    await place.gives(['runs', 'logs', run, 'hello'], {
      stdout: 'out\nerr\n',
      stderr: 'hello · stdout\nhello · stderr\n',
      exit: 0,
    })
    expect((await place.run(['runs', 'logs', run, '--stdout'])).stdout).toBe('out\n')
    expect((await place.run(['runs', 'logs', run, '--stderr'])).stdout.split('\n').sort()).toEqual(['', 'err', 'why'])
    const { exit, stderr } = await place.run(['runs', 'logs', run, 'helo'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('did you mean "hello"?') })
  })

  test('logs of a run that wrote nothing says so', async () => {
    const place = given({ config: '[jobs.still]\ncommand = ["true"]\n' })
    await place.run(['run', 'still'])
    await place.gives(['runs', 'logs', 'still'], {
      stdout: '',
      stderr: 'no output is recorded; how it stands: orchastration runs show <run>\n',
      exit: 0,
    })
  })

  test('logs -f shows what comes while it comes, until the run ends', async () => {
    const place = given({ config: CONFIG })
    const run = place.start(['run', 'ticking'])
    await place.untilEvent('step.started')
    const follow = place.start(['runs', 'logs', '-f', place.lastRun()])
    await until(() => follow.stdout.split('tick').length > 4, 'ticks are followed')
    expect(run.hasEnded).toBe(false)
    place.write('go', '')
    expect((await run.ended).exit).toBe(0)
    const { stdout, exit } = await follow.ended
    expect(exit).toBe(0)
    expect(stdout).toBe((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout)
    expect(stdout).toMatch(/^(tick\n)+last\n$/)
  })

  test('logs shows every try of a job, also while they are followed', async () => {
    const place = given({
      config: `[jobs.flaky]\ncommand = ["sh", "-c", "echo start >> tries; echo try $(wc -l < tries); [ -e go ] || sleep 0.2; [ $(wc -l < tries) -ge 3 ]"]\nretry = { attempts = 3, backoff = "50ms" }\n`,
    })
    const run = place.start(['run', 'flaky'])
    await place.untilEvent('step.started')
    const follow = place.start(['runs', 'logs', '-f', place.lastRun()])
    expect((await run.ended).exit).toBe(0)
    expect((await follow.ended).stdout).toBe('try 1\ntry 2\ntry 3\n')
    expect((await place.run(['runs', 'logs', place.lastRun()])).stdout).toBe('try 1\ntry 2\ntry 3\n')
  })

  test('logs --json is a document for each piece', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const { stdout, stderr } = await place.run(['runs', 'logs', place.lastRun(), '--json'])
    const lines = stdout.trimEnd().split('\n')
    const schema = 'orchastration.runs-logs/1'
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { schema, job: 'hello', stream: 'stdout', text: 'out\n' },
      { schema, job: 'hello', stream: 'stderr', text: 'err\n' },
    ])
    expect(stderr).toBe('')
  })

  test('export says that both a run and --all were given', async () => {
    const place = given({ config: CONFIG })
    const both = await place.run(['runs', 'export', '--all', 'hello'])
    expect({ exit: both.exit, stderr: both.stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('both were given'),
    })
  })

  test('events shows no line wider than 80 columns', async () => {
    const place = given({ config: `[jobs.a-job-with-quite-a-long-name-that-does-not-fit]\ncommand = ["true"]\n` })
    await place.run(['run', 'a-job-with-quite-a-long-name-that-does-not-fit'])
    const { stdout } = await place.run(['runs', 'events', place.lastRun()])
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('logs -f ends when it is told to, and leaves the run alone', async () => {
    const place = given({ config: CONFIG })
    const run = place.start(['run', 'ticking'])
    await place.untilEvent('step.started')
    const follow = place.start(['runs', 'logs', '-f', place.lastRun()])
    await until(() => follow.stdout.includes('tick'), 'ticks are followed')
    follow.signal('SIGINT')
    await follow.ended
    place.write('go', '')
    expect((await run.ended).exit).toBe(0)
  })

  test('events shows one line each, and with -f those that come', async () => {
    const place = given({ config: CONFIG })
    const run = place.start(['run', 'ticking'])
    await place.untilEvent('step.started')
    const follow = place.start(['runs', 'events', '-f', place.lastRun()])
    await until(() => follow.stdout.includes('step.started'), 'events are followed')
    place.write('go', '')
    await run.ended
    const { stdout, exit } = await follow.ended
    expect(exit).toBe(0)
    expect(stdout).toBe((await place.run(['runs', 'events', place.lastRun()])).stdout)
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(/ +/)[3]),
    ).toEqual(['run.queued', 'run.started', 'step.started', 'step.succeeded', 'run.succeeded'])
  })
})

describe.skipIf(onWindows)('--json', () => {
  test.each([
    ['list', 'list/1'],
    ['status', 'status/1'],
    ['runs list', 'runs-list/1'],
    ['run hello', 'run/1'],
    ['run bad', 'run/1'],
    ['run hello --detach', 'run/1'],
    ['runs show RUN', 'runs-show/1'],
    ['rebuild', 'rebuild/1'],
    ['verify', 'verify/1'],
    ['run helo', 'failure/1'],
    ['runs show zzzz', 'failure/1'],
    ['answer 9 yes', 'failure/1'],
    ['nonsense', 'failure/1'],
    ['run', 'failure/1'],
    ['run hello --jobs many', 'failure/1'],
  ])('%s is one document of schema orchastration.%s, and nothing on standard error', async (line, schema) => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const words = line.split(' ').map((word) => (word === 'RUN' ? place.lastRun() : word))
    const { stdout, stderr } = await place.run([...words, '--json'])
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout).schema).toBe(`orchastration.${schema}`)
    expect(stderr).toBe('')
    await place.settled()
  })

  test('answer and runs cancel and runs resume are documents, too', async () => {
    const place = given({ config: `[jobs.ask]\ncommand = ["true"]\nconfirm = "?"\n` })
    const asked = await place.json(['run', 'ask'])
    expect(asked).toEqual(
      expect.objectContaining({
        schema: 'orchastration.run/1',
        status: 'waiting',
        exit: 3,
        failure: null,
        jobs: [{ job: 'ask', exit: null, duration_ms: null }],
      }),
    )
    expect((await place.json(['runs', 'cancel', place.lastRun()]))['schema']).toBe('orchastration.runs-cancel/1')
    await place.run(['run', 'ask'])
    // One shape, whichever command made the document.
    expect(await place.json(['runs', 'resume', place.lastRun()])).toEqual({
      ...asked,
      run: place.lastRun(),
      questions: [expect.objectContaining({ number: 2, run: place.lastRun() })],
    })
    expect((await place.json(['answer', '2', 'yes']))['schema']).toBe('orchastration.answer/1')
    await place.untilStatus('succeeded')
    const detached = await place.json(['run', 'ask', '--detach'])
    expect(Object.keys(detached)).toEqual(Object.keys(asked))
    expect(detached).toEqual(
      expect.objectContaining({ status: 'queued', exit: null, jobs: [{ job: 'ask', exit: null, duration_ms: null }] }),
    )
    await place.untilEvent('run.waiting')
  })

  test('events are documents, one a line', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const { stdout } = await place.run(['runs', 'events', place.lastRun(), '--json'])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ schema }) => schema)).toEqual(Array.from({ length: 5 }, () => 'orchastration.runs-events/1'))
    expect(new Set(lines.map(({ run }) => run))).toEqual(new Set([place.lastRun()]))
    expect(lines.map(({ run_seq }) => run_seq)).toEqual([1, 2, 3, 4, 5])
  })

  test('work tells each run that came to rest in a document', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["true"]\nconfirm = { question = "?", timeout = "1s", otherwise = "yes" }\n`,
    })
    expect(await place.run(['work', '--once', '--json'])).toEqual({ stdout: '', stderr: '', exit: 0 })
    await place.run(['run', 'ask'])
    const worked = await place.json(['work', '--run', place.lastRun()])
    expect(worked).toEqual({ schema: 'orchastration.work/1', run: place.lastRun(), status: 'succeeded', failure: null })
  })
})
