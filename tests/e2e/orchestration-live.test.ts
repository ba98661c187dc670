import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CONFIG = `
[agents.Slow]
command = ["sh", "-c", "echo looking >&2; until test -e go; do :; done; echo '{}'"]
[agents.Bad]
command = ["sh", "-c", "echo trouble >&2; exit 4"]
[agents.Person]
backend = "human"
instructions = "Look at it"
[orchestrations.slow]
agents = ["Slow", "Person"]
[orchestrations.bad]
agents = ["Bad", "Slow"]
[orchestrations.ask]
agents = ["Person", "Bad"]
`

describe.skipIf(onWindows)('an orchestration on a terminal', () => {
  test('shows what each node does, what it writes, and what comes next', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['orchestration', 'run', 'slow'])
    await terminal.until('| looking')
    const rows = terminal.screen().visible
    expect(rows[0]).toMatch(/^slow · 2 nodes · [0-9a-z]{26}$/)
    expect(rows[1]).toMatch(/^ {2}run {3}slow {4}command +[\d.]+s {3}run sh -c echo looking/)
    expect(rows[2]).toBe('        | looking')
    expect(rows[3]).toMatch(/^ {2}- {5}person +after slow$/)
    expect(rows[4]).toBe('  0 of 2 done · 1 at work')
    place.write('go', '')
    await terminal.until('done | failed: ')
    terminal.type('done\n')
    expect(await terminal.exit).toBe(0)
    const seen = terminal.screen()
    expect(seen.text).toMatch(/^ {2}ok {4}slow {4}command +[\d.]+s {3}wrote nothing$/m)
    expect(seen.text).toMatch(/^ {2}ok {4}person {2}human +[\d.]+s {3}done by person:/m)
    expect(seen.text).not.toContain('of 2 done')
  })

  test.each([30, 20])('keeps to %i columns', async (columns) => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['orchestration', 'run', 'slow'], { columns })
    await terminal.until('| looking')
    const screen = terminal.screen()
    // The title is longer than the terminal; what moves is not.
    expect(screen.broken).toBeLessThanOrEqual(2)
    place.write('go', '')
    await terminal.until('done | failed: ')
    terminal.type('done\n')
    expect(await terminal.exit).toBe(0)
  })

  test('says of what a person ended that it was cancelled, and of nothing that it failed', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['orchestration', 'run', 'slow'])
    await terminal.until('| looking')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    const { text } = terminal.screen()
    expect(text).toMatch(/^ {2}- {5}slow {4}command +[\d.]+s {3}cancelled by person:/m)
    expect(text).not.toContain('FAIL')
  })

  test('names the questions that wait while others are at work, with the command that answers them', async () => {
    const place = given({ config: `${CONFIG}[orchestrations.both]\nsteps = [["Slow", "Person"]]\n` })
    const terminal = onTerminal(place, ['orchestration', 'run', 'both', '--no-input'])
    await terminal.until('1 question')
    const rows = terminal.screen().visible
    expect(rows.at(-1)).toBe('  0 of 2 done · 2 at work · 1 question')
    expect(rows.at(-2)).toMatch(
      /^ {2}\? {2}(\d+) {2}person asks: Look at it {3}orchastration answer \1 done \| failed$/,
    )
    place.write('go', '')
    expect(await terminal.exit).toBe(3)
  })

  test('tells in full at the end what failed', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['orchestration', 'run', 'bad'], { env: { NO_COLOR: '1' } })
    expect(await terminal.exit).toBe(1)
    const { text } = terminal.screen()
    expect(text).toMatch(/^ {2}FAIL {2}bad {3}command +[\d.]+s {3}exit 4$/m)
    expect(text).toMatch(/^ {2}- {5}slow +skipped: bad did not succeed$/m)
    expect(text).toMatch(/^bad · sh -c echo trouble >&2; exit 4 · exit 4 after [\d.]+s\n {2}\| trouble$/m)
    expect(terminal.text()).not.toContain('\u001b[3')
  })

  test('goes on where it was left, with the rows of what is done', async () => {
    const place = given({ config: CONFIG })
    place.write('go', '')
    expect((await place.run(['orchestration', 'run', 'slow'])).exit).toBe(3)
    const terminal = onTerminal(place, ['runs', 'resume', 'slow'])
    await terminal.until('done | failed: ')
    expect(terminal.screen().text).toMatch(/^ {2}ok {4}slow {4}command/m)
    terminal.type('done\n')
    expect(await terminal.exit).toBe(0)
  })
})

