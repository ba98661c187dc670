import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const ORCHESTRATIONS = `
[orchestrations.hello_multi_agent]
description = "All four"
agents = ["PlannerAgent", "BuilderAgent", "ReviewerAgent", "DocAgent"]
[orchestrations.parallel_example]
steps = [["PlannerAgent"], ["ReviewerAgent", "BuilderAgent"], ["DocAgent"]]
[orchestrations.site]
agents = ["BuilderAgent"]
[jobs.lint]
description = "Check the style"
command = ["sh", "-c", "echo lint >> ledger"]
[jobs.unit]
description = "Run the tests"
command = ["sh", "-c", "echo unit >> ledger"]
needs = ["lint"]
`

const task = (place: TestPlace, name: string, [command, output]: readonly [string, string]) => `
[tasks.${name}]
repo = "external"
working_dir = "${place.directory}"
command = ["sh", "-c", "${command}"]
outputs = ["${output}"]
`

/** A place with a task that makes what it should, and one that does not. */
function withTasks(): TestPlace {
  const place = given()
  place.configure(
    ORCHESTRATIONS +
      task(place, 'site', ['echo site >> ledger; echo page > page', 'page']) +
      task(place, 'broken', ['true', 'never']),
  )
  return place
}

const agents = (document: Readonly<Record<string, unknown>>) =>
  (document['agents'] as readonly Readonly<Record<string, unknown>>[]).map(({ name, status }) => `${name} ${status}`)

