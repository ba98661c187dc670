import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

/** Two agents that write down their turns, the first of which waits for a file, and a person. */
const BAND = `
[agents.First]
command = ["sh", "-c", "echo first >> ledger; until test -e go; do sleep 0.01; done; echo '{}'"]
[agents.Second]
command = ["sh", "-c", "echo second >> ledger; echo '{}'"]
[agents.Third]
command = ["sh", "-c", "echo third >> ledger; echo '{}'"]
[agents.Person]
backend = "human"
instructions = "Look at it"
[orchestrations.band]
agents = ["First", "Second", "Third"]
[orchestrations.asked]
agents = ["First", "Person"]
`

/** A run in the background whose first agent is at work. */
async function atWork(name = 'band'): Promise<TestPlace> {
  const place = given({ config: BAND })
  await place.run(['orchestration', 'run', name, '--detach'])
  await place.untilEvent('step.started')
  return place
}

/** The number of the question that is open. */
async function asked(place: TestPlace): Promise<string> {
  return /^(\d+) /.exec((await place.run(['inbox'])).stdout)?.[1] ?? 'none'
}

const obeyed = (place: TestPlace) =>
  place.events('conductor.obeyed').map(({ body }) => ({ node: body['node'], ...(body['command'] as object) }))

const ends = (place: TestPlace) => place.events('node.ended').map(({ body }) => `${body['node']} ${body['status']}`)

async function replays(place: TestPlace): Promise<void> {
  const { exit, stderr, stdout } = await place.run(['runs', 'replay', place.lastRun()])
  expect({ exit, stderr, stdout }).toMatchObject({ exit: 0 })
  expect((await place.run(['verify'])).exit).toBe(0)
}

