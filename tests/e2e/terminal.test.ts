import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { Screen } from '../support/screen.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const ESCAPE = '\u001b['
const ESCAPE_PATTERN = ESCAPE.replace('[', '\\[')
const CONFIG = `[jobs.build]
command = ["true"]
[jobs.test]
command = ["sh", "-c", "for n in $(seq 30); do echo line $n; done; exit 1"]
needs = ["build"]
[jobs.package]
command = ["true"]
needs = ["test"]
[jobs.slow]
command = ["sh", "-c", "touch ready; sleep 300"]
[jobs.ask]
command = ["echo", "asked"]
confirm = "deploy?"
`

const COLOR = new RegExp(`${ESCAPE_PATTERN}[0-9;]*m`, 'g')

/** What is left to see in the end, also by scrolling back; a line that is longer than the terminal is one line. */
function seen(text: string): string {
  const screen = new Screen(400, 24)
  screen.write(text)
  return screen.text
}

describe.skipIf(onWindows)('on a terminal', () => {
  test('a run shows a line a job, the tail of what failed, and what to do next', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'package'])
    expect(await terminal.exit).toBe(1)
    const lines = seen(terminal.text()).split('\n')
    expect(lines[0]).toMatch(/^package · 3 jobs · [0-9a-z]{26}$/)
    expect(lines[1]).toMatch(/^ {2}ok {4}build +[\d.]+m?s$/)
    expect(lines[2]).toMatch(/^ {2}FAIL {2}test +[\d.]+m?s +exit 1$/)
    expect(lines[3]).toMatch(/^ {2}- {5}package +skipped: needs test$/)
    expect(lines).toContain('  | line 30')
    expect(lines.filter((line) => line.startsWith('  | line '))).toHaveLength(30)
    expect(lines.at(-2)).toMatch(/^job=package exit=1 duration_ms=0$/)
  })

  test('both outputs of what failed are shown, each under its name, and what never began has a row, too', async () => {
    const place = given({
      config: `[jobs.first]\ncommand = ["sh", "-c", "echo out; echo err >&2; touch ready; sleep 300"]\n[jobs.second]\ncommand = ["true"]\n`,
    })
    const terminal = onTerminal(place, ['run', 'first', 'second', '--jobs', '1'])
    await until(() => place.has('ready'), 'the first runs')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    expect(seen(terminal.text())).toMatch(/^ {2}- {5}second +cancelled before it began$/m)
    expect(seen(terminal.text())).toContain('  stdout\n  | out\n  stderr\n  | err\n')
  })

  test('says how to do again what failed', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'package'])
    expect(await terminal.exit).toBe(1)
    expect(seen(terminal.text())).toContain(
      `\nall that happened: orchastration runs show ${place.lastRun()}\nagain:             orchastration runs retry ${place.lastRun()}\n`,
    )
  })

  test('a terminal that is dumb gets whole lines, and nothing that moves', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'package'], { env: { TERM: 'dumb' } })
    expect(await terminal.exit).toBe(1)
    expect(terminal.text()).not.toContain(ESCAPE)
    expect(terminal.text()).toContain('line 30\r\npackage · skipped: needs test\r\n')
  })

  test('a job that a person ended shows the end of what it wrote, not all of it', async () => {
    const place = given({
      config: `[jobs.long]\ncommand = ["sh", "-c", "for n in $(seq 100); do echo line $n; done; touch ready; sleep 300"]\n`,
    })
    const terminal = onTerminal(place, ['run', 'long'])
    await until(() => place.has('ready'), 'the job has written')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    expect(seen(terminal.text())).toMatch(/ {2}\| … 90 more lines: .*\n {2}\| line 91\n/)
  })

  test('work says that it serves, and which run it takes', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["true"]\nconfirm = { question = "?", timeout = "300ms", otherwise = "yes" }\n`,
    })
    const terminal = onTerminal(place, ['work'])
    await terminal.until('serving runs; Ctrl-C ends it once they rest')
    await place.run(['run', 'ask'])
    await terminal.until(`ask · goes on · ${place.lastRun()}`)
    await terminal.until(`run=${place.lastRun()} status=succeeded`)
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(0)
  })

  test('shows what runs and for how long, and takes it away at the end', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'slow'])
    await terminal.until(/run {3}slow +[\d.]+m?s/)
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    expect(seen(terminal.text())).not.toMatch(/run {3}slow/)
  })

  test('Ctrl-C while a job runs cancels, and says so', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'slow'])
    await until(() => place.has('ready'), 'the job runs')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    expect(seen(terminal.text())).toMatch(/cancelled/)
    expect(seen(terminal.text())).toContain('ending…; again: kill now')
    expect(terminal.text()).toMatch(/job=slow exit=-1 duration_ms=\d+/)
  })

  test('Ctrl-C while the run only waits detaches with 3, and says how to come back', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'ask'])
    await terminal.until('orchastration answer 1 yes | no')
    await place.untilStatus('waiting')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(3)
    expect((await place.run(['runs', 'list', '--status', 'waiting'])).stdout).toContain(place.lastRun())
    expect(terminal.text().split('orchastration answer 1').length).toBeGreaterThan(1)
    await place.run(['runs', 'cancel', place.lastRun()])
  })

  test('a run that waits for an answer goes on here when it was answered elsewhere', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'ask'])
    await terminal.until('orchastration answer 1 yes | no')
    await place.untilStatus('waiting')
    expect((await place.run(['answer', '1', 'yes'])).exit).toBe(0)
    expect(await terminal.exit).toBe(0)
    expect(terminal.text()).toMatch(/job=ask exit=0 duration_ms=\d+/)
    expect(place.events('step.started')).toHaveLength(1)
  })

  test('a question can be answered right here, and what is no choice is asked again', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'ask'])
    await terminal.until('yes | no: ')
    terminal.type('perhaps\r')
    await terminal.until('"perhaps" is no answer')
    expect(place.events('signal.received')).toEqual([])
    terminal.type('yes\r')
    expect(await terminal.exit).toBe(0)
    expect(terminal.text()).toMatch(/job=ask exit=0 duration_ms=\d+/)
    expect(place.events('signal.received')[0]?.body['payload']).toEqual(expect.objectContaining({ choice: 'yes' }))
  })

  test('answered with no right here, the job does not run', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'ask'])
    await terminal.until('yes | no: ')
    terminal.type('n\r')
    expect(await terminal.exit).toBe(1)
    expect(seen(terminal.text())).toMatch(/^ {2}- {5}ask +declined: no by \S+$/m)
    expect(place.events('step.started')).toEqual([])
  })

  test('the end of input is no answer', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'ask'])
    await terminal.until('yes | no: ')
    terminal.type('\u0004')
    await terminal.until('no answer here; orchastration answer 1 yes | no')
    await place.untilStatus('waiting')
    expect((await place.run(['answer', '1', 'yes'])).exit).toBe(0)
    expect(await terminal.exit).toBe(0)
    expect(place.events('step.started')).toHaveLength(1)
  })

  test('shows the end of what a job writes, as it came to rest, while it runs', async () => {
    const place = given({
      config: `[jobs.test]\ncommand = ["sh", "-c", '''printf 'first\\n\\033[32mgreen\\033[0m\\tone\\r\\n日本語\\n1%%\\r99%%'; until test -e go; do sleep 0.02; done; echo; exit 3''']\n`,
    })
    const terminal = onTerminal(place, ['run', 'test'])
    await terminal.until('99%')
    const screen = terminal.screen()
    expect(screen.visible.slice(1, 6).map((line) => line.replace(/[\d.]+s$/, '<t>'))).toEqual([
      '  run   test        <t>',
      '        | first',
      '        | green   one',
      '        | 日本語',
      '        | 99%',
    ])
    expect(screen.unknown).toEqual([])
    place.write('go', '')
    expect(await terminal.exit).toBe(3)
    expect(seen(terminal.text())).not.toMatch(/run {3}test/)
    expect(seen(terminal.text())).toContain('  | first\n  | green   one\n  | 日本語\n  | 99%\n')
  })

  test.each([
    { columns: 80, rows: 24 },
    { columns: 40, rows: 8 },
    { columns: 20, rows: 10 },
  ])(
    'of 200 jobs never has more rows than the terminal, and leaves a line for each: $columns x $rows',
    async (size) => {
      const jobs = Array.from({ length: 200 }, (_, index) => `j${index}`)
      const config = jobs
        .map((job) => `[jobs.${job}]\ncommand = ["sh", "-c", "echo ${'日本'.repeat(30)}; sleep 0.1"]\n`)
        .join('')
      const place = given({
        config: `${config}[jobs.all]\ncommand = ["false"]\nneeds = [${jobs.map((job) => `"${job}"`).join(', ')}]\n`,
      })
      const terminal = onTerminal(place, ['run', 'all', '--jobs', '40'], size)
      expect(await terminal.exit).toBe(1)
      const screen = terminal.screen()
      // What had left the screen could not have been taken back, and would be here twice.
      const lines = screen.lines.filter((line) => /^ *ok +j\d+ /.test(line))
      expect(lines.length).toBe(200)
      expect(screen.lines.filter((line) => /^ *run +j/.test(line))).toEqual([])
      expect(screen.lines.some((line) => /not shown|running/.test(line))).toBe(false)
      expect(screen.unknown).toEqual([])
    },
  )

  test('on a terminal of unknown size moves one line only', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'slow'], { columns: 0, rows: 0 })
    await terminal.until(/run {3}slow +[\d.]+m?s/)
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    expect(terminal.text()).not.toMatch(new RegExp(`${ESCAPE_PATTERN}\\d+A`))
  })

  test('takes the new size of the terminal when it changes', async () => {
    const place = given({ config: CONFIG.replaceAll('slow', 'a-job-with-quite-a-long-name-that-does-not-fit') })
    const terminal = onTerminal(place, ['run', 'a-job-with-quite-a-long-name-that-does-not-fit'])
    await terminal.until('a-job-with-quite-a-long-name-that-does-…')
    terminal.resize(30, 10)
    await terminal.until(/\r(?:.\[\d+A)?run a-job-with-quite-\S*… /)
    terminal.type('\u0003')
    await terminal.exit
  })

  test('draws each frame in one write over the one before, and clears nothing first', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'slow'])
    await until(() => terminal.text().split('slow  ').length > 5, 'some frames were drawn')
    terminal.type('\u0003')
    await terminal.exit
    const frames = terminal.text().split('\r').slice(2, 6)
    for (const frame of frames) expect(frame).toMatch(new RegExp(`^ {2}run {3}slow +[\\d.]+s${ESCAPE_PATTERN}K`))
  })

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }, []],
    ['CLICOLOR=0', { CLICOLOR: '0' }, []],
    ['TERM=dumb', { TERM: 'dumb' }, []],
    ['--color never', {}, ['--color', 'never']],
  ])('shows no colour with %s', async (_title, env, args) => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'package', ...args], { env })
    await terminal.exit
    expect(terminal.text()).toContain('exit 1')
    expect(terminal.text()).not.toMatch(COLOR)
  })

  test.each([
    ['--color always, whatever the environment says', { NO_COLOR: '1', TERM: 'dumb' }, ['--color', 'always']],
    ['CLICOLOR_FORCE', { CLICOLOR_FORCE: '1', TERM: 'dumb' }, []],
    ['an empty NO_COLOR, which says nothing', { NO_COLOR: '' }, []],
  ])('shows colour with %s', async (_title, env, args) => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'build', ...args], { env })
    await terminal.exit
    expect(terminal.text()).toContain(`${ESCAPE}32mok${ESCAPE}39m`)
  })

  test.each([20, 40, 80, 0])('help keeps to %i columns', async (columns) => {
    const terminal = onTerminal(given(), ['runs', 'list', '--help'], { columns })
    expect(await terminal.exit).toBe(0)
    const lines = terminal.text().replaceAll('\r', '').split('\n')
    const told = lines.filter((line) => !/^ *(orchastration|-)/.test(line))
    expect(Math.max(...told.map((line) => line.length))).toBeLessThanOrEqual(columns || 80)
  })

  test('shows no secret in the end of what a job writes', async () => {
    const place = given({
      config: `[jobs.leaky]\ncommand = ["sh", "-c", "echo before $TOKEN after; until test -e go; do sleep 0.02; done"]\nsecrets = { TOKEN = { file = "token" } }\n`,
      files: { token: 'correct-horse-battery' },
    })
    for (const args of [[], ['--verbose']]) {
      const terminal = onTerminal(place, ['run', 'leaky', ...args])
      await until(() => place.has('go') || terminal.text().includes('before'), 'the first line is shown', 4000).catch(
        () => undefined,
      )
      place.write('go', '')
      expect(await terminal.exit).toBe(0)
      expect(terminal.text()).not.toContain('correct-horse')
    }
  })

  test('shows colour otherwise', async () => {
    const place = given({ config: CONFIG })
    const terminal = onTerminal(place, ['run', 'build'])
    await terminal.exit
    expect(terminal.text()).toContain(`${ESCAPE}32mok${ESCAPE}39m`)
  })
})

describe.skipIf(onWindows)('piped', () => {
  test('nothing has an escape code, and no line is drawn twice', async () => {
    const place = given({ config: CONFIG, env: { TERM: 'xterm-256color' } })
    for (const command of [['run', 'package'], ['status'], ['list'], ['runs', 'list'], ['--help'], ['nonsense']]) {
      const { stdout, stderr } = await place.run(command)
      expect(`${stdout}${stderr}`).not.toContain(ESCAPE)
      expect(`${stdout}${stderr}`).not.toContain('\r')
    }
    const { stdout } = await place.run(['runs', 'show', place.lastRun()])
    expect(stdout).not.toContain(ESCAPE)
  })

  test('colour is there for who asks for it, in the rows of a run, too', async () => {
    const place = given({ config: CONFIG })
    expect((await place.run(['run', 'build', '--color', 'always'])).stderr).toContain(`${ESCAPE}32mok${ESCAPE}39m`)
    expect((await place.run(['run', 'build'])).stderr).not.toContain(ESCAPE)
  })

  test('colour is there for who asks for it', async () => {
    const place = given({ config: CONFIG })
    const shown = async (args: string[], env = {}) => (await place.run(args, { env })).stdout.includes(ESCAPE)
    await place.run(['run', 'build'])
    const run = place.lastRun()
    expect(await shown(['runs', 'show', run, '--color', 'always'])).toBe(true)
    expect(await shown(['runs', 'show', run], { FORCE_COLOR: '1' })).toBe(true)
    expect(await shown(['runs', 'show', run], { CLICOLOR_FORCE: '1' })).toBe(true)
    expect(await shown(['runs', 'show', run, '--color', 'never'], { FORCE_COLOR: '1' })).toBe(false)
    expect(await shown(['runs', 'show', run], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  })
})