describe.skipIf(onWindows)('an orchestration', () => {
  test('plans, builds, reviews and documents a task', async () => {
    const place = withTasks()
    const shown = await place.json(['orchestration', 'run', 'hello_multi_agent', '--task', 'site', '--goal', 'a site'])
    expect(agents(shown)).toEqual([
      'PlannerAgent success',
      'BuilderAgent success',
      'ReviewerAgent success',
      'DocAgent success',
    ])
    expect(shown).toMatchObject({
      status: 'succeeded',
      exit: 0,
      context: {
        goal: 'a site',
        'task.name': 'site',
        'plan.goal': 'a site',
        'plan.tasks': ['site'],
        'build.outputs': [place.path('page')],
        'review.status': 'passed',
        'doc.paths': expect.arrayContaining([place.path('README.md')]),
      },
    })
    expect(place.lines('ledger')).toEqual(['site'])
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('leaves a record as the ancestor documents it, also for a run that failed, and rebuild makes it anew', async () => {
    const place = withTasks()
    await place.run(['orchestration', 'run', 'hello_multi_agent', '--task', 'site', '--goal', 'a site'])
    await place.run(['orchestration', 'run', 'hello_multi_agent', '--task', 'broken'])
    const folder = join(place.records, 'orchestrations/hello_multi_agent')
    const read = () =>
      readdirSync(folder)
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8'))
    const texts = read()
    const records = texts.map((text) => JSON.parse(text))
    const [good, bad] = records.toSorted((left) => (left.status === 'success' ? -1 : 1))
    expect(Object.keys(good)).toEqual([
      'orchestration',
      'agents',
      'start_time',
      'end_time',
      'duration_ms',
      'status',
      'context',
      'context_writes',
    ])
    expect(good).toMatchObject({
      orchestration: 'hello_multi_agent',
      status: 'success',
      context: { goal: 'a site', 'plan.tasks': ['site'], 'review.status': 'passed' },
    })
    expect(bad.agents.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`)).toEqual([
      'PlannerAgent success',
      'BuilderAgent failed',
      'ReviewerAgent skipped',
      'DocAgent skipped',
    ])
    expect((await place.run(['rebuild'])).exit).toBe(0)
    expect(read()).toEqual(texts)
  })

  test('that is erased leaves nothing of what its agents wrote', async () => {
    const place = withTasks()
    await place.run(['orchestration', 'run', 'hello_multi_agent', '--task', 'site', '--goal', 'canary-goal'])
    await place.run(['orchestration', 'run', 'hello_multi_agent', '--task', 'site', '--goal', 'canary-goal'])
    expect(
      (await place.run(['runs', 'prune', ...place.events('run.queued').map(({ run }) => run), '--yes'])).exit,
    ).toBe(0)
    const { stdout } = await place.shell('grep -rl canary-goal ~ || true')
    // The log file holds lines of the commands that were run, and says so.
    expect(stdout).toBe('')
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('takes its options before and after its name', async () => {
    const place = withTasks()
    expect((await place.run(['orchestration', 'run', '--task', 'site', 'hello_multi_agent'])).exit).toBe(0)
    expect((await place.run(['orchestration', 'run', 'hello_multi_agent', '--task', 'site'])).exit).toBe(0)
  })

  test('reviews what its group builds, though the reviewer stands first', async () => {
    const place = withTasks()
    const shown = await place.json(['orchestration', 'run', 'parallel_example', '--task', 'site'])
    expect(shown['context']).toMatchObject({ 'review.status': 'passed', 'review.report': '1 output there' })
    await place.gives(['orchestration', 'explain', 'parallel_example'], {
      stdout: [
        'parallel_example',
        '  planner   PlannerAgent',
        '  builder   BuilderAgent   after planner',
        '  reviewer  ReviewerAgent  after planner, builder',
        '  doc       DocAgent       after builder, reviewer\n',
      ].join('\n'),
      exit: 0,
    })
  })

  test('does not do what does not follow from a failure, and says of each agent what became of it', async () => {
    const place = withTasks()
    const { exit, stdout, stderr } = await place.run(['orchestration', 'run', 'hello_multi_agent', '--task', 'broken'])
    expect(exit).toBe(1)
    expect(stdout).toMatch(/^orchestration=hello_multi_agent status=failed duration_ms=\d+\n$/)
    expect(stderr).toMatch(/FAIL {2}builder +BuilderAgent .*did not make all that is expected of it/)
    expect(stderr).toMatch(/- +reviewer +ReviewerAgent +skipped: builder did not succeed/)
    expect(stderr).toMatch(/- +doc +DocAgent +skipped: reviewer did not succeed/)
    expect(place.has('README.md')).toBe(false)
  })

  test('of the name of a task is for that task', async () => {
    const place = withTasks()
    // Nobody has planned, so there is no plan but the task that was asked for.
    expect((await place.run(['orchestration', 'run', 'site', '--task', 'site'])).exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['site'])
  })

  test('without a task does what the goal speaks of, and shows why', async () => {
    const place = withTasks()
    const { exit, stderr } = await place.run(['orchestration', 'run', '--goal', 'please run the unit tests'])
    expect(exit).toBe(0)
    expect(stderr).toMatch(/ok +planner +PlannerAgent .*planned lint \(for unit\), unit \(unit, test\)\n/)
    expect(place.lines('ledger')).toEqual(['lint', 'unit'])
    // A job of a plan is a job: it has its own record.
    expect(JSON.parse(place.recordText('unit'))).toMatchObject({ job_name: 'unit', exit_code: 0 })
  })

  test('and a task are told by their kind where they are run as jobs', async () => {
    const task = '[tasks.t]\nrepo = "external"\nworking_dir = "/"\ncommand = ["true"]\n'
    const place = given({ config: `${task}[orchestrations.o]\nagents = ["DocAgent"]\n` })
    await place.gives(['run', 'o'], {
      stderr: '"o" is no job, but an orchestration\nrun it:  orchastration orchestration run o\n',
      exit: 2,
    })
    await place.gives(['run', 't'], {
      stderr: '"t" is no job, but a task\nrun it:  orchastration build run t\n',
      exit: 2,
    })
    expect(await place.json(['show', 't'])).toMatchObject({ failure: { code: 'unknown_job', is: 'task' } })
  })

  test('runs nothing where the goal speaks of nothing, and says so', async () => {
    const place = withTasks()
    const { exit, stdout, stderr } = await place.run(['orchestration', 'run', '--goal', 'sing a song'])
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(stderr).toContain('nothing to plan: the goal "sing a song" speaks of nothing that is configured')
    const empty = await given().run(['orchestration', 'run', '--goal', ' '])
    expect(empty.stderr).toContain(
      'neither a task nor a goal was given\nno tasks and no jobs are configured\nmake a configuration from what is here:  orchastration init\n',
    )
    expect(place.events()).toEqual([])
    expect((await place.run(['orchestration', 'run'])).stderr).toContain('neither a task nor a goal was given')
  })

  test('names the nearest where nothing is called so', async () => {
    const place = withTasks()
    expect(await place.run(['orchestration', 'run', 'paralel_example'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('did you mean "parallel_example"?'),
    })
    expect(await place.run(['orchestration', 'run', '--task', 'sitee'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('"site"'),
    })
  })

  test('goes on after kill -9 where it was: what was built is not built again', async () => {
    const place = given()
    place.configure(
      ORCHESTRATIONS +
        task(place, 'one', ['echo one >> ledger; echo 1 > one', 'one']) +
        task(place, 'two', ['echo two >> ledger; until test -e go; do :; done; echo 2 > two', 'two']) +
        `[orchestrations.both]\nagents = ["PlannerAgent", "BuilderAgent", "ReviewerAgent"]\ntasks = ["one", "two"]\n`,
    )
    const run = place.start(['orchestration', 'run', 'both'])
    await place.untilEvent('step.started', 4)
    await run.crash()
    place.write('go', '')
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect(place.lines('ledger').filter((line) => line === 'one')).toHaveLength(1)
    expect((await place.run(['verify'])).exit).toBe(0)
  })
})

describe.skipIf(onWindows)('the agents and orchestrations there are', () => {
  test('are listed in the lines of the ancestor', async () => {
    const place = given({ config: ORCHESTRATIONS })
    const { stdout } = await place.run(['agent', 'list'])
    const names = stdout.split('\n').slice(1, -1)
    expect(stdout.split('\n')[0]).toBe('available agents:')
    expect(names.map((line) => line.replace(/: .*/, ''))).toEqual([
      '- ArchitectAgent',
      '- BuilderAgent',
      '- CoderAgent',
      '- DocAgent',
      '- PlannerAgent',
      '- ResearcherAgent',
      '- ReviewerAgent',
    ])
    await place.gives(['orchestration', 'list'], {
      stdout: [
        'available orchestrations:',
        '- default: Plan, build, review and document',
        '- hello_multi_agent: All four',
        '- parallel_example: (no description)',
        '- site: (no description)\n',
      ].join('\n'),
      exit: 0,
    })
  })

  test('are drawn as a diagram', async () => {
    const { stdout } = await given({ config: ORCHESTRATIONS }).run(['orchestration', 'explain', '--mermaid'])
    expect(stdout).toBe(
      'flowchart TD\n  n1["planner: PlannerAgent"]\n  n2["builder: BuilderAgent"]\n  n3["reviewer: ReviewerAgent"]\n  n4["doc: DocAgent"]\n  n1 --> n2\n  n2 --> n3\n  n3 --> n4\n',
    )
  })
})

const OWN = `
[agents.Scout]
description = "Looks around"
capabilities = ["counts files"]
command = ["sh", "-c", "echo looking >&2; echo '{\\"scout.files\\": 7}'"]
writes = ["scout.files"]
[agents.Judge]
command = ["sh", "-c", "printf %s \\"$ORCHASTRATION_CONTEXT\\" > seen; echo '{\\"verdict\\": \\"fine\\"}'"]
reads = ["scout.files", "goal"]
writes = ["verdict"]
[agents.Liar]
command = ["echo", "{\\"x\\":1}"]
writes = ["y"]
[agents.Babbler]
command = ["echo", "hello"]
[agents.Person]
backend = "human"
instructions = "Look at it"
[agents.Nobody]
[orchestrations.look]
steps = [["Judge", "Scout"], ["Person"]]
[orchestrations.lie]
agents = ["Liar"]
[orchestrations.babble]
agents = ["Babbler"]
[orchestrations.nobody]
agents = ["Nobody"]
`

describe.skipIf(onWindows)('an agent of one’s own', () => {
  test('reads what it declares, waits for who writes that, and writes what it prints', async () => {
    const place = given({ config: OWN })
    expect((await place.run(['orchestration', 'run', 'look', '--goal', 'see'])).exit).toBe(3)
    expect(JSON.parse(place.read('seen'))).toEqual({ goal: 'see', 'scout.files': 7 })
  })

  test('may be a person, whose turn is a question', async () => {
    const place = given({ config: OWN })
    const { stderr } = await place.run(['orchestration', 'run', 'look', '--goal', 'see'])
    expect(stderr).toContain('person asks: Look at it (goal: see)')
    await place.run(['answer', '2', 'done'])
    await place.untilStatus('succeeded')
    expect(place.events('node.ended').map(({ body }) => body)).toMatchObject([
      { node: 'scout', status: 'success', message: 'wrote scout.files', writes: { 'scout.files': 7 } },
      { node: 'judge', status: 'success', writes: { verdict: 'fine' } },
      { node: 'person', status: 'success', message: expect.stringMatching(/^done by person:/) },
    ])
  })

  test('that says no has failed', async () => {
    const place = given({ config: OWN })
    await place.run(['orchestration', 'run', 'look'])
    await place.run(['answer', '2', 'failed'])
    await place.untilStatus('failed')
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test.each([
    ['lie', 'Liar wrote what it does not declare: x\n'],
    ['babble', 'the agent printed something else than one JSON object\n'],
  ])('fails where it does not keep to what it declares: %s', async (name, words) => {
    const place = given({ config: OWN })
    const { exit, stderr } = await place.run(['orchestration', 'run', name])
    expect(exit).toBe(1)
    expect(stderr).toContain(words)
    // What is to be done names this very run.
    expect(stderr).not.toMatch(/runs logs <run>$/m)
  })

  test('without anything that could take its turn is refused before the run', async () => {
    const place = given({ config: OWN })
    await place.gives(['orchestration', 'run', 'nobody'], {
      stderr:
        'Nobody has nothing to take its turn: it has no command\ngive it a "command", or another backend, as with --backend scripted or --backend human\n',
      exit: 2,
    })
  })

  test('is not given the keys of whoever starts it, but for the variables that it names', async () => {
    const spy =
      '[agents.Spy]\ncommand = ["sh", "-c", "env > seen"]\nvariables = ["NAMED_KEY"]\n[orchestrations.spy]\nagents = ["Spy"]\n'
    const place = given({ config: spy, env: { SECRET_KEY: 'canary-key', NAMED_KEY: 'named' } })
    expect((await place.run(['orchestration', 'run', 'spy'])).exit).toBe(0)
    expect(place.lines('seen')).toContain('NAMED_KEY=named')
    expect(place.read('seen')).toMatch(/^PATH=/m)
    expect(place.read('seen')).not.toContain('canary-key')
  })

  test('is shown with what it reads and writes, and a person finds its question in the inbox', async () => {
    const place = given({ config: OWN })
    const { stdout } = await place.run(['agent', 'show', 'Judge'])
    expect(stdout).toContain(
      '  reads         scout.files, goal\n  writes        verdict\n  hands in      context\n  backend       command\n',
    )
    await place.gives(['inbox'], { stdout: 'nobody is asked anything\n', exit: 0 })
    await place.run(['orchestration', 'run', 'look'])
    await place.gives(['inbox'], {
      stdout: '2  person asks: Look at it\n   since <time>, run <run>\n   orchastration answer 2 done | failed\n',
      exit: 0,
    })
  })

  test('is listed with what it can do', async () => {
    const { stdout } = await given({ config: OWN }).run(['agent', 'list'])
    expect(stdout).toContain('- Scout: counts files\n')
    expect(stdout).toContain('- Judge: (no capabilities listed)\n')
    const described = await given({ config: '[agents.A]\ndescription = "Looks around"\n' }).run(['agent', 'list'])
    expect(described.stdout).toContain('- A: Looks around\n')
  })
})
