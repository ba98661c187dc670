import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '#base/digest.ts'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const config = (repo: string) => `
[orchestrations.all]
agents = ["PlannerAgent", "BuilderAgent", "ReviewerAgent", "DocAgent"]
[tasks.site]
repo = "external"
working_dir = "${repo}"
command = ["sh", "-c", "cat kept > page; echo built >> ledger; echo ${repo}/page"]
checks = [["sh", "-c", "echo checked >> ledger; grep -q it page"]]
outputs = ["page"]
`

/** A repository with a commit and changes that are not committed, and a task that works in it. */
async function withRepository(repo = 'repo'): Promise<TestPlace> {
  const place = given()
  mkdirSync(place.path('repo'))
  if (repo !== 'repo') symlinkSync('repo', place.path(repo))
  place.configure(config(place.path(repo)))
  place.write('repo/kept', 'was')
  place.write('repo/gone', 'x')
  place.write('repo/.gitignore', 'ignored\n')
  const init = 'git init -qb main && git add -A && git -c user.name=a -c user.email=a@b commit -qm first'
  expect((await place.shell(`cd repo && ${init}`)).exit).toBe(0)
  place.write('repo/kept', 'as it is\n')
  place.write('repo/new/file', 'new\n')
  place.write('repo/ignored', 'ignored\n')
  await place.shell('cd repo && rm gone && printf "#!/bin/sh\n" > tool && chmod +x tool && ln -s kept link')
  return place
}

/** Every byte and time of what belongs to git. */
function gitOf(place: TestPlace): readonly string[] {
  const entries = readdirSync(place.path('repo/.git'), { recursive: true, withFileTypes: true })
  return entries
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path) => `${path} ${statSync(path).mtimeMs} ${statSync(path).isFile() ? readFileSync(path, 'latin1') : ''}`)
}

const names = (directory: string) =>
  readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => !/^\.git(\/|$)/.test(name))
    .sort()

const AT_FIRST = ['.gitignore', 'kept', 'link', 'new', 'new/file', 'tool']

