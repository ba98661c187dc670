import { describe, expect, test } from 'vitest'
import { lives, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CTRL_C = '\u0003'
const hasLess = Bun.which('less') !== null

function job(script: string, more = ''): string {
  return `command = ["bash", "-c", '''${script}''']\npty = true\n${more}`
}

async function recorded(place: TestPlace, name?: string): Promise<string> {
  const { stdout } = await place.run([
    'runs',
    'logs',
    place.lastRun(),
    ...(name === undefined ? [] : [name]),
    '--stdout',
  ])
  return stdout.replaceAll('\r\n', '\n')
}

describe.skipIf(onWindows)('a job that wants a terminal, where nobody looks on', () => {
  test('has one of 80 by 24 for all three streams, and a session of its own', async () => {
    const place = given({
      config: `[jobs.j]\n${job('tty > /dev/null && echo tty; stty size; for n in 0 1 2; do test -t $n && echo $n; done; [ $(ps -o sid= -p $$) = $$ ] && echo leads; echo err >&2')}`,
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(await recorded(place)).toBe('tty\n24 80\n0\n1\n2\nleads\nerr\n')
    const report = place.events('step.succeeded')[0]?.body['output'] as Record<string, { bytes: number }>
    expect(report['stderr']?.bytes).toBe(0)
  })

  test('reads the end of its input', async () => {
    const place = given({ config: `[jobs.j]\n${job('read line; echo "$? [$line]"')}` })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(await recorded(place)).toBe('1 []\n')
  })

  test('has its exit code and its signal recorded', async () => {
    const place = given({ config: `[jobs.a]\n${job('exit 7')}\n[jobs.b]\n${job('kill -TERM $$')}` })
    expect((await place.run(['run', 'a'])).exit).toBe(7)
    await place.run(['run', 'b'])
    expect(place.events('step.failed').at(-1)?.body['failure']).toMatchObject({
      code: 'command_killed',
      signal: 'SIGTERM',
    })
  })

  test('has all of a large output recorded', async () => {
    const place = given({ config: `[jobs.j]\n${job('head -c 20000000 /dev/zero | tr "\\\\0" x; echo; echo end')}` })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect((await recorded(place)).length).toBe(20_000_000 + '\nend\n'.length)
  })

  test('is ended with its tree at its timeout', async () => {
    const place = given({ config: `[jobs.j]\n${job('sleep 300 & echo $! > pid; sleep 300', 'timeout_seconds = 1\n')}` })
    expect((await place.run(['run', 'j'])).exit).toBe(124)
    expect(lives(Number(place.read('pid')))).toBe(false)
  })

  test('that hears of no hang-up is not waited for in the background', async () => {
    const place = given({ config: `[jobs.j]\n${job("trap '' HUP; (sleep 300 & echo $! > pid); echo out")}` })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(await recorded(place)).toBe('out\n')
    process.kill(Number(place.read('pid')), 'SIGKILL')
  })

  test('is found and ended after our own death, before it starts again', async () => {
    const place = given({
      config: `[jobs.j]\n${job("trap '' HUP; echo $$ >> pids; [ -e go ] && exit 0; touch ready; while :; do sleep 300; done", 'idempotent = true\n')}`,
    })
    const run = place.start(['run', 'j'])
    await until(() => place.has('ready'), 'the job runs')
    await run.crash()
    place.write('go', '')
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    const [first, second] = place.lines('pids').map(Number)
    expect(first).not.toBe(second)
    expect(lives(first ?? 0)).toBe(false)
  })

  test('that cannot start says why', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["no-such-program"]\npty = true\n` })
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, stderr }).toEqual({
      exit: 127,
      stderr: expect.stringContaining('program not found: no-such-program'),
    })
  })

  test('has its secrets masked', async () => {
    const place = given({
      config: `[jobs.j]\n${job('echo "$T"; printf %s "$T" | base64; printf "%s" "$T"', 'secrets.T = { env = "CANARY" }\n')}`,
      env: { CANARY: 'c4nary-of-a-terminal' },
    })
    const { stderr } = await place.run(['run', 'j'])
    expect(await recorded(place)).toBe('***\n***\n***')
    expect(stderr).not.toContain('c4nary')
  })
})

describe.skipIf(onWindows)('a job that has the terminal of a person', () => {
  test('reads what is typed, hides a password, and is recorded as it was shown', async () => {
    const place = given({
      config: `[jobs.j]\n${job('read -p "name: " name; read -s -p "password: " word; echo; echo "$name has $(printf %s "$word" | wc -c) letters"')}`,
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('name: ')
    expect(terminal.isCooked).toBe(false)
    terminal.type('ada\r')
    await terminal.until('password: ')
    terminal.type('hush-hush\r')
    await terminal.until('ada has 9 letters')
    expect(await terminal.exit).toBe(0)
    expect(terminal.isCooked).toBe(true)
    expect(terminal.text()).not.toContain('hush')
    expect(await recorded(place)).toBe('name: ada\npassword: \nada has 9 letters\n')
  })

  test('has its size, also when that changes', async () => {
    const place = given({
      config: `[jobs.j]\n${job("trap 'stty size' WINCH; stty size; while ! read -t 0.05; do :; done")}`,
    })
    const terminal = onTerminal(place, ['run', 'j'], { columns: 97 })
    await terminal.until('24 97')
    terminal.resize(111, 33)
    await terminal.until('33 111')
    terminal.type('\r')
    expect(await terminal.exit).toBe(0)
  })

  test('gets Ctrl-C as a key, as from any terminal', async () => {
    const place = given({
      config: `[jobs.j]\n${job("trap 'echo heard' INT; echo ready; read -t 60; read -t 60; echo 'went on'")}`,
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('ready')
    terminal.type(CTRL_C)
    await terminal.until('heard')
    terminal.type('\r\r')
    await terminal.until('went on')
    expect(await terminal.exit).toBe(0)
  })

  test('is ended by one Ctrl-C where it does not care', async () => {
    const place = given({ config: `[jobs.j]\n${job('echo ready; exec sleep 300')}` })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('ready')
    terminal.type(CTRL_C)
    await terminal.exit
    expect(place.events('step.failed')[0]?.body['failure']).toMatchObject({ code: 'command_killed', signal: 'SIGINT' })
    expect(terminal.isCooked).toBe(true)
  })

  test('is cancelled by Ctrl-C three times in a second, whatever it does with it', async () => {
    const place = given({
      config: `[jobs.j]\n${job("trap '' INT TERM; stty raw -echo; echo ready; while :; do sleep 300; done")}`,
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('has the terminal; Ctrl-C three times in a second ends the run')
    await terminal.until('ready')
    terminal.type(CTRL_C)
    terminal.type(CTRL_C)
    terminal.type(CTRL_C)
    expect(await terminal.exit).toBe(130)
    expect(place.events('run.cancelled')).toHaveLength(1)
    expect(terminal.isCooked).toBe(true)
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('gives it back as it was when we are told %s', async (signal) => {
    const place = given({
      config: `[jobs.j]\n${job('stty raw; printf "\\\\e[?1049h\\\\e[?25lready"; exec sleep 300')}`,
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('ready')
    expect(terminal.isCooked).toBe(false)
    terminal.signal(signal)
    await terminal.exit
    expect(terminal.isCooked).toBe(true)
    // What the job left changed of the screen is taken back, too.
    expect(terminal.text()).toContain('\u001b[?1049l')
    expect(terminal.text()).toContain('\u001b[?25h')
  })

  test('is ended with the run where the terminal goes away', async () => {
    const place = given({
      config: `[jobs.j]\n${job('echo $$ > pid; echo ready; trap "" HUP; while :; do sleep 300; done')}`,
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('ready')
    terminal.hangUp()
    await terminal.exit
    expect(lives(Number(place.read('pid')))).toBe(false)
    expect(place.events('run.cancelled')[0]?.body).toMatchObject({ failure: { code: 'cancelled', signal: 'SIGHUP' } })
  })

  test('has it alone: one after the other, and all else is said when it is back', async () => {
    const place = given({
      config: `
[jobs.one]
${job('echo one-begins; touch one; read; [ ! -e two ] && echo alone; echo one-ends')}
[jobs.two]
${job('touch two; echo two-begins; read; echo two-ends')}
[jobs.other]
command = ["bash", "-c", "while [ ! -e one ]; do sleep 0.02; done; touch other"]
`,
    })
    const terminal = onTerminal(place, ['run', 'one', 'two', 'other', '--jobs', '3'])
    await terminal.until('one-begins')
    await until(() => place.has('other'), 'the other job ends')
    await until(() => place.events('step.succeeded').length === 1, 'its end is recorded')
    const during = terminal.text()
    terminal.type('\r')
    await terminal.until('two-begins')
    terminal.type('\r')
    expect(await terminal.exit).toBe(0)
    expect(during.slice(during.indexOf('one-begins'))).toMatch(/^one-begins[\r\n]*$/)
    expect(terminal.text()).toContain('alone')
    const text = terminal.text()
    expect(text.indexOf('other', text.indexOf('one-ends'))).toBeGreaterThan(0)
    expect(text.indexOf('two-begins')).toBeGreaterThan(text.indexOf('one-ends'))
  })

  test('waits for a prompt, and a prompt for it', async () => {
    const place = given({
      config: `
[jobs.asks]
command = ["true"]
confirm = "sure?"
[jobs.j]
${job('echo ready; read word; echo "got $word"')}
`,
    })
    const terminal = onTerminal(place, ['run', 'asks', 'j', '--jobs', '2'])
    await until(() => /yes \| no: |ready/.test(terminal.text()), 'one of them has the terminal')
    for (let answered = 0; answered < 2; answered++) {
      const isPrompt = answered === 0 ? !terminal.text().includes('ready') : terminal.text().includes('got')
      if (isPrompt) {
        await terminal.until('yes | no: ')
        terminal.type('yes\r')
        if (answered === 0) await terminal.until('ready')
      } else {
        await terminal.until('ready')
        terminal.type('hello\r')
        await terminal.until('got hello')
      }
    }
    expect(await terminal.exit).toBe(0)
    expect(place.events('step.succeeded')).toHaveLength(2)
  })

  test('has its secrets masked there as well', async () => {
    const place = given({
      config: `[jobs.j]\n${job('printf "%s" "$T"; sleep 0.1; printf c4na; sleep 0.1; echo "ry-of-a-terminal"; read; echo "$T"', 'secrets.T = { env = "CANARY" }\n')}`,
      env: { CANARY: 'c4nary-of-a-terminal' },
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('******')
    terminal.type('\r')
    expect(await terminal.exit).toBe(0)
    expect(terminal.text()).not.toContain('c4na')
    expect(await recorded(place)).toBe('******\n\n***\n')
  })

  test.skipIf(!hasLess)('may be a program that takes the whole screen', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["less", "text"]\npty = true\n`,
      files: { text: Array.from({ length: 200 }, (_, line) => `line ${line + 1}\n`).join('') },
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('line 23')
    terminal.type('G')
    await terminal.until('line 200')
    terminal.type('q')
    expect(await terminal.exit).toBe(0)
    expect(terminal.isCooked).toBe(true)
  })

  test('takes what is pasted, however much', async () => {
    const place = given({
      config: `[jobs.j]\n${job('stty -icanon -echo; echo ready; head -c 200000 | wc -c')}`,
    })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('ready')
    terminal.type('x'.repeat(200_000))
    await terminal.until('200000')
    expect(await terminal.exit).toBe(0)
  })

  test('is not offered it by --json, nor in the background', async () => {
    const place = given({ config: `[jobs.j]\n${job('stty size; read; echo "$?"')}` })
    const terminal = onTerminal(place, ['run', 'j', '--json'], { columns: 120 })
    expect(await terminal.exit).toBe(0)
    expect(await recorded(place)).toBe('24 80\n1\n')
    await place.run(['run', 'j', '--detach'])
    await place.settled()
    expect(await recorded(place)).toBe('24 80\n1\n')
  })

  test.skipIf(!onLinux)('is killed with us by the hang-up of its terminal, where only kill -9 was left', async () => {
    const place = given({ config: `[jobs.j]\n${job('echo $$ > pid; echo ready; exec sleep 300')}` })
    const terminal = onTerminal(place, ['run', 'j'])
    await terminal.until('ready')
    terminal.signal('SIGKILL')
    await terminal.exit
    await until(() => !lives(Number(place.read('pid'))), 'the job is gone')
  })
})
