import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const CONFIG = `
[jobs.build]
command = ["sh", "-c", "exit 3"]
[jobs.test]
command = ["true"]
needs = ["build"]
[jobs.ship]
command = ["true"]
needs = ["test"]
[jobs.apart]
command = ["true"]
[jobs.ask]
command = ["true"]
confirm = "Sure?"
[jobs.slow]
command = ["sleep", "600"]
timeout_seconds = 1
[jobs.again]
command = ["false"]
retry = { attempts = 2, backoff = "1h" }
[jobs.never]
command = ["true"]
`

async function why(place: TestPlace, ...args: string[]): Promise<readonly string[]> {
  const { stdout, exit } = await place.run(['why', ...args])
  expect(exit).toBe(0)
  return place.tidy(stdout).split('\n').slice(0, -1)
}

describe.skipIf(onWindows)('why', () => {
  test('a job failed: its own end, and what would have been a success', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'build'])
    expect(await why(place, 'build')).toEqual([
      'build failed in run <run>, <time>',
      'because the command ended with exit code 3 after <t>',
      'It would have succeeded with exit code 0, or with allow_exit = [3].',
    ])
  })

  test('a job was skipped: the job at the root of it', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'ship'])
    expect(await why(place, 'ship')).toEqual([
      'ship was skipped in run <run>, <time>',
      'because it needs test, which did not succeed; at its root is build: the command ended with exit code 3 after <t>',
      'It would have run, had build succeeded: orchastration why <run> build',
    ])
    // Of the run as a whole, the job that failed decides.
    expect((await why(place, place.lastRun()))[0]).toBe('build failed in run <run>, <time>')
  })

  test('a job was skipped for a need that a failure elsewhere kept from beginning', async () => {
    const place = given({
      config: `[jobs.bad]\ncommand = ["false"]\n[jobs.late]\ncommand = ["true"]\n[jobs.all]\nneeds = ["bad", "late"]\ncommand = ["true"]\n[jobs.top]\nneeds = ["late"]\ncommand = ["true"]\n`,
    })
    await place.run(['run', 'bad', 'top', 'all', '--jobs', '1'])
    expect((await why(place, 'top'))[1]).toMatch(/^because it needs late, which did not succeed; at its root is bad: /)
    expect((await why(place, 'all'))[1]).toMatch(
      /^because it needs bad, which did not succeed; at its root is bad|^because it needs bad, which did not succeed: /,
    )
  })

  test('a job was not begun after a failure', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'build', 'apart', '--jobs', '1'])
    expect((await why(place, 'apart')).slice(1)).toEqual([
      'because build had failed before, and a run begins nothing more after a failure: the command ended with exit code 3 after <t>',
      'It would have run with --keep-going.',
    ])
  })

  test('a job ran: who asked for it, or what needed it', async () => {
    const place = given({ config: CONFIG.replace('exit 3', 'exit 0') })
    await place.run(['run', 'ship'])
    expect((await why(place, 'ship'))[1]).toMatch(/^because person:\S+ asked for it$/)
    expect((await why(place, 'test'))[1]).toBe('because ship, which ran after it, needs it')
  })

  test('a job waits for an answer, and how to give it', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'ask'])
    expect((await why(place, 'ask')).slice(1)).toEqual([
      'because question 1 is open since <time>: Sure?',
      'It goes on with: orchastration answer 1 yes | no',
    ])
    await place.run(['answer', '1', 'no'])
    await place.settled()
    expect((await why(place, 'ask'))[1]).toMatch(/^because person:\S+ answered "Sure\?" with no, <time>$/)
  })

  test('a job ran out of time', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'slow'])
    expect((await why(place, 'slow')).at(-1)).toBe('It would have gone on with timeout_seconds above 1.')
  })

  test('a job waits for its next try', async () => {
    const place = given({ config: CONFIG })
    const run = place.start(['run', 'again'])
    await place.untilEvent('run.waiting')
    expect((await why(place, 'again'))[1]).toMatch(
      /^because its last try failed \(.*exit code 1.*\), and attempt 2 is due in [0-9ms]+$/,
    )
    run.signal('SIGTERM')
    await run.ended
  })

  test('a run is interrupted, and how it goes on', async () => {
    const place = given({ config: CONFIG.replace('timeout_seconds = 1', '') })
    const run = place.start(['run', 'slow'])
    await place.untilEvent('step.started')
    await run.crash()
    expect(await why(place, place.lastRun())).toEqual([
      'slow is interrupted in run <run>, <time>',
      'because the process that executed it is gone; slow was in flight, not idempotent',
      'It goes on with: orchastration runs resume <run>',
    ])
    await place.run(['runs', 'cancel', 'slow'])
    expect(await why(place, 'slow')).toEqual([
      'slow was cancelled in run <run>, <time>',
      expect.stringMatching(/^because person:.* cancelled the run before it ended, <time>$/),
      'It starts anew with: orchastration run slow',
    ])
  })

  test('a person ended a job, and how it starts anew', async () => {
    const place = given({ config: CONFIG.replace('timeout_seconds = 1', '') })
    const run = place.start(['run', 'slow'])
    await place.untilEvent('step.started')
    await place.run(['runs', 'cancel', 'slow'])
    await run.ended
    expect(await why(place, 'slow')).toEqual([
      'slow was cancelled in run <run>, <time>',
      expect.stringMatching(/^because it was cancelled by person:/),
      'It starts anew with: orchastration run slow',
    ])
  })

  test('a job need not run, or why it had to', async () => {
    const place = given({
      config: `[jobs.copy]\ncommand = ["cp", "in", "out"]\ninputs = ["in"]\noutputs = ["out"]\n`,
      files: { in: 'a' },
    })
    await place.run(['run', 'copy'])
    expect((await why(place, 'copy'))[1]).toBe('because no success of it is recorded')
    await place.run(['run', 'copy'])
    expect(await why(place, 'copy')).toEqual([
      'copy is up to date and did not run in run <run>, <time>',
      'because 1 input and 1 output are unchanged since it succeeded in run <run>',
      'It would have run, had one of them or its definition been changed, or with --force.',
    ])
    place.write('in', 'b')
    await place.run(['run', 'copy'])
    expect((await why(place, 'copy')).slice(1)).toEqual([
      'because inputs changed since run <run>: in',
      'It would not have run, had they been as before.',
    ])
  })

  test('a job did not run at a time', async () => {
    const place = given({ config: CONFIG })
    expect(await why(place, 'never')).toEqual([
      'never has never run',
      'because nobody ever asked for it',
      'It runs with: orchastration run never',
    ])
    await place.run(['run', 'apart'])
    const lines = await why(place, 'apart', '--at', '2d ago')
    expect(lines[0]).toBe('apart did not run then')
    expect(lines[1]).toMatch(/^because nobody had asked for it: no run of it is recorded before, the next one <run> /)
  })

  test('names the nearest where nothing is called so', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'apart'])
    expect(await place.run(['why', 'aprt'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('"apart"') })
    expect(await place.run(['why', 'apart', '--at', 'noon'])).toMatchObject({ exit: 2 })
  })
})

