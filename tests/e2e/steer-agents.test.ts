import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

async function replays(place: TestPlace): Promise<void> {
  const { exit, stderr, stdout } = await place.run(['runs', 'replay', place.lastRun()])
  expect({ exit, stderr, stdout }).toMatchObject({ exit: 0 })
  expect((await place.run(['verify'])).exit).toBe(0)
}

const WRITERS = `
[agents.First]
command = ["sh", "-c", "until test -e go; do sleep 0.01; done; echo '{\\"first.word\\": \\"own\\", \\"plan.tasks\\": [\\"a\\"]}'"]
writes = ["first.word", "plan.tasks"]
[agents.Second]
command = ["sh", "-c", "echo $ORCHASTRATION_CONTEXT > seen; echo '{\\"second.word\\": \\"own\\"}'"]
reads = ["goal", "first.word", "second.word", "plan.tasks", "notes"]
writes = ["second.word"]
[orchestrations.words]
agents = ["First", "Second"]
`

describe.skipIf(onWindows)('a value that is set from outside', () => {
  test('counts for the steps to come, over what came before, and is in the record with who set it', async () => {
    const place = given({ config: WRITERS })
    await place.run(['orchestration', 'run', 'words', '--goal', 'old', '--detach'])
    await place.untilEvent('step.started')
    const steer = async (...words: string[]) => (await place.run(['runs', 'steer', 'words', ...words])).exit
    expect(await steer('set', 'goal', 'new')).toBe(0)
    expect(await steer('set', 'first.word', 'theirs')).toBe(0)
    expect(await steer('set', 'second.word', 'theirs')).toBe(0)
    expect(await steer('set', 'plan.tasks', '["b"]', '--as-json')).toBe(0)
    expect(await steer('set', 'notes', '--', '--use tabs')).toBe(0)
    expect(await steer('set', 'plan.tasks', '"b"', '--as-json')).toBe(2)
    place.write('go', '')
    await place.untilStatus('succeeded')
    const seen = {
      goal: 'new',
      'first.word': 'theirs',
      'second.word': 'theirs',
      'plan.tasks': ['b'],
      notes: ['--use tabs'],
    }
    expect(JSON.parse(place.read('seen'))).toEqual(seen)
    const folder = join(place.records, 'orchestrations/words')
    const name = await until(
      () => (existsSync(folder) ? readdirSync(folder).find((each) => each.endsWith('.json')) : undefined),
      'the record is written',
    )
    const record = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    expect(record.context).toEqual({ ...seen, 'second.word': 'own' })
    expect(record.context_writes).toContainEqual({
      key: 'goal',
      writer: expect.stringMatching(/^person:/),
      step: '@conductor',
      time: expect.any(String),
    })
    await replays(place)
  })
})

const MAKERS = `
[orchestrations.make]
agents = ["Maker"]
script = "replies.json"
[agents.Maker]
backend = "scripted"
tools = ["read", "write"]
`

function making(): TestPlace {
  const call = (tool: string, args: object) => ({ agent: 'maker', tools: [{ tool, args }] })
  const replies = [
    call('write', { path: 'a.txt', text: 'a\n' }),
    call('read', { path: 'seed.txt' }),
    call('write', { path: 'b.txt', text: 'b\n' }),
    { agent: 'maker', text: 'made' },
  ]
  return given({ config: MAKERS, files: { 'replies.json': JSON.stringify({ replies }), 'seed.txt': 'seed\n' } })
}

describe.skipIf(onWindows)('what an agent wants to change, where a person is asked before each step', () => {
  test('is done once it is approved, and not where it is rejected, which its agent is told', async () => {
    const place = making()
    const terminal = onTerminal(place, ['orchestration', 'run', 'make', '--interactive-conductor'])
    await terminal.until('begin maker?')
    terminal.type('continue\r')
    await terminal.until('maker wants to write a.txt {"text":"a\\n"}: let it?')
    expect(place.has('a.txt')).toBe(false)
    terminal.type('reject --reason "not there"\r')
    await terminal.until('maker wants to write b.txt')
    expect(place.has('a.txt')).toBe(false)
    terminal.type('approve\r')
    expect(await terminal.exit).toBe(0)
    expect(place.read('b.txt')).toBe('b\n')
    const asked = place.events('step.started').filter(({ body }) => body['activity'] === 'reply')
    expect(JSON.stringify(asked[1])).toMatch(/Rejected by person:\S+: not there/)
    await replays(place)
  })

  test('may be decided from a second terminal; stopping the run decides it, too', async () => {
    const place = making()
    const terminal = onTerminal(place, ['orchestration', 'run', 'make', '--interactive-conductor'])
    await terminal.until('begin maker?')
    expect((await place.run(['runs', 'steer', 'make', 'approve', 'maker'])).stderr).toContain('maker proposes nothing')
    terminal.type('continue\r')
    await terminal.until('write a.txt')
    expect((await place.run(['runs', 'steer', 'make', 'approve', 'maker'])).exit).toBe(0)
    await terminal.until('write b.txt')
    expect(place.read('a.txt')).toBe('a\n')
    expect((await place.run(['runs', 'steer', 'make', 'stop'])).exit).toBe(0)
    expect(await terminal.exit).toBe(130)
    expect(place.has('b.txt')).toBe(false)
    await replays(place)
  })
})

describe.skipIf(onWindows)('a run that is paused while an agent is at work', () => {
  const ASK = '[[conductor.rules]]\nbefore = "*"\ntools = ["write"]\ndo = "ask"\n'

  /** Paused between the first call of the agent and its second one. */
  async function paused(): Promise<TestPlace> {
    const place = making()
    place.write('ask.toml', ASK)
    expect((await place.run(['orchestration', 'run', 'make', '--conductor', 'ask.toml'])).exit).toBe(3)
    for (const words of [['pause'], ['approve', 'maker']])
      expect((await place.run(['runs', 'steer', 'make', ...words])).exit).toBe(0)
    await place.untilEvent('run.waiting', 3)
    expect(place.read('a.txt')).toBe('a\n')
    expect((await place.run(['inbox'])).stdout).toMatch(/paused by person:\S+, maker waits: go on\?/)
    return place
  }

  test('begins no further call of a tool until it is told to go on', async () => {
    const place = await paused()
    await place.run(['runs', 'steer', 'make', 'continue'])
    await place.untilEvent('wait.opened', 7)
    await place.run(['runs', 'steer', 'make', 'approve', 'maker'])
    await place.untilStatus('succeeded')
    expect(place.read('b.txt')).toBe('b\n')
    await replays(place)
  })

  test('makes no further call once it is stopped', async () => {
    const place = await paused()
    await place.run(['runs', 'steer', 'make', 'stop'])
    await place.untilStatus('cancelled')
    expect(place.has('b.txt')).toBe(false)
    await replays(place)
  })
})
