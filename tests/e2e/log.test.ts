import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import type { Place } from '../support/given-place.ts'

checkLeaks()

const HELLO = `[jobs.hello]\ncommand = ["sh", "-c", "echo out; echo err >&2"]\n`
const BAD = `[jobs.bad]\ncommand = ["false"]\n`

interface Line {
  readonly time: string
  readonly level: string
  readonly msg: string
  readonly pid: number
  readonly [field: string]: unknown
}

function linesIn(text: string): readonly Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function linesOf(place: Place): readonly Line[] {
  return existsSync(place.logFile) ? linesIn(readFileSync(place.logFile, 'utf8')) : []
}

const wordsOf = (lines: readonly Line[]) => lines.map(({ msg }) => msg)

describe.skipIf(onWindows)('the log file', () => {
  test("tells a run from its start to its end, one JSON document a line, with the ancestor's words", async () => {
    const place = given({
      config: `${HELLO}${BAD}[jobs.slow]\ncommand = ["sleep", "60"]\ntimeout_seconds = 1\n`,
    })
    await place.run(['run', 'hello', 'bad', 'slow', '--keep-going', '--jobs', '1'])
    const lines = linesOf(place)
    const run = place.lastRun()
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(String), pid: expect.any(Number), run })
      expect(Date.parse(line.time)).toBeGreaterThan(0)
    }
    const duration_ms = expect.any(Number)
    expect(lines.map(({ time, pid, run: _run, ...rest }) => rest)).toEqual([
      { level: 'info', msg: 'run starting', name: 'hello bad slow' },
      { level: 'info', msg: 'job starting', job: 'hello', command: 'sh -c echo out; echo err >&2' },
      { level: 'info', msg: 'job succeeded', job: 'hello', exit: 0, duration_ms },
      { level: 'info', msg: 'job starting', job: 'bad', command: 'false' },
      { level: 'error', msg: 'job failed', job: 'bad', error: 'command_failed', exit: 1, duration_ms },
      { level: 'info', msg: 'job starting', job: 'slow', command: 'sleep 60' },
      { level: 'error', msg: 'job timed out', job: 'slow', timeout_seconds: 1, exit: -1, duration_ms },
      { level: 'error', msg: 'run failed', name: 'hello bad slow', error: 'jobs_failed', duration_ms },
    ])
  })

  test.each([
    ['debug', { detail: true, starts: true }],
    ['INFO', { detail: false, starts: true }],
    ['Warning', { detail: false, starts: false }],
    ['error', { detail: false, starts: false }],
  ])('at level %s', async (level, { detail, starts }) => {
    const place = given({
      config: `[logging]\nlevel = "${level}"\n${HELLO}[jobs.bad]\ncommand = ["false"]\nretry = { attempts = 2, backoff = "1ms" }\n`,
    })
    await place.run(['run', 'hello', 'bad', '--keep-going'])
    const words = wordsOf(linesOf(place))
    expect({
      detail: words.includes('job output'),
      starts: words.includes('job starting'),
      warns: words.includes('job retrying'),
      fails: words.includes('job failed'),
    }).toEqual({ detail, starts, warns: level !== 'error', fails: true })
  })

  test('has its level also where a run is resumed, which reads no jobs', async () => {
    const place = given({
      config: `[logging]\nlevel = "error"\n[jobs.long]\ncommand = ["sh", "-c", "[ -e go ] || sleep 300"]\n`,
    })
    const running = place.start(['run', 'long'])
    await place.untilEvent('step.started')
    await running.crash()
    place.write('go', '')
    expect((await place.run(['runs', 'resume', 'long'])).exit).toBe(0)
    expect(linesOf(place)).toEqual([])
  })

  test('says of a run that waits, is answered and goes on elsewhere who did what', async () => {
    const place = given({ config: `[jobs.ask]\ncommand = ["true"]\nconfirm = "Really?"\n` })
    await place.run(['run', 'ask'])
    await place.run(['answer', '1', 'yes'])
    await place.run(['runs', 'wait', 'ask'])
    await place.run(['work', '--once'])
    const lines = linesOf(place)
    expect(wordsOf(lines)).toEqual(
      expect.arrayContaining(['question asked', 'run waiting', 'run resumed', 'run succeeded']),
    )
    const [first, last] = [lines[0]?.pid, lines.at(-1)?.pid]
    expect(first).not.toBe(last)
    // Each fact is told by the one process that brought it about.
    expect(wordsOf(lines).filter((word) => word === 'job starting')).toHaveLength(1)
  })

  test('says that an interrupted run was cancelled, and that tables and records were made anew', async () => {
    const place = given({ config: `[jobs.long]\ncommand = ["sleep", "300"]\n` })
    const running = place.start(['run', 'long'])
    await place.untilEvent('step.started')
    await running.crash()
    await place.run(['runs', 'cancel', 'long'])
    await place.run(['rebuild'])
    const lines = linesOf(place)
    expect(wordsOf(lines).slice(-2)).toEqual(['run cancelled', 'rebuilt'])
    expect(lines.at(-2)).toMatchObject({ level: 'warn', run: place.lastRun(), name: 'long' })
    expect(lines.at(-1)).toMatchObject({ runs: 1, records: 0 })
  })

  test('names a record that could not be written', async () => {
    const place = given({ config: HELLO })
    mkdirSync(dirname(place.records), { recursive: true })
    await place.shell(`touch ${place.records}`)
    await place.run(['run', 'hello'])
    expect(linesOf(place)).toContainEqual(expect.objectContaining({ msg: 'record not written', level: 'warn' }))
  })

  test('that cannot be written stops nothing', async () => {
    const place = given({ config: HELLO })
    mkdirSync(place.logFile, { recursive: true })
    await place.gives(['run', 'hello'], {
      stdout: 'job=hello exit=0 duration_ms=<n>\n',
      stderr: expect.any(String),
      exit: 0,
    })
    await place.gives(['list'], { stdout: 'hello\n', exit: 0 })
  })

  test('is set aside at its size, by eight processes at once, and as many are kept as the configuration says', async () => {
    const place = given({ config: `[logging]\nmax_size = "2KB"\nfiles = 2\n${HELLO}` })
    for (let round = 0; round < 4; round++) {
      const runs = await Promise.all(Array.from({ length: 8 }, async () => await place.run(['run', 'hello'])))
      expect(runs.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    }
    const files = readdirSync(dirname(place.logFile)).filter((name) => name.startsWith('orchastration.log'))
    expect(files.sort()).toEqual([
      'orchastration.log',
      'orchastration.log.1',
      'orchastration.log.2',
      'orchastration.log.lock',
    ])
    for (const name of files.slice(0, 3)) {
      const path = `${dirname(place.logFile)}/${name}`
      expect(linesIn(readFileSync(path, 'utf8')).length).toBeGreaterThan(0)
      expect(statSync(path).size).toBeLessThan(2000 + 8 * 300)
    }
  })
})

