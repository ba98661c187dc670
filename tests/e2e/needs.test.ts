import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

/** A job that says when it starts and ends. */
function noting(name: string, more = ''): string {
  return `[jobs.${name}]\ncommand = ["sh", "-c", "echo start ${name} >> ledger; sleep 0.03; echo end ${name} >> ledger"]\n${more}\n`
}

/** Most jobs that the ledger shows at once. */
function mostAtOnce(ledger: readonly string[]): number {
  let now = 0
  return Math.max(
    ...ledger.map((line) => {
      now += line.startsWith('start') ? 1 : -1
      return now
    }),
  )
}

describe.skipIf(onWindows)('needs', () => {
  test('run before the job that needs them, each once', async () => {
    const place = given({
      config: [
        noting('top', 'needs = ["left", "right"]'),
        noting('left', 'needs = ["base"]'),
        noting('right', 'needs = ["base"]'),
        noting('base'),
      ].join(''),
    })
    expect((await place.run(['run', 'top', 'right', 'top'])).exit).toBe(0)
    const ledger = place.lines('ledger')
    expect(ledger.slice(0, 2)).toEqual(['start base', 'end base'])
    expect(ledger.slice(2, 6).sort()).toEqual(['end left', 'end right', 'start left', 'start right'])
    expect(ledger.slice(6)).toEqual(['start top', 'end top'])
  })

  test('a job named twice has one summary line', async () => {
    const place = given({ config: noting('a') })
    expect((await place.run(['run', 'a', 'a'])).stdout).toMatch(/^job=a exit=0 duration_ms=\d+\n$/)
  })

  test('jobs that are ready run at the same time', async () => {
    const meet = (own: string, other: string) =>
      `[jobs.${own}]\ncommand = ["sh", "-c", "touch ${own}; until [ -e ${other} ]; do sleep 0.01; done"]\ntimeout_seconds = 10\n`
    const place = given({ config: `${meet('a', 'b')}${meet('b', 'a')}` })
    expect((await place.run(['run', 'a', 'b', '--jobs', '2'])).exit).toBe(0)
  })

  test.each([1, 2, 3])('never more than --jobs %i run at once', async (jobs) => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const place = given({ config: names.map((name) => noting(name)).join('') })
    expect((await place.run(['run', ...names, '--jobs', String(jobs)])).exit).toBe(0)
    expect(place.lines('ledger')).toHaveLength(12)
    expect(mostAtOnce(place.lines('ledger'))).toBeLessThanOrEqual(jobs)
  })

  test('skip what needs a job that failed, run what does not, and say which it was', async () => {
    const place = given({
      config: [
        '[jobs.broken]\ncommand = ["sh", "-c", "exit 9"]\n',
        noting('middle', 'needs = ["broken"]'),
        noting('top', 'needs = ["middle"]'),
        noting('apart'),
      ].join(''),
    })
    await place.gives(['run', 'top', 'apart', '--jobs', '1', '--keep-going'], {
      stdout: 'job=top exit=1 duration_ms=<n>\njob=apart exit=0 duration_ms=<n>\n',
      stderr: [
        'broken · exit 9 · <t>',
        'apart · ok · <t>',
        'middle · skipped: needs broken',
        'top · skipped: needs middle',
        'all that happened: orchastration runs show <run>\n',
      ].join('\n'),
      exit: 1,
    })
    expect(place.lines('ledger')).toEqual(['start apart', 'end apart'])
    expect(place.recordNames('top')).toEqual([])
    const { stdout } = await place.run(['runs', 'show', place.lastRun()])
    expect(stdout).toMatch(/FAIL {2}broken +0\.0s +exit 9\n/)
    expect(stdout).toMatch(/- +middle +skipped: needs broken\n/)
    expect(stdout).toMatch(/- +top +skipped: needs middle\n/)
    expect(stdout).toMatch(/ok +apart/)
  })

  test('a circle is named, with its place, and nothing runs', async () => {
    const place = given({ config: [noting('a', 'needs = ["b"]'), noting('b', 'needs = ["a"]'), noting('c')].join('') })
    await place.gives(['run', 'c'], {
      stderr: `config.toml: 1 problem, nothing was run

  ~/.config/orchastration/config.toml:3:10
  3 | needs = ["b"]
    |          ^^^ these jobs need each other in a circle: a, b, a
`,
      exit: 2,
    })
    expect(place.has('ledger')).toBe(false)
  })

  test('a job that needs itself is a circle of one', async () => {
    const place = given({ config: noting('a', 'needs = ["a"]') })
    const { stderr, exit } = await place.run(['run', 'a'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('config.toml:3:10') })
  })

  test('a need that is not configured is told with the nearest name', async () => {
    const place = given({ config: [noting('build'), noting('test', 'needs = ["biuld"]')].join('') })
    const { stderr, exit } = await place.run(['run', 'test'])
    expect(exit).toBe(2)
    expect(stderr).toContain('    |          ^^^^^^^ no job "biuld" is configured; did you mean "build"?\n')
  })

  test('a job that is not configured is told with the nearest name', async () => {
    const place = given({ config: [noting('build'), noting('test')].join('') })
    await place.gives(['run', 'tset'], {
      stderr: 'unknown job "tset"; did you mean "test"?\nconfigured: build, test\nall jobs:  orchastration list\n',
      exit: 2,
    })
    expect(place.events()).toEqual([])
  })

  test('one unknown job among several keeps all of them from running', async () => {
    const place = given({ config: noting('build') })
    expect((await place.run(['run', 'build', 'nonsense'])).exit).toBe(2)
    expect(place.has('ledger')).toBe(false)
  })

  test('200 jobs in layers all run once, each after its need', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `j${index}`)
    const config = names
      .map((name, index) => {
        const needs = index < 20 ? '' : `needs = ["j${index - 20}", "j${index - 20 + (index % 20 === 19 ? 0 : 1)}"]\n`
        return `[jobs.${name}]\ncommand = ["sh", "-c", "echo ${name} >> ledger"]\n${needs}`
      })
      .join('')
    const place = given({ config })
    const last = names.slice(-20)
    const { exit, stdout } = await place.run(['run', ...last])
    expect(exit).toBe(0)
    expect(stdout.split('\n')).toHaveLength(21)
    const ledger = place.lines('ledger')
    expect([...ledger].sort()).toEqual([...names].sort())
    for (const [index, name] of names.entries()) {
      if (index >= 20) expect(ledger.indexOf(name)).toBeGreaterThan(ledger.indexOf(`j${index - 20}`))
    }
  })
})
