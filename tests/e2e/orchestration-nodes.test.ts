import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

/** A command that notes that it ran. */
const notes = (word: string) => `["sh", "-c", "echo ${word} >> ledger"]`

const nodes = (...tables: readonly string[]) => tables.map((table) => `[[orchestrations.o.nodes]]\n${table}\n`).join('')

const states = (document: Readonly<Record<string, unknown>>) =>
  (document['agents'] as readonly Readonly<Record<string, unknown>>[]).map(({ id, status, item }) =>
    item === null ? `${id} ${status}` : `${id}[${item}] ${status}`,
  )

async function ran(place: TestPlace, ...args: readonly string[]) {
  const shown = await place.json(['orchestration', 'run', 'o', ...args])
  return { states: states(shown), shown }
}

describe.skipIf(onWindows)('a node', () => {
  test('runs a command with its surroundings, and what needs it comes after', async () => {
    const config = nodes(
      'id = "second"\nkind = "command"\nneeds = ["first"]\nwith = { command = "echo $WORD $PWD >> ledger", shell = true, env = { WORD = "two" } }',
      `id = "first"\nkind = "command"\nwith = { command = ${notes('one')} }`,
    )
    const place = given({ config })
    expect((await ran(place)).states).toEqual(['first success', 'second success'])
    expect(place.lines('ledger')).toEqual(['one', `two ${place.directory}`])
  })

  test('runs a job after all that it needs, each once, with parameters and the question that it asks', async () => {
    const config = `
[jobs.base]
command = ${notes('base')}
[jobs.pack]
command = ["sh", "-c", "echo pack {{target}} \\"$@\\" >> ledger", "sh"]
needs = ["base"]
params = { target = { enum = ["app", "lib"] } }
${nodes(
  'id = "app"\nkind = "job"\nwith = { job = "pack", params = { target = "app" }, args = ["-v"] }',
  'id = "lib"\nkind = "job"\nneeds = ["app"]\nwith = { job = "pack", params = { target = "lib" } }',
)}`
    const place = given({ config })
    expect((await ran(place)).states).toEqual(['app success', 'lib success'])
    expect(place.lines('ledger')).toEqual(['base', 'pack app -v', 'pack lib'])
  })

  test('asks what its job wants to have asked, and holds what the run gives it to what the job says', async () => {
    const config = `
[jobs.ship]
command = ["sh", "-c", "echo {{where}} >> ledger"]
params = { where = { enum = ["test", "live"] } }
confirm = "Ship it?"
${nodes('id = "ship"\nkind = "job"\nwith = { job = "ship", params = { where = "{{context.goal}}" } }')}`
    const place = given({ config })
    expect((await place.run(['orchestration', 'run', 'o', '--goal', 'live'])).exit).toBe(3)
    expect(place.has('ledger')).toBe(false)
    await place.run(['answer', '2', 'yes'])
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['live'])
    const { exit, stderr } = await place.run(['orchestration', 'run', 'o', '--goal', 'mars; rm -rf /'])
    expect(exit).toBe(1)
    expect(stderr).toContain('mars; rm -rf /')
    expect(place.lines('ledger')).toEqual(['live'])
  })

  test('asks a person, and the answer decides what is done', async () => {
    const config = nodes(
      'id = "where"\nkind = "human"\nwith = { text = "Where to?", choices = ["test", "live"] }',
      `id = "live"\nkind = "command"\nneeds = ["where"]\nwhen = 'where.answer == "live"'\nwith = { command = ${notes('live')} }`,
      `id = "test"\nkind = "command"\nneeds = ["where"]\nwhen = 'where.answer == "test"'\nwith = { command = ["sh", "-c", "echo $0 >> ledger", "{{context.where.answer}}"] }`,
    )
    const place = given({ config })
    expect((await place.run(['orchestration', 'run', 'o'])).exit).toBe(3)
    await place.run(['answer', '2', 'test'])
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['test'])
    expect(place.events('node.ended').map(({ body }) => `${body['node']} ${body['status']}`)).toEqual([
      'where success',
      'live skipped',
      'test success',
    ])
  })

  test('that asks yes or no has failed by no', async () => {
    const place = given({ config: nodes('id = "sure"\nkind = "human"\nwith = { text = "Sure?" }') })
    await place.run(['orchestration', 'run', 'o'])
    await place.run(['answer', '2', 'no'])
    await place.untilStatus('failed')
  })

  test('waits', async () => {
    const config = nodes(
      'id = "pause"\nkind = "wait"\nwith = { for = "20ms" }',
      'id = "past"\nkind = "wait"\nwith = { until = "2020-01-01T00:00:00Z" }',
    )
    const place = given({ config })
    expect((await ran(place)).states).toEqual(['pause success', 'past success'])
    expect(place.events('timer.fired')).toHaveLength(2)
  })

  test('plays another orchestration in a context of its own, and its values come back below the node’s name', async () => {
    const config = `
[agents.Scout]
command = ["sh", "-c", "echo '{\\"scout.files\\": 7}'"]
writes = ["scout.files"]
[orchestrations.look]
agents = ["Scout"]
${nodes(
  'id = "inner"\nkind = "orchestration"\nwith = { orchestration = "look" }',
  `id = "after"\nkind = "command"\nneeds = ["inner"]\nwhen = "inner.scout.files > 6"\nwith = { command = ${notes('seven')} }`,
)}`
    const place = given({ config })
    const { shown, states: found } = await ran(place)
    expect(found).toEqual(['inner success', 'inner/scout success', 'after success'])
    expect(shown['context']).toEqual({ 'inner.scout.files': 7 })
    expect(place.lines('ledger')).toEqual(['seven'])
  })

  test('plays another orchestration for each item, by its task; what fails in one ends the others', async () => {
    const place = given()
    const task = (name: string, command: string) =>
      `[tasks.${name}]\nrepo = "external"\nworking_dir = "${place.directory}"\ncommand = ["sh", "-c", "${command}"]\noutputs = ["${name}"]\n`
    const each = (list: string) =>
      nodes(
        `id = "each"\nkind = "orchestration"\nforeach = ${list}\nwith = { orchestration = "inner", task = "{{item}}" }`,
      )
    const inner = '[orchestrations.inner]\nagents = ["PlannerAgent", "BuilderAgent", "ReviewerAgent"]\n'
    const tasks = task('one', 'echo 1 > one') + task('two', 'echo 2 > two') + task('bad', 'false')
    place.configure(tasks + inner + each('["one", "two"]'))
    const good = await ran(place)
    expect(good.shown['context']).toMatchObject({
      'each.build.outputs': [place.path('one'), place.path('two')],
      'each.review.status': ['passed', 'passed'],
    })
    expect(good.states).toContain('each[1]/reviewer success')
    place.configure(tasks + inner + each('["bad", "one"]'))
    const bad = await ran(place, '--jobs', '1')
    expect(bad.states).toEqual(
      expect.arrayContaining([
        'each failed',
        'each[0] failed',
        'each[0]/builder failed',
        'each[0]/reviewer skipped',
        'each[1] skipped',
        'each[1]/reviewer skipped',
      ]),
    )
  })

  test('that nobody answers in time has failed, and what it needs to say must have been written', async () => {
    const late = given({ config: nodes('id = "ask"\nkind = "human"\nwith = { text = "Well?", deadline = "1ms" }') })
    await late.run(['orchestration', 'run', 'o'])
    await late.run(['work', '--run', late.lastRun()])
    await late.untilStatus('failed')
    const silent = given({
      config: nodes('id = "say"\nkind = "command"\nwith = { command = ["echo", "{{context.goal}}"] }'),
    })
    const { exit, stderr } = await silent.run(['orchestration', 'run', 'o'])
    expect(exit).toBe(1)
    expect(stderr).toContain(
      'say needs "{{context.goal}}", and nothing was written there\n  give the run a goal with --goal',
    )
    expect((await silent.run(['orchestration', 'run', 'o', '--goal', 'peace'])).exit).toBe(0)
  })

  test('is done for each item, side by side, and what they write comes together in the order of the items', async () => {
    const config = `
[agents.Echo]
command = ["sh", "-c", "echo '{\\"echo.said\\": 1}'"]
writes = ["echo.said"]
${nodes(
  'id = "each"\nforeach = ["a", "b", "c"]\nwith = { agent = "Echo" }',
  'id = "said"\nkind = "command"\nneeds = ["each"]\nforeach = "echo.said.map(n, n + 1)"\nwith = { command = ["sh", "-c", "echo $0 >> ledger", "{{item}}"] }',
)}`
    const place = given({ config })
    const { shown } = await ran(place, '--jobs', '1')
    expect(shown['context']).toEqual({ 'echo.said': [1, 1, 1] })
    expect(place.lines('ledger')).toEqual(['2', '2', '2'])
  })

  test('is done again until its condition holds, and fails where it never does', async () => {
    const count = `["sh", "-c", "echo x >> ledger; echo \\"{\\\\\\"lines\\\\\\": $(wc -l < ledger)}\\""]`
    const config = (limit: number) => `
[agents.Counter]
command = ${count}
writes = ["lines"]
${nodes(`id = "count"\nuntil = { condition = "lines >= 3", limit = ${limit} }\nwith = { agent = "Counter" }`)}`
    const good = given({ config: config(5) })
    expect((await ran(good)).states).toEqual(['count success', 'count success', 'count success'])
    const bad = given({ config: config(2) })
    const { exit, stderr } = await bad.run(['orchestration', 'run', 'o'])
    expect(exit).toBe(1)
    expect(stderr).toContain('count was done 2 times, and "lines >= 3" still does not hold')
  })

  test('that failed is tried again, runs out of time, or is taken up by another one', async () => {
    const config = nodes(
      'id = "flaky"\nkind = "command"\nretry = { attempts = 3, backoff = "1ms" }\nwith = { command = ["sh", "-c", "echo try >> ledger; test $(wc -l < ledger) -ge 2"] }',
      'id = "slow"\nkind = "command"\nneeds = ["flaky"]\ntimeout = "50ms"\non_failure = "mend"\nwith = { command = ["sleep", "100"] }',
      `id = "mend"\nkind = "command"\nwith = { command = ${notes('mended')} }`,
      `id = "after"\nkind = "command"\nneeds = ["slow"]\nwith = { command = ${notes('after')} }`,
      'id = "odd"\nkind = "command"\nneeds = ["after"]\non_failure = "continue"\nwith = { command = ["false"] }',
      `id = "last"\nkind = "command"\nneeds = ["odd"]\nwith = { command = ${notes('last')} }`,
    )
    const place = given({ config })
    const { states: found, shown } = await ran(place)
    expect(found).toEqual([
      'flaky failed',
      'flaky success',
      'slow failed',
      'mend success',
      'after success',
      'odd failed',
      'last success',
    ])
    expect(shown['exit']).toBe(0)
    expect(place.lines('ledger')).toEqual(['try', 'try', 'mended', 'after', 'last'])
  })

  test('that only waits is waited for no more once the run is told to stop', async () => {
    const config = nodes(
      'id = "ask"\nkind = "human"\nwith = { text = "Well?" }',
      'id = "pause"\nkind = "wait"\nwith = { for = "1d" }',
      'id = "next"\nkind = "wait"\nneeds = ["ask"]\nwith = { for = "1d" }',
    )
    const place = given({ config })
    await place.run(['orchestration', 'run', 'o'])
    expect((await place.run(['runs', 'steer', 'o', 'stop', '--reason', 'enough'])).exit).toBe(0)
    await place.untilStatus('cancelled')
    expect(
      place
        .events('node.ended')
        .map(({ body }) => `${body['node']} ${body['message']}`)
        .sort(),
    ).toEqual(['ask skipped: enough', 'next skipped: ask did not succeed', 'pause skipped: enough'])
    await place.gives(['inbox'], { stdout: 'nobody is asked anything\n', exit: 0 })
  })

  test('that nothing takes up ends the run: no other one begins, and questions close', async () => {
    const config = nodes(
      'id = "bad"\nkind = "command"\nwith = { command = ["false"] }',
      'id = "ask"\nkind = "human"\nwith = { text = "Well?" }',
      `id = "next"\nkind = "command"\nneeds = ["bad"]\nwith = { command = ${notes('next')} }`,
    )
    const place = given({ config })
    const { states: found, shown } = await ran(place)
    expect(found).toEqual(['bad failed', 'ask skipped', 'next skipped'])
    expect(shown['status']).toBe('failed')
    await place.gives(['inbox'], { stdout: 'nobody is asked anything\n', exit: 0 })
  })
})