describe.skipIf(onWindows)('a run of an orchestration, steered from another terminal', () => {
  test('pauses, and goes on when it is told to', async () => {
    const place = await atWork()
    await place.gives(['runs', 'steer', 'band', 'pause'], { stdout: 'run=<run> obeyed="pause"\n', exit: 0 })
    place.write('go', '')
    await place.untilStatus('waiting')
    expect(place.lines('ledger')).toEqual(['first'])
    expect((await place.run(['inbox'])).stdout).toMatch(/band asks: paused by person:\S+, second waits: go on\?\n/)
    const number = await asked(place)
    const { stdout, exit } = await place.run(['runs', 'steer', 'band', 'continue'])
    expect({ stdout: place.tidy(stdout), exit }).toEqual({ stdout: 'run=<run> obeyed="continue"\n', exit: 0 })
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['first', 'second', 'third'])
    const late = await place.run(['answer', number, 'continue'])
    expect([late.exit, late.stderr]).toEqual([2, expect.stringContaining('is closed: nobody needs to know any more')])
    expect(obeyed(place)).toEqual([
      { node: null, do: 'pause' },
      { node: null, do: 'continue' },
    ])
    await replays(place)
  })

  test('goes on from a pause by an answer, too', async () => {
    const place = await atWork()
    await place.run(['runs', 'steer', 'band', 'pause'])
    place.write('go', '')
    await place.untilStatus('waiting')
    expect((await place.run(['answer', await asked(place), 'continue'])).exit).toBe(0)
    await place.untilStatus('succeeded')
    expect(obeyed(place).map((command) => 'do' in command && command.do)).toEqual(['pause', 'continue'])
    await replays(place)
  })

  test('skips a step, and says so in its record', async () => {
    const place = await atWork()
    expect((await place.run(['runs', 'steer', 'band', 'skip', 'second'])).exit).toBe(0)
    place.write('go', '')
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['first', 'third'])
    expect(ends(place)).toEqual(['first success', 'second skipped', 'third success'])
    expect((await place.run(['runs', 'show', 'band'])).exit).toBe(0)
    await replays(place)
  })

  test('begins nothing further once it is told to stop, and ends as cancelled', async () => {
    const place = await atWork()
    expect((await place.run(['runs', 'steer', 'band', 'stop', '--reason', 'enough'])).exit).toBe(0)
    place.write('go', '')
    await place.untilStatus('cancelled')
    expect(place.lines('ledger')).toEqual(['first'])
    expect(ends(place)).toEqual(['first success', 'second skipped', 'third skipped'])
    expect(place.events('node.ended').map(({ body }) => body['message'])).toContain('skipped: enough')
    await replays(place)
  })

  test('does a step again that has ended, with all that came after it', async () => {
    const place = await atWork()
    await place.run(['runs', 'steer', 'band', 'disable', 'Third'])
    await place.run(['runs', 'steer', 'band', 'pause'])
    place.write('go', '')
    await place.untilStatus('waiting')
    await place.run(['runs', 'steer', 'band', 'repeat', 'first'])
    await place.run(['runs', 'steer', 'band', 'repeat', 'second'])
    await place.run(['runs', 'steer', 'band', 'enable', 'Third'])
    await place.run(['runs', 'steer', 'band', 'continue'])
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['first', 'first', 'second', 'second', 'third'])
    expect(ends(place)).toEqual(['first', 'first', 'second', 'second', 'third'].map((node) => `${node} success`))
    await replays(place)
  })

  test('never does what was dropped, and takes back what was skipped', async () => {
    const place = await atWork()
    for (const words of ['drop second', 'skip third', 'enable third', 'snapshot half', 'clear third'])
      await place.run(['runs', 'steer', 'band', ...words.split(' ')])
    place.write('go', '')
    await place.untilStatus('succeeded')
    expect(ends(place)).toEqual(['first success', 'second skipped', 'third success'])
    expect(obeyed(place).at(-1)).toEqual({ node: null, do: 'snapshot', name: 'half' })
    expect(place.events('conductor.refused').map(({ body }) => body['reason'])).toEqual(['third has no patch'])
    await replays(place)
  })

  test('lets something else take a turn, and tells it other limits', async () => {
    const place = await atWork('asked')
    for (const words of ['backend Person command', 'temperature person 0.5', 'limit person timeout_seconds=5'])
      expect((await place.run(['runs', 'steer', 'asked', ...words.split(' ')])).exit).toBe(0)
    place.write('go', '')
    await place.untilStatus('failed')
    expect(place.events('node.started').at(-1)?.body).toMatchObject({ node: 'person', backend: 'command' })
    await replays(place)
  })

  test('tells an agent what it is told in place of its own instructions', async () => {
    const place = await atWork('asked')
    expect(
      (await place.run(['runs', 'steer', 'asked', 'patch', 'Person', '--append', 'Closely.', '--once'])).exit,
    ).toBe(0)
    place.write('go', '')
    await place.untilEvent('wait.opened', 3)
    const { stdout } = await place.run(['inbox'])
    expect(stdout).toContain('person asks: Look at it')
    expect(stdout).toContain('Closely.')
    await place.run(['answer', await asked(place), 'done'])
    await place.untilStatus('succeeded')
    await replays(place)
  })

  test('obeys each command once, though it is killed', async () => {
    const place = given({ config: BAND })
    const run = place.start(['orchestration', 'run', 'band'])
    await place.untilEvent('step.started')
    expect((await place.run(['runs', 'steer', 'band', 'skip', 'second'])).exit).toBe(0)
    await run.crash()
    place.write('go', '')
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect(obeyed(place)).toEqual([{ node: 'second', do: 'skip' }])
    expect(ends(place)).toEqual(['first success', 'second skipped', 'third success'])
    await replays(place)
  })

  test('is told where its process died, and obeys when it goes on', async () => {
    const place = given({ config: BAND })
    const run = place.start(['orchestration', 'run', 'band'])
    await place.untilEvent('step.started')
    await run.crash()
    const told = await place.run(['runs', 'steer', 'band', 'skip', 'second'])
    expect([told.exit, told.stdout]).toEqual([0, expect.stringContaining(' told="skip second"')])
    expect(told.stderr).toContain('it obeys when it goes on: orchastration runs resume')
    place.write('go', '')
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect(ends(place)).toEqual(['first success', 'second skipped', 'third success'])
    await replays(place)
  })

  test('says what is wrong with a command, and does nothing', async () => {
    const place = await atWork()
    const said = async (...words: string[]) => {
      const { exit, stderr } = await place.run(['runs', 'steer', 'band', ...words])
      return [exit, stderr.split('\n')[0]]
    }
    expect(await said('skp', 'second')).toEqual([2, expect.stringContaining('did you mean "skip"?')])
    expect(await said('skip', 'secnd')).toEqual([2, expect.stringContaining('did you mean "second"?')])
    expect(await said('patch', 'second')).toEqual([2, expect.stringContaining('something is missing behind "patch"')])
    expect(await said('skip', 'first')).toEqual([2, expect.stringContaining('first is at work already')])
    expect(await said('continue')).toEqual([2, expect.stringContaining('nothing is paused')])
    place.write('go', '')
    await place.untilStatus('succeeded')
    expect(await said('pause')).toEqual([2, expect.stringContaining('is over: succeeded')])
    expect(place.events('conductor.refused')).toHaveLength(2)
    await replays(place)
  })

  test('is a run of an orchestration, and no other', async () => {
    const place = given({ config: '[jobs.hello]\ncommand = ["true"]\n' })
    await place.run(['run', 'hello'])
    const { exit, stderr } = await place.run(['runs', 'steer', 'hello', 'pause'])
    expect([exit, stderr]).toEqual([2, expect.stringContaining('cannot be steered: hello is a run of workflow "job"')])
  })
})

