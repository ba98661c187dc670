import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CONFIG = `[jobs.good]
command = ["sh", "-c", "echo fine; echo fine too >&2"]
[jobs.bad]
command = ["sh", "-c", "echo broken; exit 3"]
[jobs.top]
command = ["true"]
needs = ["bad"]
[jobs.ask]
command = ["true"]
confirm = "Really?"
[jobs.slow]
command = ["sh", "-c", "echo begun; printf half; until test -e go; do sleep 0.02; done; echo ' and whole'"]
[jobs.flaky]
command = ["sh", "-c", "echo try $ORCHASTRATION_ATTEMPT; test $ORCHASTRATION_ATTEMPT = 2"]
retry = { attempts = 2, backoff = "1ms" }
`

describe.skipIf(onWindows)('--quiet', () => {
  test('says nothing where all is well, and answers as ever', async () => {
    const place = given({ config: CONFIG })
    await place.gives(['run', 'good', '-q'], { stdout: 'job=good exit=0 duration_ms=<n>\n', exit: 0 })
    for (const command of [
      ['list'],
      ['status'],
      ['runs', 'list'],
      ['runs', 'show', 'good'],
      ['runs', 'logs', 'good'],
      ['verify'],
    ]) {
      const [quiet, usual] = [await place.run([...command, '--quiet']), await place.run(command)]
      expect(quiet).toEqual({ ...usual, stderr: '' })
    }
  })

  test('shows what failed, whole, and none of what did not', async () => {
    await given({ config: CONFIG }).gives(['run', 'good', 'top', '--quiet', '--keep-going'], {
      stdout: 'job=good exit=0 duration_ms=<n>\njob=top exit=1 duration_ms=<n>\n',
      stderr: 'bad · exit 3 · <t>\nbroken\n',
      exit: 1,
    })
  })

  test('shows a question, without which nobody would know what it waits for', async () => {
    const { stderr, exit } = await given({ config: CONFIG }).run(['run', 'ask', '--quiet'])
    expect({ stderr, exit }).toEqual({
      stderr: '  ?  1  ask asks: Really?\n        orchastration answer 1 yes | no\n',
      exit: 3,
    })
  })

  test('tells mistakes', async () => {
    const { stderr, exit } = await given({ config: CONFIG }).run(['run', 'nope', '--quiet'])
    expect({ stderr, exit }).toEqual({ stderr: expect.stringContaining('unknown job "nope"'), exit: 2 })
  })

  test('has nothing that moves on a terminal', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'bad', '--quiet'])
    expect(await terminal.exit).toBe(3)
    expect(
      place
        .tidy(terminal.text())
        .replaceAll('\r', '')
        .replace(/.\[\d+m/g, ''),
    ).not.toContain('\u001b')
    expect(terminal.text()).toContain('broken')
  })
})

describe.skipIf(onWindows)('--verbose', () => {
  test('tells of a run each event and each line as it comes, and where things lie', async () => {
    const place = given({ config: CONFIG })
    const started = place.start(['run', 'slow', '--verbose'])
    await until(() => started.stderr.includes('slow | begun\n'), 'the first line is told')
    expect(started.stderr).not.toContain('half')
    expect(started.stderr).toMatch(/ step\.started +#1 slow/)
    place.write('go', '')
    const { stderr, stdout, exit } = await started.ended
    expect({ stdout: place.tidy(stdout), exit }).toEqual({ stdout: 'job=slow exit=0 duration_ms=<n>\n', exit: 0 })
    const lines = place.tidy(stderr).split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'configuration  ~/.config/orchastration/config.toml',
      'store          ~/.local/state/orchastration',
      'records        ~/.cache/orchastration/state',
      'log file       ~/.cache/orchastration/orchastration.log',
    ])
    expect(lines.filter((line) => line.startsWith('slow | '))).toEqual(['slow | begun', 'slow | half and whole'])
    expect(lines.filter((line) => /^ +\d+ {2}/.test(line))).toHaveLength(place.events().length - 1)
    expect(lines.at(-2)).toMatch(/^exit 0 after \d+ ms$/)
  })

  test('tells both starts of a job that is tried again, each once', async () => {
    const { stderr } = await given({ config: CONFIG }).run(['run', 'flaky', '-v'])
    expect(stderr.split('\n').filter((line) => line.startsWith('flaky | '))).toEqual(['flaky | try 1', 'flaky | try 2'])
  })

  test('tells whole lines of very much output, none twice', async () => {
    const config = '[jobs.much]\ncommand = ["sh", "-c", "seq 1 100000; seq 1 50000 >&2"]\n'
    const { stderr } = await given({ config }).run(['run', 'much', '-v'])
    const told = stderr.split('\n').filter((line) => line.startsWith('much | '))
    expect(told.length).toBe(150_000)
    expect(new Set(told).size).toBe(100_000)
  })

  test.each([[['list']], [['status']], [['runs', 'list']], [['verify']], [['man']], [['schema', 'run']]])(
    'of %s says where things lie or how long it took, and answers the same',
    async (command) => {
      const place = given({ config: CONFIG })
      await place.run(['run', 'good'])
      const [verbose, usual] = [await place.run([...command, '--verbose']), await place.run(command)]
      expect(verbose.stdout).toBe(usual.stdout)
      expect(verbose.stderr).toMatch(/exit 0 after \d+ ms\n$/)
    },
  )

  test('leaves the answer one document', async () => {
    const { stdout, stderr } = await given({ config: CONFIG }).run(['run', 'good', '--verbose', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded' })
    expect(stderr).toMatch(/exit 0 after \d+ ms\n$/)
  })

  test('is not heard beside --quiet', async () => {
    const { stderr } = await given({ config: CONFIG }).run(['run', 'good', '--verbose', '--quiet'])
    expect(stderr).toBe('')
  })
})

describe.skipIf(onWindows)('--no-input', () => {
  test('asks nothing on a terminal either', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'ask', '--no-input'])
    expect(await terminal.exit).toBe(3)
    expect(terminal.text()).toContain('orchastration answer 1 yes | no')
    expect(terminal.text()).not.toContain('yes | no: ')
    await place.run(['runs', 'cancel', 'ask'])
  })
})
