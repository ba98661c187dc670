import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const CONFIG = `
[orchestrations.talk]
agents = ["Scout"]
[orchestrations.pair]
steps = [["Scout", "Teller"]]
[agents.Scout]
backend = "scripted"
tools = ["note", "ask"]
writes = ["found"]
[agents.Teller]
backend = "scripted"
output = "text"
writes = ["told"]
[agents.Short]
backend = "scripted"
limits = { replies = 2 }
`

const script = (...replies: readonly object[]) => JSON.stringify({ replies })

function talking(...replies: readonly object[]): TestPlace {
  return given({ config: CONFIG, files: { 'replies.json': script(...replies) } })
}

const run = ['orchestration', 'run', 'talk', '--script', 'replies.json']

describe.skipIf(onWindows)('an agent with a script', () => {
  test('marks its run in every list, also while it waits, and until it is erased', async () => {
    const place = talking(
      { agent: 'scout', tools: [{ tool: 'ask', args: { question: 'Where?' } }] },
      { agent: 'scout', text: '{"found": 1}' },
    )
    const ran = await place.run([...run, '--goal', 'look', '--detach'])
    expect(ran.exit).toBe(0)
    await place.untilStatus('waiting')
    expect((await place.run(['status'])).stdout).toContain('talk - waiting, scripted\n')
    expect((await place.run(['runs', 'list'])).stdout).toMatch(/ waiting .* talk .* scripted\n$/)
    expect((await place.run(['runs', 'cancel', place.lastRun()])).exit).toBe(0)
    await place.settled()
    expect(await place.json(['runs', 'list'])).toMatchObject({ runs: [{ status: 'cancelled', scripted: true }] })
    expect((await place.run(['verify'])).exit).toBe(0)
    expect((await place.run(['runs', 'prune', place.lastRun(), '--yes'])).exit).toBe(0)
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('talks until it hands in what can be taken, and the log has all that it saw', async () => {
    const place = talking(
      { agent: 'scout', tools: [{ tool: 'note', args: { text: 'seen' } }, { tool: 'fly' }] },
      { agent: 'scout', text: 'no JSON' },
      { agent: 'scout', text: '```json\n{"found": 3}\n```\n' },
    )
    const shown = await place.json([...run, '--goal', 'look around'])
    expect(shown).toMatchObject({
      status: 'succeeded',
      context: { found: 3, notes: ['seen'] },
      agents: [{ name: 'Scout', backend: 'scripted', status: 'success' }],
    })
    const steps = place.events('step.started').map(({ body }) => body)
    expect(steps.map(({ name, activity }) => `${name} ${activity}`)).toEqual(Array(3).fill('scout:reply reply'))
    const last = steps.at(-1)?.['input'] as { readonly messages: readonly object[] }
    expect(last).toMatchObject({ backend: 'scripted', instructions: expect.stringContaining('orders') })
    expect(last.messages).toMatchObject([
      { from: 'run' },
      { from: 'agent', calls: [{ tool: 'note' }, { tool: 'fly' }] },
      { from: 'tools', results: [{ result: { ok: true } }, { result: { ok: false, error: 'unknown_tool' } }] },
      { from: 'agent', text: 'no JSON' },
      { from: 'run', text: expect.stringContaining('not one JSON object') },
    ])
    expect((await place.run(['verify'])).exit).toBe(0)
    expect((await place.run(['orchestration', 'run', 'talk', '--script', 'replies.json'])).stderr).toMatch(
      /ok +scout +Scout +scripted .* wrote/,
    )
  })

  test('fails where it hands in nothing that can be taken twice, or writes what it does not declare', async () => {
    const broken = await talking({ agent: 'scout', text: 'a' }, { agent: 'scout', text: 'b' }).json(run)
    expect(broken).toMatchObject({ status: 'failed', failure: { cause: { code: 'answer_invalid' } } })
    const undeclared = await talking({ agent: 'scout', output: { found: 1, 'review.status': 'passed' } }).json(run)
    expect(undeclared).toMatchObject({ failure: { cause: { code: 'undeclared_write', keys: ['review.status'] } } })
    expect(undeclared['context']).toEqual({})
  })

  test('fails where the script has nothing more for it, and says so', async () => {
    const place = talking({ agent: 'scout', tools: [{ tool: 'note', args: { text: 'x' } }] })
    const ran = await place.run(run)
    expect(ran.exit).toBe(1)
    expect(ran.stderr).toContain('the script has no further reply for scout; it has 1')
  })

  test('asks again where its backend has a passing fault, and fails by the name of one that stays', async () => {
    const passing = talking({ agent: 'scout', output: {}, fault: 'overloaded', times: 1 })
    expect(await passing.json(run)).toMatchObject({ status: 'succeeded' })
    expect(passing.events('step.retried')).toHaveLength(1)
    const staying = await talking({ agent: 'scout', fault: 'refused' }).json(run)
    expect(staying).toMatchObject({ failure: { cause: { code: 'backend_refused', fault: 'refused' } } })
  })

  test('is told once where a reply is malformed or cut off', async () => {
    const mended = talking({ agent: 'scout', fault: 'malformed' }, { agent: 'scout', output: {} })
    expect(await mended.json(run)).toMatchObject({ status: 'succeeded' })
    const twice = talking({ agent: 'scout', fault: 'cut' }, { agent: 'scout', fault: 'malformed' })
    expect(await twice.json(run)).toMatchObject({ failure: { cause: { code: 'answer_invalid' } } })
  })

  test('counts its own replies, whatever those beside it do', async () => {
    const place = talking(
      { agent: 'Teller', text: 'told', delay: '50ms' },
      { agent: 'Scout', tools: [{ tool: 'note', args: { text: '1' } }] },
      { agent: 'Scout', output: { found: 'it' } },
    )
    expect(await place.json(['orchestration', 'run', 'pair', '--script', 'replies.json'])).toMatchObject({
      status: 'succeeded',
      context: { told: 'told', found: 'it' },
    })
  })

  test('asks people', async () => {
    const question = { question: 'Blue or red?', choices: ['blue', 'red'] }
    const place = talking({ agent: 'scout', tools: [{ tool: 'ask', args: question }] }, { agent: 'scout', output: {} })
    const waiting = await place.run([...run, '--json'])
    expect(waiting.exit).toBe(3)
    const number = /^(\d+) {2}scout asks: Blue or red\?$/m.exec((await place.run(['inbox'])).stdout)?.[1] ?? ''
    expect((await place.run(['answer', number, 'red'])).exit).toBe(0)
    await place.run(['runs', 'resume', String(JSON.parse(waiting.stdout).run)])
    const last = place.events('step.started').at(-1)?.body['input'] as { readonly messages: readonly object[] }
    expect(last.messages.at(-1)).toMatchObject({ results: [{ result: { ok: true, answer: 'red' } }] })
  })

  test('asks nobody with choices that would be more than a line, such as a forged question in the inbox', async () => {
    const forged = [
      ['yes', 'no\n99  release asks: Deploy?\n   orchastration answer 99 yes'],
      ['\u001b[2Jyes', 'no'],
    ]
    const tools = forged.map((choices) => ({ tool: 'ask', args: { question: 'Go on?', choices } }))
    const place = talking({ agent: 'scout', tools }, { agent: 'scout', output: {} })
    expect((await place.run(run)).exit).toBe(0)
    const last = place.events('step.started').at(-1)?.body['input'] as { readonly messages: readonly object[] }
    const refused = { result: { ok: false, error: 'bad_arguments' } }
    expect(last.messages.at(-1)).toMatchObject({ results: [refused, refused] })
    expect((await place.run(['inbox'])).stdout).not.toContain('Deploy')
  })
})

const ROLE = `---
description: Looks around
capabilities: [counts files]
backend: scripted
tools: [note]
writes: [found]
limits:
  replies: 2
---

Look around, and count.

Say what you saw.
`

describe.skipIf(onWindows)('a turn', () => {
  const limited = (limits: string, ...replies: readonly object[]) => {
    const config = CONFIG.replace('writes = ["found"]', `writes = ["found"]\nlimits = { ${limits} }`)
    return given({ config, files: { 'replies.json': script(...replies) } })
  }
  const note = { agent: 'scout', tools: [{ tool: 'note', args: { text: 'x' } }] }

  test.each([
    ['replies = 2', 'replies', [note, note, note]],
    ['tool_calls = 1', 'tool_calls', [note, note, note]],
    ['timeout_seconds = 1', 'timeout_seconds', [note, { ...note, delay: '1m' }]],
    ['max_reply_bytes = 100', 'max_reply_bytes', [{ agent: 'scout', text: 'x'.repeat(200) }]],
  ])('comes to its limits: %s', async (limits, limit, replies) => {
    const place = limited(limits, ...replies)
    const begun = performance.now()
    expect(await place.json(run)).toMatchObject({
      status: 'failed',
      failure: { cause: { code: 'turn_limit', agent: 'scout', limit } },
    })
    expect(performance.now() - begun).toBeLessThan(20_000)
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('waits for nobody longer than its time', async () => {
    const ask = { agent: 'scout', tools: [{ tool: 'ask', args: { question: 'Why?' } }] }
    const asks = limited('timeout_seconds = 1', ask)
    expect((await asks.run(run)).exit).toBe(3)
    await asks.run(['work', '--run', asks.lastRun()])
    expect(asks.events('node.ended')[0]?.body).toMatchObject({
      failure: { code: 'turn_limit', limit: 'timeout_seconds' },
    })
    expect((await asks.run(['inbox'])).stdout).toBe('nobody is asked anything\n')
  })

  test('may be of a role by its short name, and all that it is told can be looked at', async () => {
    const place = given({
      config: '[orchestrations.x]\nagents = ["Researcher"]\n',
      files: { 'replies.json': script({ agent: 'researcher', text: 'It is there' }) },
    })
    const named = ['orchestration', 'run', 'x', '--backend', 'scripted', '--script', 'replies.json']
    expect(await place.json(named)).toMatchObject({ context: { 'research.notes': 'It is there' } })
    const told = place.events('step.started')[0]?.body['input']
    const { stdout } = await place.run(['agent', 'show', 'researcher', '--prompt'])
    expect(told).toMatchObject({ instructions: stdout.trimEnd(), role_version: 1, prompt_version: 1 })
  })
})

describe.skipIf(onWindows)('a built-in agent', () => {
  const replies = script(
    { agent: 'builder', text: 'Nothing to change' },
    { agent: 'planner', output: { tasks: [{ name: 'page', kind: 'work', criteria: ['it is there'] }] } },
    { agent: 'reviewer', output: { verdict: 'passed', reasons: ['it is'] } },
    { agent: 'doc', text: 'Nothing to describe' },
  )

  test('may have another backend, and is itself otherwise', async () => {
    const place = given({
      config: '[agents.BuilderAgent]\nbackend = "scripted"\n[jobs.lint]\ncommand = ["true"]\n',
      files: { 'replies.json': replies },
    })
    const shown = await place.json(['orchestration', 'run', '--goal', 'lint', '--script', 'replies.json'])
    const agents = shown['agents'] as readonly { readonly [key: string]: unknown }[]
    expect(agents.map(({ name, backend, status }) => `${name} ${backend} ${status}`)).toEqual([
      'PlannerAgent command success',
      'BuilderAgent scripted success',
      // Nobody has run the job, so the work comes back, and the script has no more.
      'BuilderAgent scripted failed',
      'ReviewerAgent command rejected',
      'ReviewerAgent null skipped',
      'DocAgent null skipped',
    ])
    expect(place.events('step.started')[0]?.body['input']).toMatchObject({
      instructions: expect.stringContaining('Do the tasks of the plan'),
      messages: [{ text: expect.stringContaining('plan.tasks: ["lint"]') }],
    })
  })

  test('plans freely within another orchestration, too', async () => {
    const place = given({
      config:
        '[[orchestrations.outer.nodes]]\nid = "in"\nkind = "orchestration"\nwith = { orchestration = "default", goal = "x" }\n',
      files: { 'replies.json': replies },
    })
    const outer = ['orchestration', 'run', 'outer', '--backend', 'scripted', '--script', 'replies.json']
    expect(await place.json(outer)).toMatchObject({ status: 'succeeded' })
  })
})

describe.skipIf(onWindows)('an agent in a Markdown file', () => {
  const withRole = (text: string) =>
    given({
      config: '[agents.Scout]\nfile = "roles/scout.md"\n[orchestrations.talk]\nagents = ["Scout"]\n',
      files: { 'roles/scout.md': text, 'replies.json': script({ agent: 'scout', output: { found: 1 } }) },
    })

  test('has its keys and its instructions there, and the configuration counts before it', async () => {
    const place = withRole(ROLE)
    expect(await place.json(run)).toMatchObject({ status: 'succeeded', context: { found: 1 } })
    const told = place.events('step.started')[0]?.body['input']
    expect(told).toMatchObject({
      instructions: expect.stringMatching(/^Look around, and count\.\n\nSay what you saw\./),
    })
    expect((await place.run(['agent', 'list'])).stdout).toContain('- Scout: counts files\n')
    expect(await place.json(['agent', 'show', 'Scout'])).toMatchObject({
      description: 'Looks around',
      tools: ['note'],
      backend: 'scripted',
      limits: { replies: 2 },
    })
    place.configure(
      '[agents.Scout]\nfile = "roles/scout.md"\nwrites = ["other"]\n[orchestrations.talk]\nagents = ["Scout"]\n',
    )
    expect(await place.json(run)).toMatchObject({ failure: { cause: { code: 'undeclared_write', keys: ['found'] } } })
  })

  test.each([
    ['---\ntools: [fly]\n---\nx', 'tools[0] must be one of "read", "list"'],
    ['---\ntolos: [read]\n---\nx', 'the file has a key that is not known: tolos'],
    ['---\ntools: [\n---\nx', 'the keys at its beginning are no valid YAML'],
    ['---\ntools: [read]\n', 'the keys at its beginning have no end'],
    ['---\nname: Other\n---\nx', 'its name is not "Scout"'],
  ])('is refused before anything runs where it is wrong: %j', async (text, words) => {
    const place = withRole(text)
    const { exit, stderr } = await place.run(run)
    expect(exit).toBe(2)
    expect(stderr).toContain(words)
    expect(existsSync(place.store)).toBe(false)
  })

  test('counts for the trust in its project', async () => {
    const place = withRole(ROLE)
    place.configure('')
    place.write(
      'orchastration.toml',
      '[agents.Scout]\nfile = "roles/scout.md"\n[orchestrations.talk]\nagents = ["Scout"]\n',
    )
    expect((await place.run(['trust', '--yes'])).exit).toBe(0)
    expect(await place.json(run)).toMatchObject({ status: 'succeeded' })
    place.write('roles/scout.md', ROLE.replace('count', 'obey'))
    expect((await place.run(run)).stderr).toContain('is not trusted and does not count')
    expect(place.events('run.queued')).toHaveLength(1)
  })
})

describe.skipIf(onWindows)('a turn that is killed', () => {
  test('goes on after the last reply that was recorded, and asks for none of them again', async () => {
    const notes = Array.from({ length: 6 }, (_, index) => {
      return { agent: 'scout', tools: [{ tool: 'note', args: { text: index } }], delay: '40ms' }
    })
    const place = talking(...notes, { agent: 'scout', output: {} })
    let started = place.start(run)
    for (const replies of [1, 3, 5]) {
      await until(() => ended(place).length >= replies, `${replies} replies`)
      started.signal('SIGKILL')
      await started.ended
      started = place.start(['runs', 'resume', place.lastRun()])
    }
    expect(await started.ended).toMatchObject({ exit: 0 })
    expect(ended(place)).toHaveLength(7)
    expect(place.events('step.started')).toHaveLength(7)
    expect(place.events('node.ended')[0]?.body['writes']).toEqual({ notes: [0, 1, 2, 3, 4, 5] })
    expect((await place.run(['verify'])).exit).toBe(0)
  })
})

const ended = (place: TestPlace) => (existsSync(place.store) ? place.events('step.succeeded') : [])

describe.skipIf(onWindows)('a script', () => {
  test('is read before anything runs, and everything wrong with it is said', async () => {
    const place = talking({ agent: 'scout', say: 'x' }, { agent: '' })
    const ran = await place.run(run)
    expect(ran.exit).toBe(2)
    expect(ran.stderr).toContain('1:13: replies[0] has a key that is not known: say')
    expect(ran.stderr).toContain('1:50: replies[1].agent must not be empty')
    place.write('replies.json', '{"replies": [')
    expect((await place.run(run)).stderr).toContain('1:14: the text ends here')
    expect((await place.run(['orchestration', 'run', 'talk', '--script', 'nope.json'])).exit).toBe(2)
    expect(existsSync(place.store)).toBe(false)
  })

  test('is needed by whoever has that backend, and takes the place of no other one', async () => {
    const place = given({ config: CONFIG })
    const missing = await place.run(['orchestration', 'run', 'talk'])
    expect(missing).toMatchObject({ exit: 2 })
    expect(missing.stderr).toContain('no script was given for scout')
    place.configure('[orchestrations.x]\nagents = ["ArchitectAgent"]\n')
    place.write('replies.json', script({ agent: 'architect', text: 'do it' }))
    const echo = await place.run(['orchestration', 'run', 'x', '--goal', 'g', '--script', 'replies.json'])
    expect(echo.exit).toBe(2)
    expect(echo.stderr).toContain('ArchitectAgent has nothing to take its turn: it has no command')
    const named = ['orchestration', 'run', 'x', '--goal', 'g', '--script', 'replies.json', '--backend', 'scripted']
    expect(await place.json(named)).toMatchObject({ status: 'succeeded', context: { 'design.notes': 'do it' } })
    const unknown = await place.run([...named.slice(0, -1), 'gpt'])
    expect(unknown.stderr).toContain('no gpt backend')
  })

  test('with replies for nobody is told so, with whom may be meant', async () => {
    const place = talking(
      { agent: 'scuot', text: 'x' },
      { agent: 'scout', output: {} },
      { agent: 'ScoutAgent', text: 'y' },
    )
    const { stderr, exit } = await place.run(run)
    expect(exit).toBe(0)
    expect(stderr).toContain('the script has replies for nobody of this run: scuot (did you mean scout?)\n')
  })

  test('may be named by the orchestration', async () => {
    const place = given({
      config: '[orchestrations.x]\nagents = ["ArchitectAgent"]\nscript = "s.json"\n',
      files: { 's.json': script({ agent: 'architect', text: 'do it' }) },
    })
    expect(await place.json(['orchestration', 'run', 'x', '--backend', 'scripted'])).toMatchObject({
      status: 'succeeded',
    })
  })
})
