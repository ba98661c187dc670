import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import type { Place } from '../support/given-place.ts'

checkLeaks()

const HELLO = `[jobs.hello]\ncommand = ["sh", "-c", "echo out; echo err >&2"]\n`

function recordsOf(place: Place, job: string): readonly string[] {
  return place.recordNames(job).filter((name) => name.endsWith('.json') && name !== 'last.json')
}

function recordPath(place: Place, name: string): string {
  return join(place.records, 'runs/hello', name)
}

describe.skipIf(onWindows)('a record', () => {
  test('has the documented keys in their order, two spaces, and no line feed at its end', async () => {
    const place = given({ config: HELLO })
    const version = (await place.run(['--version'])).stdout.trim()
    await place.run(['run', 'hello'])
    const [name = ''] = recordsOf(place, 'hello')
    expect(name).toMatch(/^\d{8}T\d{6}Z\.json$/)
    const stem = join(place.records, 'runs/hello', name.replace('.json', ''))
    const text = place.recordText('hello', name)
    const record = JSON.parse(text)
    expect(text).toBe(`{
  "job_name": "hello",
  "start_time": "${record.start_time}",
  "end_time": "${record.end_time}",
  "duration_ms": ${record.duration_ms},
  "exit_code": 0,
  "stdout_path": "${stem}.stdout.log",
  "stderr_path": "${stem}.stderr.log",
  "os": "${process.platform}",
  "binary_version": "${version}"
}`)
    expect(record.start_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(record.end_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(name).toBe(`${record.start_time.replaceAll(/[-:]/g, '')}.json`)
    expect(Number.isInteger(record.duration_ms)).toBe(true)
    expect(readFileSync(record.stdout_path, 'utf8')).toBe('out\n')
    expect(readFileSync(record.stderr_path, 'utf8')).toBe('err\n')
  })

  test('is repeated in last.json byte by byte', async () => {
    const place = given({ config: HELLO })
    await place.run(['run', 'hello'])
    expect(place.recordText('hello')).toBe(place.recordText('hello', recordsOf(place, 'hello')[0]))
  })

  test('says in its line what it says in its file', async () => {
    const place = given({ config: HELLO })
    const { stdout } = await place.run(['run', 'hello'])
    const { exit_code, duration_ms } = JSON.parse(place.recordText('hello'))
    expect(stdout).toBe(`job=hello exit=${exit_code} duration_ms=${duration_ms}\n`)
  })

  test('of two runs in one second is kept, and so are the logs of both', async () => {
    const place = given({ config: `[jobs.n]\ncommand = ["sh", "-c", "echo $N"]\n` })
    // Five in a row take less than two seconds: some of them share one.
    for (const n of [1, 2, 3, 4, 5]) await place.run(['run', 'n'], { env: { N: String(n) } })
    const names = recordsOf(place, 'n')
    expect(names).toHaveLength(5)
    const outputs = names.map((name) => readFileSync(JSON.parse(place.recordText('n', name)).stdout_path, 'utf8'))
    expect(outputs.sort()).toEqual(['1\n', '2\n', '3\n', '4\n', '5\n'])
    expect(names.some((name) => /^\d{8}T\d{6}Z-[0-9a-z]{26}\.json$/.test(name))).toBe(true)
    expect(readFileSync(JSON.parse(place.recordText('n')).stdout_path, 'utf8')).toBe('5\n')
  })

  test.each([
    ['a child that was killed', '["sh", "-c", "kill -9 $$"]', -1],
    ['a timeout', '["sleep", "60"]', -1],
    ['a program that is not there', '["no-such-program"]', 1],
    ['a program that may not be executed', '["/etc/hostname"]', 1],
    ["a child's own code", '["sh", "-c", "exit 42"]', 42],
  ])('has the exit code of %s', async (_title, command, exit) => {
    const place = given({ config: `[jobs.j]\ncommand = ${command}\ntimeout_seconds = 1\n` })
    await place.run(['run', 'j'])
    expect(JSON.parse(place.recordText('j')).exit_code).toBe(exit)
  })

  test('is there for each job of a graph, under its own name', async () => {
    const place = given({ config: `${HELLO}[jobs.top]\ncommand = ["true"]\nneeds = ["hello"]\n` })
    await place.run(['run', 'top'])
    expect(recordsOf(place, 'hello')).toHaveLength(1)
    expect(recordsOf(place, 'top')).toHaveLength(1)
  })

  test('that was torn or lost is made anew from the log, and nothing else of the folder is touched', async () => {
    const place = given({ config: HELLO })
    await place.run(['run', 'hello'])
    await place.run(['run', 'hello'])
    const before = place.recordNames('hello').map((name) => [name, place.recordText('hello', name)])
    const folder = join(place.records, 'runs/hello')
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    writeFileSync(join(folder, 'last.json'), '{"job_na')
    writeFileSync(join(folder, recordsOf(place, 'hello')[0] ?? ''), '')
    await place.gives(['rebuild'], { stdout: 'runs=2 records=2\n', exit: 0 })
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine')
    expect(
      place
        .recordNames('hello')
        .filter((name) => name !== 'mine.txt')
        .map((name) => [name, place.recordText('hello', name)]),
    ).toEqual(before)
  })

  test('that is torn hides nothing from status, which reads the log', async () => {
    const place = given({ config: HELLO })
    await place.run(['run', 'hello'])
    writeFileSync(join(place.records, 'runs/hello/last.json'), '{"job_na')
    await place.gives(['status'], { stdout: 'hello - exit=0 duration_ms=<n> start=<time>\n', exit: 0 })
  })

  test.each(['last.json', '<record>.stdout.log', '<record>.stderr.log', '<record>.json'])(
    'whose process died before %s was written is made whole by resume, and only once',
    async (missing) => {
      const place = given({ config: HELLO })
      await place.run(['run', 'hello'])
      const whole = place.recordNames('hello').map((name) => [name, readFileSync(recordPath(place, name), 'utf8')])
      const stem = recordsOf(place, 'hello')[0]?.replace('.json', '') ?? ''
      rmSync(recordPath(place, missing.replace('<record>', stem)))
      await place.run(['runs', 'resume', place.lastRun()])
      await place.run(['runs', 'resume', place.lastRun()])
      expect(place.recordNames('hello').map((name) => [name, readFileSync(recordPath(place, name), 'utf8')])).toEqual(
        whole,
      )
    },
  )

  test('is an export: when the whole cache was cleared, nothing is lost', async () => {
    const place = given({ config: HELLO })
    await place.run(['run', 'hello'])
    const before = place.recordNames('hello').map((name) => [name, place.recordText('hello', name)])
    rmSync(join(place.home, '.cache'), { recursive: true })
    await place.gives(['status'], { stdout: 'hello - exit=0 duration_ms=<n> start=<time>\n', exit: 0 })
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('out\n')
    await place.run(['rebuild'])
    expect(place.recordNames('hello').map((name) => [name, place.recordText('hello', name)])).toEqual(before)
  })

  test('that cannot be written does not lose the run', async () => {
    const place = given({ config: HELLO })
    mkdirSync(join(place.records, 'runs'), { recursive: true })
    writeFileSync(join(place.records, 'runs/hello'), 'a file where a folder should be')
    const { stderr, exit } = await place.run(['run', 'hello'])
    expect({ stderr, exit }).toEqual({ stderr: expect.stringContaining('cannot be written'), exit: 0 })
    await place.gives(['status'], { stdout: 'hello - exit=0 duration_ms=<n> start=<time>\n', exit: 0 })
  })

  test('and store move together with --state-dir, [state] dir and ORCHASTRATION_STATE_DIR', async () => {
    const place = given({ config: `[state]\ndir = "moved"\n${HELLO}` })
    await place.run(['run', 'hello'])
    const beside = join(dirname(place.configFile), 'moved')
    expect(existsSync(join(beside, 'runs/hello/last.json'))).toBe(true)
    expect(existsSync(join(beside, 'store/store.db'))).toBe(true)
    await place.run(['run', 'hello'], { env: { ORCHASTRATION_STATE_DIR: place.path('by-variable') } })
    expect(place.has('by-variable/runs/hello/last.json')).toBe(true)
    await place.run(['--state-dir', 'by-flag', 'run', 'hello'], {
      env: { ORCHASTRATION_STATE_DIR: place.path('by-variable') },
    })
    expect(place.has('by-flag/runs/hello/last.json')).toBe(true)
    expect(place.has('by-flag/store/store.db')).toBe(true)
    expect(existsSync(place.records)).toBe(false)
  })

  test('lies where the XDG variables say', async () => {
    const place = given({ config: HELLO })
    await place.run(['--config', place.configFile, 'run', 'hello'], {
      env: {
        XDG_CACHE_HOME: place.path('c'),
        XDG_STATE_HOME: place.path('s'),
        XDG_DATA_HOME: place.path('d'),
      },
    })
    expect(place.has('c/orchastration/state/runs/hello/last.json')).toBe(true)
    expect(place.has('c/orchastration/orchastration.log')).toBe(true)
    expect(place.has('s/orchastration/store.db')).toBe(true)
    expect(place.has('d/orchastration/signing-key.pem')).toBe(true)
    expect(existsSync(place.store)).toBe(false)
  })
})