const ITEMS = `
[[orchestrations.paint.nodes]]
id = "each"
kind = "command"
foreach = ["red", "blue"]
with = { command = ["sh", "-c", "echo painting $1; until test -e go; do :; done; test $1 = red", "paint", "{{item}}"] }
[[orchestrations.paint.nodes]]
id = "after"
kind = "command"
needs = ["each"]
with = { command = ["true"] }
`

test.skipIf(onWindows)(
  'an orchestration that was interrupted says after how many steps, and shows where it was',
  async () => {
    const place = given({ config: CONFIG })
    const run = place.start(['orchestration', 'run', 'slow'])
    await place.untilEvent('step.started')
    await run.crash()
    expect((await place.run(['status'])).stdout).toContain('slow - interrupted after 0 steps (slow in flight')
    const { stdout } = await place.run(['runs', 'show', 'slow'])
    expect(place.tidy(stdout)).toMatch(/^slow · interrupted · <time> · <run>\n {2}run {3}slow {4}Slow {4}command\n/)
    place.write('go', '')
    expect((await place.run(['runs', 'cancel', 'slow'])).exit).toBe(0)
  },
)

describe.skipIf(onWindows)('a node that is done for each of a list', () => {
  test('shows each item with what it writes, and tells in full which of them failed', async () => {
    const place = given({ config: ITEMS })
    const terminal = onTerminal(place, ['orchestration', 'run', 'paint', '--jobs', '2'], { columns: 100 })
    await terminal.until('| painting blue')
    await terminal.until('| painting red')
    const rows = terminal.screen().visible
    expect(rows[1]).toMatch(/^ {2}run {3}each +command +[\d.]+s {3}0 of 2 items done$/)
    expect(rows[2]).toMatch(/^ {2}run {3}each item 1 +command +[\d.]+s {3}run sh -c echo painting \$1/)
    expect(rows[3]).toBe('        | painting red')
    expect(rows[5]).toBe('        | painting blue')
    place.write('go', '')
    expect(await terminal.exit).toBe(1)
    const { text } = terminal.screen()
    expect(text).toMatch(/^ {2}FAIL {2}each item 2 +command +[\d.]+s {3}exit 1$/m)
    expect(text.match(/painting blue$/gm)).toHaveLength(1)
    expect(text).not.toMatch(/\| painting red$/m)
    expect(place.events('step.started').map(({ body }) => (body as { name: string }).name)).toEqual([
      'each[0]',
      'each[1]',
    ])
  })
})

describe.skipIf(onWindows)('an orchestration in a pipe', () => {
  test('is a line a step and a row a node, and what failed in full', async () => {
    const place = given({ config: CONFIG })
    const { stderr, exit } = await place.run(['orchestration', 'run', 'bad'])
    expect(exit).toBe(1)
    expect(place.tidy(stderr)).toBe(
      [
        'bad · 2 nodes · <run>',
        '        bad · run sh -c echo trouble >&2; exit 4 · FAIL · <t> · the command ended with exit code 4 after <t>',
        '  FAIL  bad   Bad   command     <t>   exit 4',
        '  -     slow  Slow                     skipped: bad did not succeed',
        '',
        'bad · sh -c echo trouble >&2; exit 4 · exit 4 after <t>',
        '  | trouble',
        'all that happened: orchastration runs show <run>\n',
      ].join('\n'),
    )
  })

  test('tells with --verbose what commands write as it comes, behind whose it is', async () => {
    const place = given({ config: CONFIG })
    const run = place.start(['orchestration', 'run', 'slow', '--verbose'])
    await until(() => run.stderr.includes('slow | looking\n'), 'what it writes is told while it runs')
    place.write('go', '')
    expect((await run.ended).stderr.match(/^slow \| looking$/gm)).toHaveLength(1)
  })

  test('says with --quiet what failed and what is asked, and nothing else', async () => {
    const place = given({ config: CONFIG })
    const asked = await place.run(['orchestration', 'run', 'ask', '--quiet'])
    expect(place.tidy(asked.stderr)).toMatch(
      /^ {2}\? {2}\d+ {2}person asks: Look at it\n {8}orchastration answer \d+ done \| failed\n$/,
    )
    const failed = await place.run(['orchestration', 'run', 'bad', '--quiet'])
    expect(place.tidy(failed.stderr)).toBe(
      '  FAIL  bad   Bad   command     <t>   exit 4\n\nbad · sh -c echo trouble >&2; exit 4 · exit 4 after <t>\n  | trouble\n',
    )
  })
})
