import { chmodSync, existsSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '#base/digest.ts'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const CONFIG = `
[orchestrations.make]
agents = ["One", "Two"]
commands = ["count"]
[agents.One]
backend = "scripted"
tools = ["write", "edit", "run"]
output = "files"
writes = ["first"]
[agents.Two]
backend = "scripted"
tools = ["write", "edit"]
output = "files"
writes = ["second"]
[jobs.count]
command = ["true"]
`
const write = (path: string, text: string) => ({ tool: 'write', args: { path, text } })
const REPLIES = [
  {
    agent: 'one',
    tools: [write('a.txt', 'one'), write('new/deep/b.txt', 'one'), { tool: 'run', args: { command: 'count' } }],
  },
  { agent: 'one', text: 'done' },
  {
    agent: 'two',
    tools: [{ tool: 'edit', args: { path: 'a.txt', edits: [{ old: 'one', new: 'two' }] } }, write('c.txt', 'two')],
  },
  { agent: 'two', text: 'done' },
]

/** A place in which two agents, one after the other, have changed files. */
async function made(): Promise<TestPlace> {
  const files = { 'replies.json': JSON.stringify({ replies: REPLIES }), 'a.txt': 'before', 'c.txt': 'old' }
  const place = given({ config: CONFIG, files })
  chmodSync(place.path('c.txt'), 0o755)
  await place.json(['orchestration', 'run', 'make', '--script', 'replies.json'])
  expect(place.read('a.txt')).toBe('two')
  return place
}

const undo = ['runs', 'undo', 'make']

describe.skipIf(onWindows)('undoing a run', () => {
  test('puts back what its files held, and removes what it made; the undo can be undone', async () => {
    const place = await made()
    const undone = await place.json(undo)
    expect(undone).toMatchObject({
      status: 'succeeded',
      exit: 0,
      others: 1,
      files: [
        { path: place.path('c.txt'), outcome: 'restored' },
        { path: place.path('a.txt'), outcome: 'restored' },
        { path: place.path('new/deep/b.txt'), outcome: 'removed' },
      ],
    })
    expect([place.read('a.txt'), place.read('c.txt')]).toEqual(['before', 'old'])
    expect(statSync(place.path('c.txt')).mode & 0o777).toBe(0o755)
    expect(existsSync(place.path('new'))).toBe(false)
    const again = await place.json(undo)
    expect(again).toMatchObject({ status: 'succeeded', files: Array(3).fill({ outcome: 'untouched' }) })
    expect((await place.run(undo)).stderr).not.toContain('to take that back')
    expect(await place.json(['runs', 'undo', String(undone['run'])])).toMatchObject({ status: 'succeeded' })
    expect([place.read('a.txt'), place.read('c.txt'), place.read('new/deep/b.txt')]).toEqual(['two', 'two', 'one'])
    expect((await place.run(['verify'])).exit).toBe(0)
    expect((await place.run(['runs', 'replay', String(undone['run'])])).exit).toBe(0)
    const shown = await place.run(['runs', 'show', String(undone['run'])])
    expect(shown.stdout).toContain(`  restored  ${place.path('a.txt')}\n  removed   ${place.path('new/deep/b.txt')}\n`)
  })

  test('says what it would do, and does nothing', async () => {
    const place = await made()
    const shown = await place.run([...undo, '--dry-run'])
    expect(shown.stdout).toBe(
      `would restore ${place.path('c.txt')}\nwould restore ${place.path('a.txt')}\nwould remove  ${place.path('new/deep/b.txt')}\n`,
    )
    expect(shown.stderr).toMatch(/^what 1 command of .* may have changed is not undone\n$/)
    expect(place.read('a.txt')).toBe('two')
    expect(await place.json(['runs', 'list'])).toMatchObject({ runs: [{ name: 'make' }] })
  })

  test('touches nothing where somebody else has changed one of the files since, unless it is forced', async () => {
    const place = await made()
    place.write('c.txt', 'mine')
    const refused = await place.run(undo)
    expect(refused.exit).toBe(1)
    expect(refused.stderr).toContain(`c.txt: somebody else has changed it since`)
    expect([place.read('a.txt'), place.read('c.txt')]).toEqual(['two', 'mine'])
    expect((await place.run([...undo, '--dry-run'])).exit).toBe(1)
    const forced = await place.json([...undo, '--force'])
    expect(forced).toMatchObject({ status: 'succeeded' })
    expect([place.read('a.txt'), place.read('c.txt')]).toEqual(['before', 'old'])
    await place.run(['runs', 'undo', String(forced['run'])])
    expect(place.read('c.txt')).toBe('mine')
  })

  test('undoes one node; what a later one built on is in its way', async () => {
    const place = await made()
    const first = await place.json([...undo, '--node', 'one'])
    expect(first).toMatchObject({
      status: 'failed',
      failure: { code: 'undo_refused', files: [{ path: place.path('a.txt') }] },
    })
    expect(existsSync(place.path('new/deep/b.txt'))).toBe(true)
    expect(await place.json([...undo, '--node', 'two'])).toMatchObject({ status: 'succeeded' })
    expect([place.read('a.txt'), place.read('c.txt')]).toEqual(['one', 'old'])
    expect(await place.json([...undo, '--node', 'one'])).toMatchObject({ status: 'succeeded' })
    expect(place.read('a.txt')).toBe('before')
    const none = await place.run([...undo, '--node', 'three'])
    expect(none.stderr).toContain('nodes that did: one, two')
    expect(none.exit).toBe(1)
  })

  test('puts back what it can where one file is write-protected, and names that one', async () => {
    const place = await made()
    chmodSync(place.path('a.txt'), 0o444)
    const undone = await place.json(undo)
    expect(undone).toMatchObject({
      status: 'failed',
      exit: 1,
      files: [
        { path: place.path('c.txt'), outcome: 'restored' },
        { path: place.path('a.txt'), outcome: 'refused', reason: 'unreachable' },
        { path: place.path('new/deep/b.txt'), outcome: 'removed' },
      ],
      failure: { code: 'undo_refused', restored: 2 },
    })
    expect([place.read('a.txt'), place.read('c.txt')]).toEqual(['two', 'old'])
    chmodSync(place.path('a.txt'), 0o644)
    expect(await place.json(undo)).toMatchObject({ status: 'succeeded' })
    expect(place.read('a.txt')).toBe('before')
  })

  test('does not follow a link that was put in the way', async () => {
    const place = await made()
    rmSync(place.path('new'), { recursive: true })
    place.write('../outside/deep/b.txt', 'one')
    symlinkSync(join(place.root, 'outside'), place.path('new'))
    expect(await place.json([...undo, '--force'])).toMatchObject({ status: 'failed' })
    expect(place.read('../outside/deep/b.txt')).toBe('one')
  })

  test('takes back what a task left in the documents of its repository, and tells of its command', async () => {
    const place = given({ files: { 'README.md': '# Mine\n' } })
    const task = `repo = "external"\nworking_dir = "${place.path('.')}"\noutputs = ["out.txt"]`
    place.configure(`[tasks.site]\n${task}\ncommand = ["sh", "-c", "echo x > out.txt"]\n`)
    expect((await place.run(['orchestration', 'run', '--task', 'site'])).exit).toBe(0)
    expect(place.read('README.md')).toContain('Task Summary: site')
    expect(await place.json(['runs', 'undo', 'default'])).toMatchObject({ status: 'succeeded', others: 1 })
    expect(place.read('README.md')).toBe('# Mine\n')
    expect([existsSync(place.path('docs')), existsSync(place.path('out.txt'))]).toEqual([false, true])
    const node = await place.run(['runs', 'undo', 'default', '--node', 'builder'])
    expect(node.stderr).toContain('nodes that did: doc')
  })

  test('is no more possible once the run was erased, with all that its files held', async () => {
    const place = await made()
    const kept = () =>
      readdirSync(join(place.store, 'artifacts'), { recursive: true }).filter((name) => `${name}`.length > 60)
    expect(kept().length).toBeGreaterThan(0)
    await place.run(['runs', 'prune', 'make', '--yes'])
    expect(kept()).toEqual([])
    expect((await place.run(undo)).exit).not.toBe(0)
    expect(place.read('a.txt')).toBe('two')
  })
})

describe.skipIf(onWindows)('an agent that is killed while it writes', () => {
  test('goes on as if nothing had happened: no change is lost, none is told twice, and all can be undone', async () => {
    const writes = Array.from({ length: 24 }, (_, index) => write('a.txt', `${index} `.repeat(20_000)))
    const replies = [...writes.map((call) => ({ agent: 'one', tools: [call] })), { agent: 'one', text: 'done' }]
    const config = CONFIG.replace('agents = ["One", "Two"]', 'agents = ["One"]')
    const place = given({ config, files: { 'replies.json': JSON.stringify({ replies }), 'a.txt': 'before' } })
    const written = () => changesIn(place).length
    let going = place.start(['orchestration', 'run', 'make', '--script', 'replies.json'])
    for (let kill = 0; kill < 6; kill++) {
      // At another moment of the work each time: the log says less than is done.
      await until(() => written() > kill * 3, `${kill * 3} writes are told`)
      await going.crash()
      going = place.start(['runs', 'resume', place.lastRun()])
    }
    expect((await going.ended).exit).toBe(0)
    const changes = changesIn(place)
    const digests = writes.map(({ args: { text } }) => sha256(text))
    expect(changes.map((change) => change['sha256'])).toEqual(digests)
    expect(changes.map((change) => change['before'])).toEqual([sha256('before'), ...digests.slice(0, -1)])
    expect(readdirSync(place.directory).sort()).toEqual(['a.txt', 'replies.json'])
    expect(readdirSync(join(place.store, 'running'))).toEqual([])
    expect(await place.json(undo)).toMatchObject({ status: 'succeeded' })
    expect(place.read('a.txt')).toBe('before')
    expect((await place.run(['verify'])).exit).toBe(0)
  })
})

describe.skipIf(onWindows)('an undo that is killed', () => {
  test('goes on where it was, and puts back all of it', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `f${index}.txt`)
    const replies = [
      { agent: 'one', tools: names.map((name) => write(name, 'new')) },
      { agent: 'one', text: 'done' },
    ]
    const config = CONFIG.replace('agents = ["One", "Two"]', 'agents = ["One"]')
    const old = Object.fromEntries(names.map((name) => [name, `old ${name}`]))
    const place = given({ config, files: { 'replies.json': JSON.stringify({ replies }), ...old } })
    expect((await place.run(['orchestration', 'run', 'make', '--script', 'replies.json'])).exit).toBe(0)
    let going = place.start(undo)
    for (const least of [3, 20]) {
      const restored = () => place.events('step.succeeded').filter(({ body }) => body['activity'] === 'restore').length
      await until(() => restored() > least, 'some are restored')
      await going.crash()
      going = place.start(['runs', 'resume', place.lastRun()])
    }
    expect((await going.ended).exit).toBe(0)
    expect(Object.fromEntries(names.map((name) => [name, place.read(name)]))).toEqual(old)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
    const [kept] = readdirSync(join(place.store, 'artifacts'), { recursive: true }).filter(
      (name) => `${name}`.length > 60,
    )
    rmSync(join(place.store, 'artifacts', String(kept)))
    expect((await place.run(['verify', '--outputs'])).exit).toBe(4)
  })
})

/** The facts of the files that were changed, in order. */
function changesIn(place: TestPlace): readonly Readonly<Record<string, unknown>>[] {
  return place.events('step.succeeded').flatMap(({ body }) => {
    const output = body['output'] as Readonly<Record<string, unknown>>
    return body['activity'] === 'tool' && 'before' in output ? [output] : []
  })
}