describe.skipIf(onWindows)('the value of a secret', () => {
  const CANARY = 'c4nary-Value+0f/mine'
  const disguises = [CANARY, Buffer.from(CANARY).toString('base64'), encodeURIComponent(CANARY)]

  test('is in no log line at any level, whatever a job does with it and however it ends', async () => {
    const shout = 'echo $TOKEN; printf $TOKEN | base64; exit $CODE'
    const jobs = [0, 3].map(
      (code) =>
        `[jobs.end${code}]\ncommand = ["sh", "-c", "${shout}"]\nenv = { CODE = "${code}" }\nsecrets.TOKEN = { env = "MY_TOKEN" }\n`,
    )
    const late = `[jobs.late]\ncommand = ["sh", "-c", "echo $TOKEN; sleep 60"]\ntimeout_seconds = 1\nsecrets.TOKEN = { command = ["printenv", "MY_TOKEN"] }\n`
    const place = given({ config: `[logging]\nlevel = "debug"\n${jobs.join('')}${late}`, env: { MY_TOKEN: CANARY } })
    const args = ['run', 'end0', 'end3', 'late', '--keep-going', '--log-format', 'json']
    const { stdout } = await place.run(args)
    const written = `${readFileSync(place.logFile, 'utf8')}${stdout}`
    expect(wordsOf(linesOf(place))).toEqual(expect.arrayContaining(['job output', 'job failed', 'job timed out']))
    expect(disguises.filter((disguise) => written.includes(disguise))).toEqual([])
  })

  test('that stands in a command line keeps the run from starting, and from the log', async () => {
    const place = given({
      config: `[jobs.leak]\ncommand = ["echo", "${CANARY}"]\nsecrets.TOKEN = { env = "MY_TOKEN" }\n`,
      env: { MY_TOKEN: CANARY },
    })
    expect((await place.run(['run', 'leak'])).exit).toBe(2)
    expect(linesOf(place)).toEqual([])
  })
})

