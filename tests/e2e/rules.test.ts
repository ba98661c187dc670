import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const BAND = `
[agents.First]
command = ["sh", "-c", "echo first >> ledger; echo '{}'"]
[agents.Second]
command = ["sh", "-c", "echo second >> ledger; test $(grep -c second ledger) -ge 3 && echo '{}'"]
[agents.Third]
command = ["sh", "-c", "echo third >> ledger; echo '{}'"]
[agents.Person]
backend = "human"
instructions = "Look at it"
[orchestrations.band]
agents = ["First", "Third"]
[orchestrations.flaky]
agents = ["Second"]
[orchestrations.asked]
agents = ["Person"]
[orchestrations.make]
agents = ["Maker"]
script = "replies.json"
[agents.Maker]
backend = "scripted"
tools = ["read", "write"]
`

const REPLIES = {
  replies: [
    { agent: 'maker', tools: [{ tool: 'write', args: { path: 'a.txt', text: 'a' } }] },
    { agent: 'maker', text: 'made' },
  ],
}

const place = (rules: string) =>
  given({ config: `${BAND}${rules}`, files: { 'replies.json': JSON.stringify(REPLIES) } })

const rule = (text: string) => `[[conductor.rules]]\n${text}\n`

const facts = (there: TestPlace, type = 'conductor.obeyed') =>
  there.events(type).map(({ body }) => [body['by'], body['node'], (body['command'] as { do: string }).do])

async function replays(there: TestPlace): Promise<void> {
  const { exit, stderr } = await there.run(['runs', 'replay', there.lastRun()])
  expect({ exit, stderr }).toMatchObject({ exit: 0 })
}