const GRAPH = `
[[orchestrations.release.nodes]]
id = "build"
kind = "command"
with = { command = ["sh", "-c", "echo built; test -e good"] }
[[orchestrations.release.nodes]]
id = "sign"
kind = "human"
needs = ["build"]
with = { text = "Sign it?" }
[[orchestrations.release.nodes]]
id = "ship"
kind = "command"
needs = ["sign"]
with = { command = ["true"] }
[[orchestrations.release.nodes]]
id = "notes"
kind = "command"
when = 'goal == "loud"'
with = { command = ["true"] }
`

describe.skipIf(onWindows)('why, of an orchestration', () => {
  test('names the node whose failure is the run’s, and what that kept from beginning', async () => {
    const place = given({ config: GRAPH })
    await place.run(['orchestration', 'run', 'release', '--goal', 'ship'])
    expect(await why(place, 'release')).toMatchObject([
      expect.stringMatching(/^build failed in run <run>, <time>$/),
      expect.stringMatching(/^because .*exit code 1/),
      expect.any(String),
    ])
    expect((await why(place, 'release', 'ship')).slice(0, 3)).toMatchObject([
      expect.stringMatching(/^ship was skipped in run/),
      expect.stringMatching(/^because it needs sign, which did not succeed; at its root is build/),
      expect.stringMatching(/^It would have run, had build succeeded: orchastration why <run> build$/),
    ])
    expect((await why(place, 'release', 'notes'))[1]).toContain('goal == "loud"')
    const { exit, stderr } = await place.run(['why', 'release', 'shipp'])
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('did you mean "ship"?') })
  })

  test('says who is waited for, and who asked for what succeeded', async () => {
    const place = given({ config: GRAPH, files: { good: '' } })
    await place.run(['orchestration', 'run', 'release', '--goal', 'ship'])
    expect((await why(place, 'release'))[1]).toMatch(/question \d+ is open since <time>: Sign it\?/)
    expect((await why(place, 'release', 'ship'))[1]).toBe('because it needs sign, which has not ended')
    expect((await why(place, 'release', 'build'))[1]).toMatch(/^because person:\S+ asked for it$/)
    const number = /^(\d+)/m.exec((await place.run(['inbox'])).stdout)?.[1] ?? ''
    await place.run(['answer', number, 'yes'])
    await place.run(['work', '--once'])
    await place.settled()
    expect((await why(place, 'release'))[0]).toMatch(/^release ran and succeeded in run/)
  })
})