describe.skipIf(onWindows)('log lines on standard output', () => {
  test('come before the answer, which stays as it is, where the configuration asks for them', async () => {
    const place = given({ config: `[logging]\nstdout = true\n${HELLO}` })
    const { stdout, stderr, exit } = await place.run(['run', 'hello'])
    const lines = stdout.split('\n').slice(0, -1)
    expect(lines.at(-1)).toMatch(/^job=hello exit=0 duration_ms=\d+$/)
    expect(wordsOf(linesIn(`${lines.slice(0, -1).join('\n')}\n`))).toEqual([
      'run starting',
      'job starting',
      'job succeeded',
      'run succeeded',
    ])
    expect(`${lines.slice(0, -1).join('\n')}\n`).toBe(readFileSync(place.logFile, 'utf8'))
    expect({ stderr: place.tidy(stderr), exit }).toEqual({ stderr: expect.stringContaining('hello · ok'), exit: 0 })
    // Who writes no log line has nothing but its answer there.
    await place.gives(['list'], { stdout: 'hello\n', exit: 0 })
  })

  test('with --log-format json make standard output JSON lines and nothing else: the answer is the last', async () => {
    const place = given({ config: `${HELLO}${BAD}` })
    for (const [job, exit] of [
      ['hello', 0],
      ['bad', 1],
    ] as const) {
      const ran = await place.run(['--log-format', 'json', 'run', job])
      const lines = linesIn(ran.stdout)
      expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({ exit, stderr: '' })
      expect(lines.at(-1)).toMatchObject({ schema: 'orchastration.run/1', name: job, exit })
      expect(wordsOf(lines.slice(0, -1))).toEqual([
        'run starting',
        'job starting',
        job === 'hello' ? 'job succeeded' : 'job failed',
        job === 'hello' ? 'run succeeded' : 'run failed',
      ])
    }
    for (const args of [['list'], ['status'], ['runs', 'list']]) {
      const [line, ...others] = linesIn((await place.run([...args, '--log-format=json'])).stdout)
      expect({ schema: line?.['schema'], others }).toEqual({
        schema: `orchastration.${args.join('-')}/1`,
        others: [],
      })
    }
  })

  test('with --log-format json have failures among them, also of the command line itself', async () => {
    const place = given({ config: HELLO })
    for (const args of [['run', 'nope'], ['runn'], ['run', 'hello', '--frob']]) {
      const { stdout, exit } = await place.run([...args, '--log-format', 'json'])
      expect({ exit, lines: linesIn(stdout) }).toEqual({
        exit: 2,
        lines: [expect.objectContaining({ schema: 'orchastration.failure/1' })],
      })
    }
    expect((await place.run(['list', '--log-format', 'xml'])).stderr).toContain('"xml" cannot be used')
  })

  test('have the level that the file has', async () => {
    const place = given({ config: `[logging]\nlevel = "error"\nstdout = true\n${HELLO}${BAD}` })
    await place.gives(['run', 'hello'], {
      stdout: 'job=hello exit=0 duration_ms=<n>\n',
      stderr: expect.anything(),
      exit: 0,
    })
    const lines = linesIn((await place.run(['run', 'bad', '--log-format', 'json'])).stdout)
    expect(wordsOf(lines.slice(0, -1))).toEqual(['job failed', 'run failed'])
  })

  test('stop nothing where nobody reads them', async () => {
    const place = given({ config: HELLO })
    const { exit } = await place.shell(
      'orchastration run hello --log-format json | head -c 1 >/dev/null; exit $PIPESTATUS',
    )
    expect(exit).toBe(0)
    expect(wordsOf(linesOf(place))).toContain('run succeeded')
  })
})
