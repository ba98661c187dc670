import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { Screen } from '../support/screen.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const NUMBERS = Array.from({ length: 30 }, (_, index) => String(index).padStart(2, '0'))
const CONFIG = `${NUMBERS.map((n) => `[jobs.j${n}]\ncommand = ["${n === '22' ? 'false' : 'true'}"]\n`).join('')}
[jobs.all]
command = ["true"]
needs = [${NUMBERS.map((n) => `"j${n}"`).join(', ')}]
`
const SLOW = `[jobs.slow]\ncommand = ["sh", "-c", "touch ready; sleep 300"]\n`

function seen(text: string): string {
  const screen = new Screen(400, 100)
  screen.write(text)
  return screen.text
}

describe.skipIf(onWindows)('a run of very many jobs', () => {
  test('shows those that were skipped for one cause in one row, and what failed last', async () => {
    const place = given({ config: CONFIG })
    const { stderr } = await place.run(['run', 'all', '--jobs', '1'])
    expect(place.tidy(stderr).split('\n').slice(-5)).toEqual([
      '7 jobs · skipped: j22 failed before: j23, j24, j25 and 4 more',
      'all · skipped: needs j22',
      'failed: j22 · exit 1',
      'all that happened: orchastration runs show <run>',
      '',
    ])
    const shown = (await place.run(['runs', 'show', 'all'])).stdout.split('\n')
    expect(shown.filter((line) => line.startsWith('  ok '))).toHaveLength(22)
    expect(shown.slice(-7, -1)).toEqual([
      expect.stringMatching(/^ {2}ok {4}j21 /),
      '  -     7 jobs             skipped: j22 failed before',
      '        j23, j24, j25 and 4 more',
      '  -     all                skipped: needs j22',
      expect.stringMatching(/^ {2}FAIL {2}j22 +[\d.]+m?s +exit 1$/),
      'a job did not succeed: j22; 8 jobs skipped',
    ])
  })

  test('keeps every job in its document', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'all', '--jobs', '1'])
    const { jobs } = await place.json(['runs', 'show', 'all'])
    expect(jobs).toHaveLength(31)
  })

  test('does the same on a terminal', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'all', '--jobs', '1'])
    expect(await terminal.exit).toBe(1)
    const text = seen(terminal.text())
    expect(text).toContain('  -     7 jobs             skipped: j22 failed before\n        j23, j24, j25 and 4 more\n')
    expect(text).not.toMatch(/^ {2}- {5}j2/m)
  })
})

describe.skipIf(onWindows)('a job that a person cancelled', () => {
  test('is called so and is no failure, on a terminal and afterwards', async () => {
    const place = given({ config: SLOW })
    const terminal = onTerminal(place, ['run', 'slow'])
    await until(() => place.has('ready'), 'the job runs')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    const text = seen(terminal.text())
    expect(text).toMatch(/^ {2}- {5}slow +[\d.]+m?s +cancelled$/m)
    expect(text).not.toContain('FAIL')
    const { stdout } = await place.run(['runs', 'show', 'slow', '--color', 'always'])
    expect(stdout).toMatch(/^ {2}- {5}slow +[\d.]+m?s +cancelled$/m)
    expect(stdout).not.toContain('FAIL')
  })

  test('is called so into a pipe, without the colour of a failure', async () => {
    const place = given({ config: SLOW })
    const started = place.start(['run', 'slow', '--color', 'always'])
    await until(() => place.has('ready'), 'the job runs')
    started.signal('SIGINT')
    const { stderr, exit } = await started.ended
    expect(exit).toBe(130)
    expect(stderr).toMatch(/^slow · cancelled · /)
  })
})