describe.skipIf(onWindows)('a graph of nodes', () => {
  const config = `[orchestrations.p]\nagents = ["DocAgent"]\n${nodes(
    'id = "end"\nkind = "command"\nneeds = ["ask"]\nwhen = \'ask.answer == "yes" && "a\\"]" != "<b>"\'\ntimeout = "5m"\nretry = { attempts = 2 }\nwith = { command = ["make", "it"] }',
    'id = "ask"\nkind = "human"\non_failure = "mend"\nwith = { text = "Sure?" }',
    'id = "mend"\nkind = "orchestration"\nwith = { orchestration = "p", goal = "peace" }',
    'id = "each"\nkind = "wait"\nneeds = ["end"]\nforeach = ["1s", "2s"]\nuntil = { condition = "round > 1", limit = 3 }\nwith = { for = "{{item}}" }',
  )}`

  test('is explained as text, as data and as a diagram in which no text of the user’s means anything', async () => {
    const place = given({ config })
    await place.gives(['orchestration', 'explain', 'o'], {
      stdout: [
        'o',
        '  ask   human',
        '        asks Sure? (yes | no)',
        '        mend takes its place on failure',
        '  mend  orchestration',
        '        plays p for peace',
        '  end   command        after ask',
        '        when ask.answer == "yes" && "a\\"]" != "<b>"',
        '        runs make it',
        '        tried 2 times at most',
        '        within 5m00s',
        '  each  wait           after end',
        '        waits {{item}}',
        '        for each of "1s", "2s"',
        '        until round > 1, 3 times at most\n',
      ].join('\n'),
      exit: 0,
    })
    expect((await place.run(['orchestration', 'explain', 'o', '--mermaid'])).stdout).toBe(
      [
        'flowchart TD',
        '  n1["ask: human<br>asks Sure#63; (yes #124; no)"]',
        '  n2["mend: orchestration<br>plays p for peace"]',
        '  n3["end: command<br>when ask.answer == #34;yes#34; #38;#38; #34;a#92;#34;#93;#34; #33;= #34;#60;b#62;#34;<br>runs make it<br>tried 2 times at most<br>within 5m00s"]',
        '  n4["each: wait<br>waits #123;#123;item#125;#125;<br>for each of #34;1s#34;, #34;2s#34;<br>until round #62; 1, 3 times at most"]',
        '  n1 --> n3',
        '  n3 --> n4',
        '  n1 -. failed .-> n2\n',
      ].join('\n'),
    )
    const shown = await place.json(['orchestration', 'explain', 'o'])
    expect(shown['nodes']).toContainEqual({
      id: 'each',
      kind: 'wait',
      needs: ['end'],
      with: { for: '{{item}}' },
      foreach: ['1s', '2s'],
      until: { condition: 'round > 1', limit: 3 },
    })
  })

  test('that reads what a node beside it writes is told whom it does not wait for', async () => {
    const nodes = (...texts: readonly string[]) => texts.map((text) => `[[orchestrations.o.nodes]]\n${text}\n`).join('')
    const agent = '[agents.A]\ncommand = ["true"]\nwrites = ["a.n"]\n'
    const wrong = nodes(
      'id = "a"\nwith = { agent = "A" }',
      'id = "b"\nkind = "command"\nwhen = "a.n > 1"\nwith = { command = ["echo", "{{context.a.n}}"] }',
      'id = "c"\nkind = "command"\nneeds = ["a"]\nwhen = "a.n > 1"\nwith = { command = ["true"] }',
    )
    const { stderr } = await given({ config: agent + wrong }).run(['orchestration', 'explain', 'o'])
    expect(stderr).toContain('this is "a.n", which a writes: let it stand in "needs"\n')
    expect(stderr).toContain('this is "{{context.a.n}}", which a writes: let it stand in "needs"\n')
    expect(stderr).toContain('2 problems')
    const circular = nodes(
      'id = "b"\nkind = "command"\nwhen = "a.n > 1"\nwith = { command = ["true"] }',
      'id = "a"\nneeds = ["b"]\nwith = { agent = "A" }',
    )
    const early = await given({ config: agent + circular }).run(['orchestration', 'explain', 'o'])
    expect(early.stderr).toMatch(/this is "a\.n"$/m)
  })

  test('is shown as it is set up: who takes part, by what, and where', async () => {
    const place = given({
      config: `${config}[agents.Mine]\nbackend = "human"\n[orchestrations.q]\nagents = ["Mine"]\nreferences = ["/usr/share"]\n`,
    })
    await place.gives(['orchestration', 'show', 'q'], {
      stdout:
        'q\n  agent       mine: Mine, by human\n  workspace   <work>\n  reference   /usr/share\n  may read    workspace, reference, domain\n  may write   workspace\nits graph:  orchastration orchestration explain q\n',
      exit: 0,
    })
    expect((await place.run(['orchestration', 'show', 'o'])).stdout).toContain(
      '  human          ask\n  orchestration  mend\n',
    )
  })

  test('with a mistake does not run, and says where it stands; jobs run all the same', async () => {
    const wrong = `[jobs.j]\ncommand = ["true"]\n${nodes('id = "a"\nkind = "job"\nneeds = ["b"]\nwith = { job = "j" }')}`
    const place = given({ config: wrong })
    const told = `~/.config/orchastration/config.toml:6:10\n  6 | needs = ["b"]\n    |          ^^^ no node "b" is there`
    for (const args of [
      ['config', 'validate'],
      ['orchestration', 'run', 'o'],
      ['orchestration', 'explain', 'o'],
    ]) {
      const { exit, stdout, stderr } = await place.run(args)
      expect(exit).toBe(2)
      expect(stdout + stderr).toContain(told)
    }
    expect(place.events()).toEqual([])
    expect((await place.run(['run', 'j'])).exit).toBe(0)
  })
})
