import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CANARY = 'canary-4f1d9c'
const CONFIG = `[jobs.sing]
command = ["sh", "-c", "echo ${CANARY}-out $0; echo ${CANARY}-err $0 >&2", "${CANARY}-argument"]
env = { SONG = "${CANARY}-variable" }
[jobs.hello]
command = ["echo", "hello"]
[jobs.unlike]
command = ["sh", "-c", "echo $$; exit 7"]
[jobs.asks]
command = ["true"]
confirm = "${CANARY}-question?"
[jobs.slow]
command = ["sh", "-c", "until test -e go; do sleep 0.01; done; echo hello"]
`

/** The files below a folder that hold the text, in whatever bytes. */
function holders(folder: string, text: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))
}

const runIds = (place: TestPlace) => place.events('run.queued').map(({ run }) => run)
const erasedIds = (place: TestPlace) =>
  place.query(`SELECT run_id FROM events WHERE type = 'run.erased' ORDER BY seq`).map((row) => String(row['run_id']))
const bodies = (place: TestPlace, run: string) =>
  Number(
    place.query(
      `SELECT count(*) AS n FROM events WHERE run_id = '${run}' AND type <> 'run.erased' AND body IS NOT NULL`,
    )[0]?.['n'],
  )

describe.skipIf(onWindows)('runs prune', () => {
  test('leaves nothing of what a run said on the disk, and says what it does not reach', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'sing'])
    await place.run(['run', 'asks'])
    await place.run(['answer', '1', 'no'])
    await place.settled()
    expect(holders(place.store, CANARY).length).toBeGreaterThan(2)
    expect(holders(place.records, CANARY).length).toBeGreaterThan(1)
    const { stdout, stderr, exit } = await place.run(['runs', 'prune', 'sing', 'asks', '--yes'])
    expect({ exit, stdout: place.tidy(stdout) }).toEqual({
      exit: 0,
      stdout: expect.stringMatching(
        /^<run> {2}succeeded {2}sing .*named\n<run> .*asks .*\nerased runs=2 events=\d+ bytes=\d+\n$/,
      ),
    })
    expect(stderr).toContain(
      `not reached: the configuration, exports, backups, snapshots of the file system, and the log file ${place.logFile}`,
    )
    expect(holders(place.store, CANARY)).toEqual([])
    expect(holders(place.records, CANARY)).toEqual([])
    expect(place.recordNames('sing')).toEqual([])
    expect(existsSync(join(place.store, 'erasing.begun'))).toBe(false)
    expect(statSync(join(place.store, 'store.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('empties the caches: no plan, configuration or name of a file keeps what was said', async () => {
    const place = given({
      config: `[jobs.sing]\ncommand = ["true"]\ndescription = "${CANARY}-text"\nparams.p = {}\ninputs = ["${CANARY}-*"]\noutputs = ["out"]\n`,
      files: { [`${CANARY}-file`]: '', out: '' },
    })
    await place.run(['run', 'sing', '--param', `p=${CANARY}-value`, '--plan'])
    await place.run(['run', 'sing', '--param', `p=${CANARY}-value`])
    const cache = join(place.home, '.cache/orchastration')
    for (const folder of ['config', 'plans', 'files']) expect(holders(join(cache, folder), CANARY)).not.toEqual([])
    const foreign = join(cache, 'plans', 'notes.txt')
    writeFileSync(foreign, 'not ours')
    await place.settled()
    const { exit, stderr } = await place.run(['runs', 'prune', 'sing', '--yes'])
    expect(exit).toBe(0)
    expect(stderr).toContain('caches were emptied; ')
    const left = [cache, place.store, place.keys].flatMap((folder) => holders(folder, CANARY))
    expect(left.filter((path) => path !== place.logFile)).toEqual([])
    expect(existsSync(foreign)).toBe(true)
    expect((await place.run(['list'])).stdout).toContain('sing')
  })

  test('leaves a run that is shown as erased and gives nothing else', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'unlike'])
    const run = place.lastRun()
    await place.run(['runs', 'prune', run, '--yes'])
    await place.gives(['status'], {
      stdout: expect.stringMatching(/unlike - exit=7 duration_ms=<n> start=<time>/),
      exit: 0,
    })
    const listed = await place.run(['runs', 'list'])
    expect(listed.stdout).toMatch(/^[0-9a-z]{26} {2}failed {7}unlike .* erased\n$/)
    const shown = await place.run(['runs', 'show', run])
    expect(place.tidy(shown.stdout)).toMatch(
      /^unlike · failed after <t> · <time> · <run>\n {2}FAIL {2}unlike .* exit 7\nerased: what 5 events said, by person:\S+ at <time> in event 7\n$/,
    )
    for (const command of [
      ['runs', 'logs', run],
      ['runs', 'resume', run],
      ['runs', 'retry', run],
    ]) {
      const { exit, stdout, stderr } = await place.run(command)
      expect({ command, exit, stdout }).toEqual({ command, exit: 2, stdout: '' })
      expect(stderr).toMatch(/^what run [0-9a-z]{26} did was erased\nby person:\S+ at .*, in event 7\n/)
    }
    const events = await place.run(['runs', 'events', run])
    expect(events.exit).toBe(0)
    expect(events.stdout).toMatch(/^ +7 .* run\.erased .*\n$/)
    const verified = await place.run(['verify', '--run', run])
    expect(verified.exit).toBe(0)
    expect(verified.stdout).toMatch(
      /\nerased: what 5 events of run [0-9a-z]{26} said, by person:\S+ at 2\S+Z in event 7\n/,
    )
    expect((await place.run(['runs', 'wait', run])).exit).toBe(1)
    await place.run(['runs', 'export', run, '--output', 'run.jsonl'])
    expect((await place.run(['verify', 'run.jsonl'])).exit).toBe(0)
    expect((await place.run(['rebuild'])).exit).toBe(0)
    expect((await place.run(['verify'])).exit).toBe(0)
    expect((await place.run(['runs', 'list'])).stdout).toBe(listed.stdout)
  })

  test('keeps an output that a kept run has, too, and removes it with the last of them', async () => {
    const place = given({ config: CONFIG })
    for (let time = 0; time < 3; time++) await place.run(['run', 'hello'])
    const [first = '', second = '', third = ''] = runIds(place)
    await place.run(['runs', 'prune', first, '--yes'])
    expect(holders(join(place.store, 'artifacts'), 'hello')).toHaveLength(1)
    expect((await place.run(['runs', 'logs', second])).stdout).toBe('hello\n')
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
    await place.run(['runs', 'prune', second, third, '--yes'])
    expect(holders(join(place.store, 'artifacts'), 'hello')).toEqual([])
    expect(place.recordNames('hello')).toEqual([])
  })

  test('keeps the last end of each job and last.json where rules choose, and takes them by name', async () => {
    const place = given({ config: CONFIG })
    for (let time = 0; time < 3; time++) await place.run(['run', 'hello'])
    const [first, second, third = ''] = runIds(place)
    const { stdout, stderr, exit } = await place.run(['runs', 'prune', '--keep', '0', '--yes'])
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/erased runs=2 events=10 bytes=\d+\n$/) })
    expect(stderr).toContain('kept for the last end of a job: 1 run; name one to erase it')
    expect(erasedIds(place)).toEqual([first, second])
    expect(place.recordNames('hello')).toContain('last.json')
    expect(bodies(place, third)).toBeGreaterThan(0)
    await place.run(['runs', 'prune', third, '--yes'])
    expect(place.recordNames('hello')).toEqual([])
    expect((await place.run(['status'])).stdout).toMatch(/hello - exit=0/)
  })

  test('chooses by age, by number of each name and by bytes, of one job where it is told so', async () => {
    const place = given({ config: CONFIG })
    for (const job of ['hello', 'sing', 'hello', 'sing', 'hello']) await place.run(['run', job])
    const dry = async (...rules: readonly string[]) =>
      (await place.json(['runs', 'prune', ...rules, '--dry-run']))['runs'] as readonly {
        name: string
        reason: object
      }[]
    expect((await dry('--older-than', '0s')).map(({ name }) => name)).toEqual(['hello', 'sing', 'hello'])
    expect(await dry('--older-than', '1d')).toEqual([])
    expect((await dry('--keep', '2')).map(({ name, reason }) => [name, reason])).toEqual([
      ['hello', { kind: 'keep', keep: 2 }],
    ])
    expect((await dry('--keep', '1', '--job', 'sing')).map(({ name }) => name)).toEqual(['sing'])
    expect((await dry('--max-size', '0B')).map(({ name }) => name)).toEqual(['hello', 'sing', 'hello'])
    expect(await dry('--max-size', '1G')).toEqual([])
    expect(erasedIds(place)).toEqual([])
    expect((await place.run(['runs', 'prune', '--keep', '1', '--dry-run'])).stdout).toMatch(
      /^([0-9a-z]{26} .*\n){3}would erase runs=3 /,
    )
  })

  test('uses [retention] where nothing is asked for, and says what to give where there is none', async () => {
    const place = given({ config: CONFIG })
    for (let time = 0; time < 2; time++) await place.run(['run', 'hello'])
    const { exit, stderr } = await place.run(['runs', 'prune', '--yes'])
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('a run, --older-than, --keep or --max-size, or [retention] in the configuration'),
    })
    place.configure(`${CONFIG}\n[retention]\nkeep = 1\nolder_than = "90d"\nmax_size = "1GB"\n`)
    expect((await place.run(['runs', 'prune', '--yes'])).stdout).toMatch(/erased runs=1 /)
  })

  test.each([
    ['--older-than', 'yesterday', 'a duration such as 30d'],
    ['--keep', 'some', 'a whole number'],
    ['--keep', '-1', 'a whole number'],
    ['--max-size', '10', 'a size such as 500MB or 1G'],
  ])('refuses %s %s', async (flag, value, expected) => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const { exit, stderr } = await place.run(['runs', 'prune', flag, value, '--yes'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(expected) })
  })

  test('erases nothing where nobody can be asked and nobody said yes', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const { exit, stderr } = await place.run(['runs', 'prune', 'hello'])
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('was not confirmed; nothing was done'),
    })
    expect(erasedIds(place)).toEqual([])
    expect(existsSync(join(place.store, 'erasing.begun'))).toBe(false)
  })

  test('refuses a run that is not over, one that is not there, and names beside rules', async () => {
    const place = given({ config: CONFIG })
    expect((await place.run(['run', 'asks'])).exit).toBe(3)
    expect((await place.run(['runs', 'prune', 'asks', '--yes'])).stderr).toMatch(
      /is not over, so it can neither be erased nor undone: waiting/,
    )
    expect((await place.run(['runs', 'prune', 'nope', '--yes'])).exit).toBe(2)
    expect((await place.run(['runs', 'prune', 'asks', '--keep', '1', '--yes'])).exit).toBe(2)
    expect((await place.run(['runs', 'prune', '--keep', '0', '--yes'])).stderr).toContain('kept: 1 run not over')
    expect(erasedIds(place)).toEqual([])
    await place.run(['runs', 'cancel', 'asks'])
  })

  test('has nothing to do where nothing was ever run', async () => {
    const place = given({ config: CONFIG })
    await place.gives(['runs', 'prune', '--keep', '1', '--yes'], {
      stdout: 'erased runs=0 events=0 bytes=0\n',
      exit: 0,
    })
  })

  test('ends what an interrupted one began, also where only the end was never told', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'sing'])
    writeFileSync(join(place.store, 'erasing.begun'), '')
    const { exit, stdout } = await place.run(['runs', 'prune', '--keep', '9', '--yes'])
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'erased runs=0 events=0 bytes=0\n' })
    expect(existsSync(join(place.store, 'erasing.begun'))).toBe(false)
  })

  test('does not take away what a step that goes on has just written alike', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const hello = place.lastRun()
    const slow = place.start(['run', 'slow'])
    await place.untilEvent('step.started', 2)
    await until(
      () =>
        readdirSync(join(place.store, 'running'), { recursive: true }).some((name) => String(name).endsWith('.stdout')),
      'its output is open',
    )
    expect((await place.run(['runs', 'prune', hello, '--yes'])).exit).toBe(0)
    expect(holders(join(place.store, 'artifacts'), 'hello')).toEqual([])
    place.write('go', '')
    expect((await slow.ended).exit).toBe(0)
    expect((await place.run(['runs', 'logs', 'slow'])).stdout).toBe('hello\n')
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('asks on a terminal', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const answered = async (answer: string) => {
      const session = onTerminal(place, ['runs', 'prune', 'hello'])
      await session.until('Erase this for good? yes | no: ')
      session.type(`${answer}\r`)
      return { exit: await session.exit, text: session.text() }
    }
    expect((await answered('no')).exit).toBe(2)
    expect((await answered('\u0004')).exit).toBe(2)
    expect((await answered('\u0003')).exit).toBe(2)
    expect(erasedIds(place)).toEqual([])
    const { exit, text } = await answered('yes')
    expect({ exit, text }).toEqual({ exit: 0, text: expect.stringContaining('erased runs=1 events=5') })
    expect(erasedIds(place)).toHaveLength(1)
  })
})
