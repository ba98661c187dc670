import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows, requireBinary } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const config = (place: TestPlace) => `
[orchestrations.all]
agents = ["PlannerAgent", "BuilderAgent", "ReviewerAgent", "DocAgent"]
[tasks.site]
repo = "external"
working_dir = "${place.path('repo')}"
command = ["sh", "-c", "echo page > page; echo secret > ignored"]
outputs = ["page"]
`

/** A repository with a commit, and a task that works in it. */
async function withRepository(): Promise<TestPlace> {
  const place = given()
  place.configure(config(place))
  mkdirSync(place.path('repo'))
  place.write('repo/kept', 'as it is')
  place.write('repo/.gitignore', 'ignored\n')
  const init = 'git init -qb main && git add -A && git -c user.name=a -c user.email=a@b commit -qm first'
  expect((await place.shell(`cd repo && ${init}`)).exit).toBe(0)
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

interface Report {
  readonly trees: readonly { readonly head: string; readonly branch: string }[]
  readonly artifacts: readonly { readonly path: string; readonly digest: string }[]
  readonly without: readonly object[]
}

const reports = (place: TestPlace) =>
  place.events('step.succeeded').flatMap(({ body }) => (body['activity'] === 'tree' ? [body['output'] as Report] : []))

describe.skipIf(onWindows)('an orchestration in a repository', () => {
  test('records the tree at each step after which it may differ, and leaves what is git’s untouched', async () => {
    const place = await withRepository()
    const before = gitOf(place)
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
    expect(gitOf(place)).toEqual(before)
    expect(reports(place).map(({ artifacts }) => artifacts.map(({ path }) => path))).toEqual([
      [],
      ['page'],
      ['README.md', 'docs/tasks/site.md'],
    ])
    expect(reports(place)[0]?.trees).toMatchObject([{ branch: 'main', head: expect.stringMatching(/^[0-9a-f]{40}$/) }])
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
    expect((await place.run(['runs', 'replay', 'all'])).exit).toBe(0)
  })

  test('keeps what it records like any output: it is verified, backed up and erased', async () => {
    const place = await withRepository()
    await place.run(['orchestration', 'run', 'all', '--task', 'site'])
    const page = reports(place)[1]?.artifacts[0]?.digest ?? ''
    const path = join('artifacts', page.slice(0, 2), page)
    expect(readFileSync(join(place.store, path), 'utf8')).toBe('page\n')
    expect((await place.run(['backup', 'copy'])).exit).toBe(0)
    expect(readFileSync(join(place.path('copy/store'), path), 'utf8')).toBe('page\n')
    await place.shell(`echo altered > ${join(place.store, path)}`)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(4)
    await place.run(['runs', 'prune', 'all', '--yes'])
    expect(
      readdirSync(join(place.store, 'artifacts'), { recursive: true, withFileTypes: true }).filter((each) =>
        each.isFile(),
      ),
    ).toEqual([])
  })

  test('records a tree anew that it was killed over', async () => {
    const place = await withRepository()
    place.write('bin/git', '#!/bin/sh\nuntil test -e ../go; do sleep 0.01; done\nexec /usr/bin/git "$@"\n')
    await place.shell('chmod +x bin/git')
    const env = { PATH: `${place.path('bin')}:/usr/bin:/bin` }
    const run = place.start(['orchestration', 'run', 'all', '--task', 'site'], { env })
    await place.untilEvent('step.started', 1)
    await run.crash()
    place.write('go', '')
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect(reports(place)).toHaveLength(3)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('goes on without trees where git is not installed, and says why', async () => {
    const place = await withRepository()
    await place.shell('mkdir few && ln -s /bin/sh few/sh')
    const env = { PATH: place.path('few') }
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'], { env })).exit).toBe(0)
    expect(reports(place)).toMatchObject([{ trees: [], without: [{ why: 'git is not installed' }] }])
  })

  test('runs no program that a hostile repository names, neither filter nor transport, hook nor watcher', async () => {
    const place = await withRepository()
    const evil = `touch ${place.path('ran')}; cat`
    const settings = [
      `filter.evil.clean '${evil}'`,
      `filter.evil.process '${evil}'`,
      'filter.evil.required true',
      `core.fsmonitor '${evil}'`,
      `core.sshCommand '${evil}'`,
      'core.repositoryformatversion 1',
      'extensions.partialClone origin',
      'remote.origin.promisor true',
      'remote.origin.url ssh://nowhere/x',
    ].map((setting) => `git config ${setting}`)
    place.write('repo/kept', 'as it IS')
    place.write('repo/.git/info/attributes', '* filter=evil\n')
    const dropTree = 'T=$(git rev-parse HEAD^{tree}) && rm -f .git/objects/$(echo $T | cut -c1-2)/$(echo $T | cut -c3-)'
    expect((await place.shell(`cd repo && ${settings.join(' && ')}`)).exit).toBe(0)
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
    expect(reports(place)[0]).toMatchObject({ without: [], artifacts: [{ path: 'kept' }] })
    expect((await place.shell(`cd repo && ${dropTree} && rm .git/index`)).exit).toBe(0)
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
    expect(reports(place).at(-1)).toMatchObject({ trees: [], without: [{}] })
    expect(place.has('ran')).toBe(false)
  })

  test('takes nothing that an agent wrote for a repository, and no other directory for its working tree', async () => {
    const place = await withRepository()
    place.write('elsewhere/private', 'not of the repository')
    place.write('repo/HEAD', 'ref: refs/heads/main\n')
    place.write('repo/objects/x', '')
    place.write('repo/refs/x', '')
    place.write('repo/config', `[core]\nbare = false\nworktree = ${place.path('elsewhere')}\n`)
    place.write('repo/sub/HEAD', 'ref: refs/heads/main\n')
    place.write('repo/sub/objects/x', '')
    place.write('repo/sub/refs/x', '')
    place.write('repo/sub/config', `[core]\nbare = false\nworktree = ${place.path('elsewhere')}\n`)
    place.configure(config(place).replace('/repo"', '/repo/sub"'))
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
    expect(reports(place)[0]).toMatchObject({ trees: [{ root: place.path('repo') }], without: [] })
    expect((await place.shell(`cd repo && git config core.worktree ${place.path('elsewhere')}`)).exit).toBe(0)
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
    expect(reports(place).at(-1)).toMatchObject({ trees: [], without: [{}] })
    expect(JSON.stringify(reports(place))).not.toContain('private')
  })

  test('opens no file of ours where the store lies in the repository, since that would give up its locks', async () => {
    const place = given()
    place.configure(`
[[orchestrations.two.nodes]]
id = "first"
kind = "command"
with = { command = ["true"] }
[[orchestrations.two.nodes]]
id = "second"
kind = "command"
needs = ["first"]
with = { command = ["sh", "-c", "${requireBinary()} runs list > seen"] }
`)
    expect((await place.shell(`cd ${place.root} && git init -q`)).exit).toBe(0)
    expect((await place.run(['orchestration', 'run', 'two'])).exit).toBe(0)
    const paths = reports(place).flatMap(({ artifacts }) => artifacts.map(({ path }) => path))
    expect(place.read('seen')).toMatch(/^\S+ +running /m)
    expect(paths.filter((path) => path.startsWith('home/'))).toEqual(['home/.config/orchastration/config.toml'])
  })

  test('asks for none where there is no repository', async () => {
    const place = await withRepository()
    await place.shell('rm -rf repo/.git')
    expect((await place.run(['orchestration', 'run', 'all', '--task', 'site'])).exit).toBe(0)
    expect(place.events('step.started').map(({ body }) => body['activity'])).not.toContain('tree')
  })
})
