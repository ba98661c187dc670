import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CONFIG = `[jobs.good]\ncommand = ["true"]
[jobs.bad]\ncommand = ["sh", "-c", "exit 3"]
[jobs.never]\ncommand = ["true"]
[jobs.prepare]\ncommand = ["sh", "-c", "touch ready; until test -e go; do sleep 0.05; done"]
[jobs.long]\ncommand = ["true"]\nneeds = ["prepare"]\n`

const SLOW = `[jobs.slow]\ncommand = ["sleep", "300"]\ntimeout_seconds = 1
[jobs.stopped]\ncommand = ["sh", "-c", "touch ready; sleep 300"]
[jobs.killed]\ncommand = ["sh", "-c", "kill -9 $$"]\n`

describe.skipIf(onWindows)('status', () => {
  test('has columns and words for whoever looks at a terminal, and the runs that are open first', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'good'])
    await place.run(['run', 'bad'])
    const run = place.start(['run', 'long'])
    await until(() => place.has('ready'), 'a first run goes on')
    const terminal = onTerminal(place, ['status', '--color', 'never'])
    expect(await terminal.exit).toBe(0)
    const piped = await place.run(['status'])
    const { jobs } = await place.json(['status'])
    place.write('go', '')
    await run.ended
    const lines = terminal.text().replaceAll('\r', '').split('\n')
    expect(lines.slice(0, 5)).toEqual([
      expect.stringMatching(/^long - running, begun [\d.]+s ago$/),
      `          run: ${place.lastRun()}`,
      `          follow: orchastration runs logs -f ${place.lastRun()}`,
      '',
      expect.stringMatching(/^ {2}FAIL {2}bad {7}[\d.]+s ago +took [\d.]+s, exit 3$/),
    ])
    expect(lines.slice(5)).toEqual([
      expect.stringMatching(/^ {2}ok {4}good {6}[\d.]+s ago +took [\d.]+s$/),
      '  run   long      first run: running',
      '  -     never     never run',
      '  run   prepare   first run: running',
      '',
    ])
    expect(piped.stdout).toMatch(/^bad - exit=3 duration_ms=\d+ start=\S+\ngood - exit=0 .*\nlong - no runs recorded\n/)
    expect(jobs).toContainEqual({ name: 'prepare', in_run: place.lastRun() })
  })

  test('says what ended a job that has no exit code, and that no jobs are there', async () => {
    const place = given({ config: SLOW })
    await place.run(['run', 'slow'])
    const run = place.start(['run', 'stopped'])
    await until(() => place.has('ready'), 'it runs')
    run.signal('SIGINT')
    await run.ended
    await place.run(['run', 'killed'])
    const terminal = onTerminal(place, ['status', '--color', 'never'])
    expect(await terminal.exit).toBe(0)
    expect(terminal.text().replaceAll(/ +[\d.]+s ago +took [\d.]+s/g, '')).toBe(
      '  FAIL  killed, killed by a signal\r\n  FAIL  slow, timed out\r\n  -     stopped, cancelled\r\n',
    )
    place.configure('')
    const empty = onTerminal(place, ['status'])
    expect(await empty.exit).toBe(0)
    expect(empty.text()).toContain('no jobs configured')
  })
})