describe.skipIf(onWindows)('runs fork', () => {
  test.each([
    ['planner', AT_FIRST, ['built', 'checked']],
    ['builder', AT_FIRST, ['built', 'checked']],
    ['builder:site', AT_FIRST, ['built', 'checked']],
    ['reviewer', [...AT_FIRST, 'ledger', 'page'], ['built', 'checked']],
    ['reviewer:site:1', [...AT_FIRST, 'ledger', 'page'], ['built', 'checked']],
    ['doc', [...AT_FIRST, 'ledger', 'page'], ['built', 'checked']],
  ])(
    'from %s goes on in a directory that is as it was then, and leaves the other one alone',
    async (step, there, ledger) => {
      const place = await withRepository()
      expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
      const old = place.lastRun()
      const before = [gitOf(place), names(place.path('repo'))]
      // So it is seen what the fork begins with, and that it does not look at the other directory.
      place.write('repo/kept', 'is different now\n')
      const forked = await place.json(['runs', 'fork', old, '--from', step, '--workspace', 'fork'])
      expect(forked).toMatchObject({
        exit: 0,
        status: 'succeeded',
        from: { run: old, step },
        workspaces: [{ from: place.path('repo'), to: place.path('fork') }],
        context: { 'build.outputs': [place.path('fork/page')], 'review.status': 'passed' },
      })
      expect([gitOf(place), names(place.path('repo'))]).toEqual(before)
      expect(place.read('repo/kept')).toBe('is different now\n')
      expect(place.read('fork/page')).toBe('as it is\n')
      expect(place.lines('fork/ledger')).toEqual(ledger)
      expect(names(place.path('fork'))).toEqual(
        [...new Set([...there, 'README.md', 'docs', 'docs/tasks', 'docs/tasks/site.md', 'ledger', 'page'])].sort(),
      )
      expect(
        (await place.shell('cd fork && git log --format=%s && git status --short kept gone new link tool')).stdout,
      ).toBe('first\n D gone\n M kept\n?? link\n?? new/\n?? tool\n')
      expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
      expect((await place.run(['runs', 'replay', place.lastRun()])).exit).toBe(0)
      expect((await place.run(['runs', 'show', old])).stdout).toContain(`forked before ${step}: ${place.lastRun()}\n`)
      const shown = await place.run(['runs', 'show', place.lastRun()])
      expect(shown.stdout).toContain(`forked from ${old}, before ${step}\n`)
      for (const agent of ['planner', 'builder', 'reviewer', 'doc'])
        expect(shown.stdout).toMatch(new RegExp(`^ {2}ok +${agent} `, 'm'))
    },
  )

  test('does nothing again that ended before, and goes on after kill -9', async () => {
    const place = await withRepository()
    await place.run(['orchestration', 'run', 'all', '--task', 'site'])
    const old = place.lastRun()
    await place.shell(
      'mkdir bin && printf \'#!/bin/sh\nuntil test -e %s/go; do sleep 0.01; done\nexec /usr/bin/git "$@"\n\' "$PWD" > bin/git && chmod +x bin/git',
    )
    expect((await place.run(['runs', 'fork', old, '--from', 'doc', '--detach', '--workspace', 'first'])).exit).toBe(0)
    await place.untilStatus('succeeded')
    const starts = () =>
      place
        .events('step.started')
        .filter(({ run }) => run === place.lastRun())
        .map(({ body }) => body['name'])
    expect(starts()).toEqual(['doc:site', 'tree'])
    const second = place.lastRun()
    const env = { PATH: `${place.path('bin')}:/usr/bin:/bin` }
    place.write('go', '')
    const fork = place.start(['runs', 'fork', second, '--from', 'doc', '--workspace', 'second'], { env })
    await place.untilEvent('run.borrowed', 2)
    await fork.crash()
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect((await place.run(['runs', 'replay', place.lastRun()])).exit).toBe(0)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('lands beside the repository where no directory is named, under the name by which the run knew it', async () => {
    const place = await withRepository('alias')
    await place.run(['orchestration', 'run', 'all', '--task', 'site'])
    const { workspaces, context } = (await place.json(['runs', 'fork', 'all', '--from', 'reviewer'])) as {
      readonly workspaces: readonly { readonly to: string }[]
      readonly context: Readonly<Record<string, unknown>>
    }
    const to = workspaces[0]?.to ?? ''
    expect(to).toBe(`${place.path('repo')}.fork-${place.lastRun().slice(-8)}`)
    expect(context['build.outputs']).toEqual([`${to}/page`])
  })

  test('takes each repository with it in which the run works, from below its top, too', async () => {
    const place = await withRepository()
    await place.shell('mkdir -p second repo/sub && cd second && git init -qb main')
    const task = (name: string, directory: string) => `
[tasks.${name}]
repo = "external"
working_dir = "${place.path(directory)}"
command = ["sh", "-c", "pwd > where"]
outputs = ["where"]
`
    place.configure(`
[orchestrations.both]
agents = ["PlannerAgent", "BuilderAgent", "DocAgent"]
tasks = ["one", "two"]
${task('one', 'repo/sub')}${task('two', 'second')}`)
    expect((await place.run(['orchestration', 'run', 'both'])).exit).toBe(0)
    const forked = await place.json(['runs', 'fork', 'both', '--from', 'builder:two', '--workspace', 'w'])
    expect(forked).toMatchObject({
      exit: 0,
      workspaces: [
        { from: place.path('repo'), to: place.path('w/repo') },
        { from: place.path('second'), to: place.path('w/second') },
      ],
    })
    // What the step of the first one made was there already; two was built anew.
    expect(place.read('w/repo/sub/where')).toBe(`${place.path('repo/sub')}\n`)
    expect(place.read('w/second/where')).toBe(`${place.path('w/second')}\n`)
    expect(place.has('w/repo/sub/README.md')).toBe(true)
  })

  test('changes what a step sees', async () => {
    const place = await withRepository()
    place.configure(`
[agents.Noter]
command = ["echo", "{\\"note\\": 0}"]
working_dir = "${place.path('repo')}"
writes = ["note"]
[agents.Teller]
command = ["sh", "-c", "printf %s \\"$ORCHASTRATION_CONTEXT\\" > seen; echo '{\\"said\\": 1}'"]
working_dir = "${place.path('repo')}"
reads = ["goal", "note"]
writes = ["said"]
[agents.Person]
backend = "human"
instructions = "Look at it"
[orchestrations.tell]
steps = [["Noter"], ["Teller"], ["Person"]]
`)
    expect((await place.run(['orchestration', 'run', 'tell', '--goal', 'one'])).exit).toBe(3)
    const old = place.lastRun()
    const argv = [
      'runs',
      'fork',
      old,
      '--workspace',
      'a',
      '--from',
      'teller',
      '--patch',
      'goal=two',
      '--patch',
      'context.note={"n":1}',
    ]
    expect((await place.run(argv)).exit).toBe(3)
    expect(JSON.parse(place.read('a/seen'))).toEqual({ goal: 'two', note: { n: 1 } })
    expect(JSON.parse(place.read('repo/seen'))).toEqual({ goal: 'one', note: 0 })
    expect((await place.run(['runs', 'show', place.lastRun()])).stdout).toMatch(/set note/)
    // Both ask, each for itself: what one is answered is not what the other is.
    const { stderr } = await place.run([
      'runs',
      'fork',
      old,
      '--from',
      'person',
      '--patch',
      'instructions+=Closely',
      '--workspace',
      'b',
    ])
    expect(stderr).toMatch(/Look at it.Closely \(goal: one\)/)
    const third = place.lastRun()
    const inbox = (await place.json(['inbox'])) as {
      readonly questions: readonly { readonly number: number; readonly run: string }[]
    }
    expect(inbox.questions.map(({ run }) => run)).toContain(third)
    await place.run(['answer', `${inbox.questions.find(({ run }) => run === third)?.number}`, 'done'])
    await place.untilStatus('succeeded')
    expect(place.query('SELECT status FROM runs ORDER BY id').map(({ status }) => status)).toEqual([
      'waiting',
      'waiting',
      'succeeded',
    ])
    for (const { run } of place.events('run.queued')) expect((await place.run(['runs', 'replay', run])).exit).toBe(0)
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('from within a turn finds what tools had written by then, and other replies where a script says so', async () => {
    const place = await withRepository()
    place.configure(`
[agents.writer]
backend = "scripted"
instructions = "write"
tools = ["read", "write", "run"]
writes = ["done"]
[orchestrations.talk]
agents = ["writer"]
workspace = "${place.path('repo')}"
`)
    const write = (path: string, content: string) => ({
      agent: 'writer',
      tools: [{ tool: 'write', args: { path, content } }],
    })
    const script = (last: string) => ({
      replies: [
        write('a.txt', 'one'),
        write('a.txt', 'two'),
        write('b.txt', last),
        { agent: 'writer', output: { done: 1 } },
      ],
    })
    place.write('script.json', JSON.stringify(script('b')))
    place.write('other.json', JSON.stringify(script('changed')))
    expect((await place.run(['orchestration', 'run', 'talk', '--script', 'script.json'])).exit).toBe(0)
    const old = place.lastRun()
    const treesOf = (wanted: string) =>
      place.events('step.started').filter(({ run, body }) => run === wanted && body['activity'] === 'tree').length
    // What tools say they wrote needs no tree of its own.
    expect(treesOf(old)).toBe(2)
    for (const [step, before] of [
      ['writer', null],
      ['writer:write a.txt', null],
      ['writer:reply #2', sha256('one')],
      ['writer:write a.txt #2', sha256('one')],
      ['writer:reply #3', undefined],
    ] as const) {
      const directory = step.replaceAll(/\W/g, '-')
      const argv = ['runs', 'fork', old, '--from', step, '--workspace', directory, '--patch', 'script=other.json']
      expect(await place.run(argv)).toMatchObject({ exit: 0 })
      const own = place
        .events('step.succeeded')
        .filter(({ run, body }) => run === place.lastRun() && body['activity'] === 'tool')
      const [first] = own.filter(({ body }) => (body['output'] as { path: string }).path === 'a.txt')
      expect((first?.body['output'] as { before: unknown } | undefined)?.before).toBe(before)
      expect([place.read(`${directory}/a.txt`), place.read(`${directory}/b.txt`)]).toEqual(['two', 'changed'])
      expect((await place.run(['runs', 'replay', place.lastRun()])).exit).toBe(0)
    }
    expect(place.read('repo/b.txt')).toBe('b')
    const lines = (await place.run(['runs', 'events', place.lastRun(), '--format', 'orket'])).stdout
    expect(lines).toContain('"event":"step_start"')
    expect(lines).not.toContain('not_reached')
  })

  test('refuses what it cannot do, and leaves nothing behind', async () => {
    const place = await withRepository()
    await place.run(['orchestration', 'run', 'all', '--task', 'site'])
    const refused = async (...argv: readonly string[]) => {
      const { stdout } = await place.run(['runs', 'fork', 'all', ...argv, '--json'])
      const { failure } = JSON.parse(stdout)
      return `${failure.code} ${failure.reason ?? failure.nearest ?? failure.word}`
    }
    const events = place.events().length
    expect(await refused()).toBe('usage --from')
    expect(await refused('--from', 'bilder')).toBe('unknown_step builder')
    expect(await refused('--from', 'doc', '--workspace', 'repo')).toBe('workspace_taken inside')
    expect(await refused('--from', 'doc', '--workspace', 'repo/sub')).toBe('workspace_taken inside')
    place.write('full/x', '')
    expect(await refused('--from', 'doc', '--workspace', 'full')).toBe('workspace_taken not_empty')
    expect(await refused('--from', 'doc', '--workspace', 'full/x')).toBe('workspace_taken not_a_directory')
    for (const [patch, reason] of [
      ['goal', 'shape'],
      ['goals=x', 'name'],
      ['goal+=x', 'name'],
    ])
      expect(await refused('--from', 'doc', '--patch', `${patch}`)).toBe(`patch_invalid ${reason}`)
    expect(await refused('--from', 'doc:site', '--patch', 'context.x=1')).toBe('patch_invalid within')
    await place.shell('rm -rf repo/.git/objects/*')
    expect(await refused('--from', 'doc', '--workspace', 'gone')).toMatch(/^checkout_failed /)
    expect(place.has('gone')).toBe(false)
    expect(place.events()).toHaveLength(events)
  })

  test('is not for runs of jobs, erased ones, or those that worked outside of git', async () => {
    const place = await withRepository()
    const code = async (run: string) => {
      const { stdout } = await place.run(['runs', 'fork', run, '--from', 'doc', '--json'])
      return JSON.parse(stdout).failure.code
    }
    await place.run(['build', 'run', 'site'])
    expect(await code('build:site')).toBe('run_not_forkable')
    await place.shell('rm -rf repo/.git')
    await place.run(['orchestration', 'run', 'all', '--task', 'site'])
    expect(await code('all')).toBe('no_tree')
    await place.run(['runs', 'prune', 'all', '--yes'])
    expect(await code('all')).toBe('body_erased')
  })
})