describe.skipIf(onWindows)('--interactive-conductor', () => {
  test('asks before each step, shows what is to be known, and obeys what is typed', async () => {
    const place = given({ config: BAND.replace('instructions = "Look at it"', 'instructions = "Look."') })
    place.write('go', '')
    const terminal = onTerminal(place, ['orchestration', 'run', 'asked', '--interactive-conductor'])
    await terminal.until('first asks: begin first?')
    await terminal.until('who    First by command')
    for (const line of ['told   as its role says', 'spent  0 turns, 0 replies, 0 tool calls', 'more   ? lists all'])
      await terminal.until(line)
    expect(place.has('ledger')).toBe(false)
    terminal.type('help\r')
    await terminal.until(/continue \[STEP\] +let the step begin, or end the pause/)
    terminal.type('patch Person --append "Use tabs."\r')
    await terminal.until("obeyed: patch Person --append 'Use tabs.'")
    terminal.type('skp\r')
    await terminal.until('did you mean "skip"?')
    terminal.type('continue\r')
    await terminal.until('person asks: begin person?')
    await terminal.until('who    Person by human')
    for (const line of ['told   otherwise:', '+ Use tabs.', 'last   first success: wrote nothing'])
      await terminal.until(line)
    terminal.type('repeat first\r')
    await terminal.until('first asks: begin first, round 2?')
    terminal.type('continue\r')
    await terminal.until(/(begin person\?[\s\S]*){2}/)
    terminal.type('backend command\r')
    await terminal.until('obeyed: backend person command')
    terminal.type('skip\r')
    await terminal.until('orchestration=asked status=success')
    expect(await terminal.exit).toBe(0)
    expect(ends(place)).toEqual(['first success', 'first success', 'person skipped'])
    await replays(place)
  })

  test('asks what to do about a step that failed, and does it once more', async () => {
    const place = given({
      config: `[agents.Flaky]\ncommand = ["sh", "-c", "echo try >> ledger; test -e good && echo '{}'"]\n[orchestrations.o]\nagents = ["Flaky"]\n`,
    })
    const terminal = onTerminal(place, ['orchestration', 'run', 'o', '--interactive-conductor'])
    await terminal.until('begin flaky?')
    terminal.type('continue\r')
    await terminal.until('flaky failed (command_failed): what now?')
    place.write('good', '')
    terminal.type('repeat\r')
    await terminal.until('begin flaky, round 2?')
    terminal.type('continue\r')
    expect(await terminal.exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['try', 'try'])
    await replays(place)
  })

  test('asks again where it was when its process died, with all that was said before', async () => {
    const place = given({ config: BAND })
    place.write('go', '')
    const first = onTerminal(place, ['orchestration', 'run', 'asked', '--interactive-conductor'])
    await first.until('begin first?')
    first.type('patch Person --append "Use tabs."\r')
    await first.until('obeyed: patch')
    first.type('continue\r')
    await first.until('begin person?')
    first.signal('SIGKILL')
    await first.exit
    const second = onTerminal(place, ['runs', 'resume', 'asked'])
    for (const line of ['person asks: begin person?', 'told   otherwise:', '+ Use tabs.']) await second.until(line)
    second.type('skip\r')
    expect(await second.exit).toBe(0)
    expect(ends(place)).toEqual(['first success', 'person skipped'])
    expect(obeyed(place).map((command) => 'do' in command && command.do)).toEqual(['patch', 'continue', 'skip'])
    await replays(place)
  })

  test('leaves the run as it is where nobody wants to answer now', async () => {
    const place = given({ config: BAND })
    const terminal = onTerminal(place, ['orchestration', 'run', 'band', '--interactive-conductor'])
    await terminal.until('begin first?')
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(3)
    expect((await place.run(['inbox'])).stdout).toContain('first asks: begin first?')
    await place.run(['answer', await asked(place), 'stop'])
    await place.untilStatus('cancelled')
  })

  test('is told from a second terminal, too', async () => {
    const place = given({ config: BAND })
    place.write('go', '')
    const terminal = onTerminal(place, ['orchestration', 'run', 'band', '--interactive-conductor'])
    await terminal.until('begin first?')
    expect((await place.run(['runs', 'steer', 'band', 'drop', 'second'])).exit).toBe(0)
    expect((await place.run(['runs', 'steer', 'band', 'continue'])).exit).toBe(0)
    await terminal.until('begin third?')
    terminal.type('stop\r')
    await place.untilStatus('cancelled')
    expect(await terminal.exit).toBe(130)
    expect(ends(place)).toEqual(['first success', 'second skipped', 'third skipped'])
    await replays(place)
  })

  test.each([[], ['--detach'], ['--json']])(
    'without a terminal is a clear failure, and nothing runs: %s',
    async (...more) => {
      const place = given({ config: BAND })
      const { exit, stderr } = await place.run(['orchestration', 'run', 'band', '--interactive-conductor', ...more])
      expect(exit).toBe(2)
      if (more[0] !== '--json')
        expect(stderr).toContain('--interactive-conductor asks a person at a terminal, and there is none')
      expect((await place.run(['runs', 'list'])).stdout).not.toContain('band')
    },
  )
})