describe.skipIf(onWindows)('rules of the Conductor', () => {
  test('skip a step, as a fact that a replay obeys', async () => {
    const there = place(
      rule('before = "third"\ndo = "skip"') + rule('orchestration = "flaky"\nbefore = "*"\ndo = "pause"'),
    )
    expect((await there.run(['orchestration', 'run', 'band'])).exit).toBe(0)
    expect(there.lines('ledger')).toEqual(['first'])
    expect(facts(there)).toEqual([['rule:1', 'third', 'skip']])
    await replays(there)
  })

  test('do a step again that failed, ten times at most', async () => {
    const there = place(rule('after = "Second"\nstatus = "failed"\ndo = "repeat"'))
    expect((await there.run(['orchestration', 'run', 'flaky'])).exit).toBe(0)
    expect(there.lines('ledger')).toEqual(['second', 'second', 'second'])
    await replays(there)
    const endless = place(rule('after = "*"\ndo = "repeat"'))
    expect((await endless.run(['orchestration', 'run', 'band'])).exit).toBe(0)
    expect(endless.lines('ledger').filter((line) => line === 'first')).toHaveLength(11)
    expect(facts(endless, 'conductor.refused')).toEqual([
      ['rule:1', 'first', 'repeat'],
      ['rule:1', 'third', 'repeat'],
    ])
    await replays(endless)
  })

  test('tell an agent more at each of its turns, and change who takes it', async () => {
    const there = place(rule('before = "*"\ndo = ["patch --append \\"Closely.\\"", "backend human"]'))
    expect((await there.run(['orchestration', 'run', 'asked'])).exit).toBe(3)
    expect((await there.run(['inbox'])).stdout).toContain('Closely.')
    await there.run(['runs', 'cancel', 'asked'])
  })

  test('apply where their condition holds before the step, or after it', async () => {
    const there = place(
      rule('before = "third"\nwhen = "goal == \'short\'"\ndo = "skip"') +
        rule('after = "third"\nwhen = "goal == \'long\'"\nround = 1\ndo = ["set goal longer", "repeat"]') +
        rule('before = "third"\nwhen = "goal == \'longer\'"\ndo = "snapshot twice"'),
    )
    expect((await there.run(['orchestration', 'run', 'band', '--goal', 'short'])).exit).toBe(0)
    expect(there.lines('ledger')).toEqual(['first'])
    expect((await there.run(['orchestration', 'run', 'band', '--goal', 'long'])).exit).toBe(0)
    expect(there.lines('ledger')).toEqual(['first', 'first', 'third', 'third'])
    expect(facts(there).map(([, , command]) => command)).toEqual(['skip', 'set', 'repeat', 'snapshot'])
    await replays(there)
  })

  test('reject what an agent wants to do, or have a person asked', async () => {
    const there = place(rule('before = "maker"\ntools = ["write"]\ndo = "reject --reason \\"hands off\\""'))
    expect((await there.run(['orchestration', 'run', 'make'])).exit).toBe(0)
    expect(there.has('a.txt')).toBe(false)
    const replies = there.events('step.started').filter(({ body }) => body['activity'] === 'reply')
    expect(JSON.stringify(replies[1])).toContain('Rejected by rule:1: hands off')
    expect(facts(there)).toEqual([['rule:1', 'maker', 'reject']])
    await replays(there)
    const asking = place(rule('before = "*"\ntools = ["*"]\ndo = "ask"'))
    const { exit, stderr } = await asking.run(['orchestration', 'run', 'make'])
    expect([exit, stderr]).toEqual([3, expect.stringContaining('maker asks: maker wants to write a.txt')])
    expect((await asking.run(['runs', 'steer', 'make', 'approve', 'maker'])).exit).toBe(0)
    await asking.untilStatus('succeeded')
    expect(asking.read('a.txt')).toBe('a')
    await replays(asking)
  })

  test('stand in a file of their own, for one run', async () => {
    const there = place('')
    there.write('rules.toml', rule('before = "first"\ndo = "skip"'))
    expect((await there.run(['orchestration', 'run', 'band', '--conductor', 'rules.toml'])).exit).toBe(0)
    expect(there.lines('ledger')).toEqual(['third'])
    await there.run(['orchestration', 'run', 'band'])
    expect(there.lines('ledger')).toEqual(['third', 'first', 'third'])
  })

  test('that are wrong are all told before anything runs, with their places', async () => {
    const there = place(
      rule('before = "first"\ndo = "skp"') +
        rule('do = "pause"') +
        rule('before = "x"\nafter = "y"\ndo = "pause"') +
        rule('before = "x"\nround = 0\ndo = "pause"') +
        rule('before = "x"\nwhen = "a =="\ndo = "pause"'),
    )
    const { exit, stderr } = await there.run(['orchestration', 'run', 'band'])
    expect(exit).toBe(2)
    expect(stderr).toContain('5 problems')
    expect(stderr).toContain('do = "skp"')
    expect(stderr).toContain('did you mean "skip"?')
    expect(stderr).toContain('either before or after is expected')
    expect(stderr).toContain('^^^ either before or after, and not both, is expected, this is "y"')
    expect((await there.run(['config', 'validate'])).exit).toBe(2)
    expect(there.has('ledger')).toBe(false)
  })

  test('that name a step that is not there are told before anything runs', async () => {
    const there = place(
      rule('before = "frist"\ndo = "skip"') +
        rule('orchestration = "bnad"\nbefore = "*"\ndo = "skip"') +
        rule('before = "*"\nwhen = "goal == 7"\ndo = "skip"') +
        rule('before = "*"\nwhen = "gaol == \'x\'"\ndo = "skip"'),
    )
    for (const command of [
      ['orchestration', 'run', 'band'],
      ['config', 'validate'],
    ]) {
      const { exit, stdout, stderr } = await there.run(command)
      expect([exit, stdout + stderr]).toEqual([
        2,
        expect.stringContaining('rule 1: nothing is called "frist"; did you mean "first"?'),
      ])
      expect(stdout + stderr).toContain('rule 2: nothing is called "bnad"')
      expect(stdout + stderr).toContain('rule 3: a condition in CEL (')
      expect(stdout + stderr).toContain('rule 4: nothing is called "gaol"; did you mean "goal"?')
    }
    expect(there.has('ledger')).toBe(false)
    there.write('rules.toml', rule('before = "second"\ndo = "skip"'))
    there.configure(BAND)
    const named = await there.run(['orchestration', 'run', 'band', '--conductor', 'rules.toml'])
    expect([named.exit, named.stderr]).toEqual([2, expect.stringContaining('nothing is called "second"')])
    const absent = await there.run(['orchestration', 'run', 'band', '--conductor', 'none.toml'])
    expect([absent.exit, absent.stderr]).toEqual([2, expect.stringContaining('none.toml')])
    there.write('rules.toml', BAND)
    const wrong = await there.run(['orchestration', 'run', 'band', '--conductor', 'rules.toml'])
    expect([wrong.exit, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('a file of [[conductor.rules]] and nothing else'),
    ])
  })
})
