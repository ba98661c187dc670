import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const GATES = `[jobs.gate]
command = ["sh", "-c", "until [ -e go ]; do sleep 0.01; done"]

[jobs.bad]
command = ["sh", "-c", "until [ -e go ]; do sleep 0.01; done; exit 7"]

[jobs.ask]
command = ["true"]
confirm = "Really?"

[jobs.slow]
command = ["sh", "-c", "until [ -e go ]; do sleep 0.01; done; sleep 60"]
timeout_seconds = 1
`

describe.skipIf(onWindows)('runs wait', () => {
  test('ends when a run that another process executes ends, and as that run ended', async () => {
    const place = given({ config: GATES })
    await place.run(['run', 'bad', '--detach'])
    const waiting = place.start(['runs', 'wait', place.lastRun()])
    await place.untilEvent('step.started')
    expect(waiting.hasEnded).toBe(false)
    place.write('go', '')
    const { stdout, stderr, exit } = await waiting.ended
    expect({ stdout, stderr, exit }).toEqual({ stdout: `run=${place.lastRun()} status=failed\n`, stderr: '', exit: 7 })
  })

  test('of a run that is over ends at once, with the exit code that `run` had', async () => {
    const place = given({ config: GATES, files: { go: '' } })
    for (const job of ['gate', 'bad', 'slow']) {
      const { exit } = await place.run(['run', job])
      await place.gives(['runs', 'wait', job], { stdout: expect.stringMatching(/^run=<run> status=/), exit })
    }
  })

  test('of several exits with 1 where one failed, and with 0 where all are well; a run named twice is one', async () => {
    const place = given({ config: GATES, files: { go: '' } })
    for (const job of ['gate', 'bad']) await place.run(['run', job])
    const [gate, bad] = [place.lastRunOf('gate'), place.lastRunOf('bad')]
    await place.gives(['runs', 'wait', 'gate', 'bad', gate], {
      stdout: 'run=<run> status=succeeded\nrun=<run> status=failed\n',
      exit: 1,
    })
    await place.gives(['runs', 'wait', 'gate', gate], { stdout: 'run=<run> status=succeeded\n', exit: 0 })
    const document = await place.json(['runs', 'wait', gate, bad])
    expect(document).toEqual({
      schema: 'orchastration.runs-wait/1',
      exit: 1,
      because: 'ended',
      runs: [
        { run: gate, name: 'gate', status: 'succeeded', interrupted: false, exit: 0, questions: [], failure: null },
        expect.objectContaining({ run: bad, exit: 7, failure: expect.objectContaining({ code: 'command_failed' }) }),
      ],
    })
  })

  test('gives up with 124 when its time is up, and the run goes on', async () => {
    const place = given({ config: GATES })
    await place.run(['run', 'gate', '--detach'])
    await place.untilEvent('step.started')
    await place.gives(['runs', 'wait', 'gate', '--timeout', '50ms'], {
      stdout: 'run=<run> status=running\n',
      stderr: 'goes on elsewhere: orchastration runs logs -f <run>\n',
      exit: 124,
    })
    place.write('go', '')
    await place.gives(['runs', 'wait', 'gate', '--timeout', '1m'], { stdout: 'run=<run> status=succeeded\n', exit: 0 })
  })

  test('waits for a person, too, and says what is asked', async () => {
    const place = given({ config: GATES })
    expect((await place.run(['run', 'ask'])).exit).toBe(3)
    const waiting = place.start(['runs', 'wait', 'ask'])
    await until(() => waiting.stderr.includes('answer 1 yes | no'), 'the question is told')
    await place.run(['answer', '1', 'yes'])
    const { stdout, stderr, exit } = await waiting.ended
    expect({ stdout: place.tidy(stdout), stderr, exit }).toEqual({
      stdout: 'run=<run> status=succeeded\n',
      stderr: expect.stringMatching(/^ {2}\? {2}1 {2}ask asks: Really\?\n {8}orchastration answer 1 yes \| no\n/),
      exit: 0,
    })
  })

  test('--no-questions ends with 3 where only people can help, and not while something else goes on', async () => {
    const place = given({ config: GATES })
    await place.run(['run', 'ask'])
    await place.run(['run', 'gate', '--detach'])
    await place.untilEvent('step.started')
    const both = place.start(['runs', 'wait', 'ask', 'gate', '--no-questions', '--json'])
    const { exit, stdout } = await place.run(['runs', 'wait', 'ask', '--no-questions'])
    expect({ exit, stdout: place.tidy(stdout) }).toEqual({ exit: 3, stdout: 'run=<run> status=waiting\n' })
    expect(both.hasEnded).toBe(false)
    place.write('go', '')
    const ended = await both.ended
    expect({ exit: ended.exit, ...JSON.parse(ended.stdout) }).toMatchObject({
      exit: 3,
      because: 'people',
      runs: [
        { status: 'waiting', exit: null, questions: [{ number: 1 }] },
        { status: 'succeeded', exit: 0 },
      ],
    })
  })

  test('says that the process of a run died meanwhile; nothing is committed when that happens', async () => {
    const place = given({ config: GATES })
    const running = place.start(['run', 'gate'])
    await place.untilEvent('step.started')
    const waiting = place.start(['runs', 'wait', 'gate'])
    const giving = place.start(['runs', 'wait', 'gate', '--no-questions'])
    await running.crash()
    expect((await giving.ended).exit).toBe(3)
    await until(() => waiting.stderr.includes(`runs resume ${place.lastRun()}`), 'the crash is told')
    place.write('go', '')
    await place.run(['runs', 'resume', 'gate'])
    expect((await waiting.ended).exit).toBe(0)
  })

  test('says that nobody serves a run whose time has come', async () => {
    const place = given({
      config: GATES.replace('"Really?"', '{ question = "?", timeout = "1d", otherwise = "yes" }'),
    })
    await place.run(['run', 'ask'])
    // As if the day were over.
    place.tamper('UPDATE runs SET ready_at = 1')
    const waiting = place.start(['runs', 'wait', 'ask'])
    await until(() => waiting.stderr.includes(`work --run ${place.lastRun()}`), 'it is told')
    expect((await place.run(['runs', 'cancel', 'ask'])).exit).toBe(0)
    expect((await waiting.ended).exit).toBe(130)
  })

  test('refuses an unknown run, a time without a unit, and no run at all, before it waits', async () => {
    const place = given({ config: GATES, files: { go: '' } })
    expect((await place.run(['runs', 'wait', 'x'])).exit).toBe(2)
    await place.run(['run', 'gate'])
    expect(await place.run(['runs', 'wait', 'gate', 'nope'])).toMatchObject({ exit: 2, stdout: '' })
    const bare = await place.run(['runs', 'wait', 'gate', '--timeout', '10'])
    expect(bare).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('"10" cannot be used; expected is a duration'),
    })
    expect((await place.run(['runs', 'wait'])).exit).toBe(2)
  })

  test('leaves the runs alone when it is interrupted', async () => {
    const place = given({ config: GATES })
    await place.run(['run', 'gate', '--detach'])
    await place.untilEvent('step.started')
    const waiting = place.start(['runs', 'wait', 'gate'])
    await place.json(['runs', 'list'])
    waiting.signal('SIGINT')
    await waiting.ended
    expect(place.events('run.cancel_requested')).toEqual([])
    place.write('go', '')
    await place.untilStatus('succeeded')
  })
})
