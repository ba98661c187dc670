import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { treeActivity } from '#activities/tree.ts'
import { keptFiles } from '#adapters/files/kept-files.ts'
import { checkouts } from '#adapters/git/checkouts.ts'
import { workTrees } from '#adapters/git/work-trees.ts'
import { sha256 } from '#base/digest.ts'
import { ok } from '#base/result.ts'
import type { TreeEntry } from '#domain/run/recorded-tree.ts'
import { TreeFold, type WholeTree } from '#domain/run/tree-fold.ts'
import { onWindows } from '../../support/binary.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'orchastration-checkout-')))
  made.push(path)
  return path
}

const signal = new AbortController().signal
const artifactIn = (store: string) => (digest: string) => join(store, 'artifacts', digest.slice(0, 2), digest)

class Repository {
  readonly root: string
  readonly store = folder()
  readonly environment = { PATH: process.env['PATH'] ?? '', HOME: this.store }

  constructor(root = folder()) {
    this.root = root
  }

  git(...args: readonly string[]): string {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main']
    return execFileSync('git', [...who, ...args], { cwd: this.root, encoding: 'utf8', stdio: 'pipe' }).trim()
  }

  write(path: string, text: string | Buffer): void {
    mkdirSync(join(this.root, path, '..'), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  async tree(): Promise<WholeTree> {
    const surroundings = async () => ({ envFile: () => ({ path: '', text: ok('') }), secret: () => undefined })
    const parts = { workTrees: workTrees(this.environment, []), kept: keptFiles(this.store), surroundings }
    const attempt = { key: 'run/1', step: 'tree', attempt: 1, start: '1.1.1', signal, hurry: signal }
    const report = await treeActivity(parts).run({ directories: [this.root], known: {} }, attempt)
    const fold = new TreeFold()
    if (report.ok) fold.add({ type: 'step.succeeded', body: { activity: 'tree', output: report.value } } as never)
    const [tree] = fold.trees
    if (tree === undefined) throw new Error(JSON.stringify(report))
    return tree
  }

  async checkOut(tree: WholeTree, directory = join(folder(), 'made')) {
    const { environment, store } = this
    const result = await checkouts({ environment, artifact: artifactIn(store) }).make(directory, tree, signal)
    return { result, made: new Repository(directory), failure: result.ok ? undefined : result.error }
  }
}

function repository(): Repository {
  const repo = new Repository()
  repo.git('init', '-q')
  repo.write('a.txt', 'one')
  repo.write('dir/b.txt', 'two')
  repo.git('add', '-A')
  repo.git('commit', '-qm', 'first')
  return repo
}

describe.skipIf(onWindows)('a checkout of a recorded tree', () => {
  test('is as the tree was, bytes, modes, links and odd names included', async () => {
    const repo = repository()
    repo.write('a.txt', Buffer.from([0, 0xff, 10]))
    repo.write('ü\n"odd" name', 'odd')
    repo.write('tool', 'x')
    chmodSync(join(repo.root, 'tool'), 0o700)
    symlinkSync('../outside', join(repo.root, 'link'))
    writeFileSync(Buffer.concat([Buffer.from(`${repo.root}/raw`), Buffer.from([0xfe])]), 'raw')
    rmSync(join(repo.root, 'dir'), { recursive: true })
    repo.write('dir', 'a file now')
    const { made: copy, result } = await repo.checkOut(await repo.tree())
    expect(result.ok).toBe(true)
    expect(copy.git('status', '--porcelain')).toBe(repo.git('status', '--porcelain'))
    expect(readFileSync(join(copy.root, 'a.txt'))).toEqual(Buffer.from([0, 0xff, 10]))
    expect(readFileSync(join(copy.root, 'ü\n"odd" name'), 'utf8')).toBe('odd')
    expect(lstatSync(join(copy.root, 'tool')).mode & 0o777).toBe(0o755)
    expect(readlinkSync(join(copy.root, 'link'))).toBe('../outside')
    expect(readFileSync(Buffer.concat([Buffer.from(`${copy.root}/raw`), Buffer.from([0xfe])]), 'utf8')).toBe('raw')
    expect(readFileSync(join(copy.root, 'dir'), 'utf8')).toBe('a file now')
    expect(copy.git('log', '--format=%s %D')).toBe('first HEAD -> main')
  })

  test('is there before the first commit, without a branch, of another worktree, and with other digests', async () => {
    const empty = new Repository()
    empty.git('init', '-q', '-b', 'feature/x')
    empty.write('x', 'x')
    const first = await empty.checkOut(await empty.tree())
    expect(first.made.git('symbolic-ref', 'HEAD')).toBe('refs/heads/feature/x')
    expect(first.made.git('status', '--porcelain')).toBe('?? x')
    const repo = repository()
    repo.git('checkout', '-q', '--detach')
    const second = await repo.checkOut(await repo.tree())
    expect(second.made.git('rev-parse', 'HEAD')).toBe(repo.git('rev-parse', 'HEAD'))
    expect(second.made.git('branch', '--show-current')).toBe('')
    const other = join(folder(), 'other')
    repo.git('worktree', 'add', '-q', '-b', 'other', other)
    const linked = new Repository(other)
    linked.write('c', 'c')
    const third = await linked.checkOut(await linked.tree())
    expect([third.made.git('branch', '--show-current'), third.made.git('status', '--porcelain')]).toEqual([
      'other',
      '?? c',
    ])
    const long = new Repository()
    long.git('init', '-q', '--object-format=sha256')
    long.write('x', 'x')
    long.git('add', '-A')
    long.git('commit', '-qm', 'x')
    const fourth = await long.checkOut(await long.tree())
    expect(fourth.made.git('rev-parse', 'HEAD')).toMatch(/^[0-9a-f]{64}$/)
  })

  test('has the ends of lines of the other one', async () => {
    const repo = repository()
    repo.git('config', 'core.autocrlf', 'true')
    repo.write('c.txt', 'a\r\nb\r\n')
    repo.git('add', '-A')
    repo.git('commit', '-qm', 'crlf')
    const { made: copy } = await repo.checkOut(await repo.tree())
    expect(readFileSync(join(copy.root, 'c.txt'), 'utf8')).toBe('a\r\nb\r\n')
    expect(copy.git('status', '--porcelain')).toBe('')
  })

  test('runs nothing that the other repository has put in its way', async () => {
    const repo = repository()
    const bait = join(repo.store, 'ran')
    const hook = `#!/bin/sh\ntouch ${bait}\n`
    for (const name of ['post-checkout', 'post-index-change', 'reference-transaction', 'fsmonitor']) {
      repo.write(`.git/hooks/${name}`, hook)
      chmodSync(join(repo.root, '.git/hooks', name), 0o755)
    }
    repo.git('config', 'core.fsmonitor', join(repo.root, '.git/hooks/fsmonitor'))
    rmSync(bait, { force: true })
    const { result } = await repo.checkOut(await repo.tree())
    expect([result.ok, existsSync(bait)]).toEqual([true, false])
  })

  const entry: TreeEntry = { kind: 'file', digest: sha256('evil'), bytes: 4, executable: true }

  test.each([
    ['a path that leads out', [['../evil', entry]]],
    ['an absolute path', [['/evil', entry]]],
    ['a path that leads out further down', [['x/../../evil', entry]]],
    ['what is git’s', [['.git/hooks/post-checkout', entry]]],
    ['what is git’s in another case', [['x/.GIT/config', entry]]],
  ] as const)('refuses %s, though a log says so, and leaves nothing behind', async (_, entries) => {
    const repo = repository()
    repo.write('evil', 'evil')
    const tree = await repo.tree()
    const { failure, made: copy } = await repo.checkOut({ ...tree, entries: new Map(entries) })
    expect(failure).toMatchObject({ code: 'checkout_failed', reason: expect.stringContaining('leads out') })
    expect(existsSync(copy.root)).toBe(false)
    expect(existsSync(join(copy.root, '../evil'))).toBe(false)
  })

  test('writes nothing through a link that a commit or a log brings with it', async () => {
    const outside = folder()
    const repo = repository()
    symlinkSync(outside, join(repo.root, 'out'))
    repo.git('add', '-A')
    repo.git('commit', '-qm', 'link')
    repo.write('evil', 'evil')
    const tree = await repo.tree()
    const entries: [string, TreeEntry][] = [
      ['late', { kind: 'link', target: outside }],
      ['late/evil', entry],
      ['out/evil', entry],
    ]
    const { result } = await repo.checkOut({ ...tree, entries: new Map(entries) })
    expect(existsSync(join(outside, 'evil'))).toBe(false)
    expect(result.ok).toBe(true)
  })

  test('fails whole where a content or the commit is gone, and an empty directory stays as it was', async () => {
    const repo = repository()
    repo.write('a.txt', 'changed')
    const tree = await repo.tree()
    const directory = folder()
    rmSync(join(repo.store, 'artifacts'), { recursive: true })
    expect((await repo.checkOut(tree, directory)).failure).toEqual({
      code: 'checkout_failed',
      directory,
      reason: 'a.txt: ENOENT',
    })
    expect(existsSync(join(directory, '.git'))).toBe(false)
    expect(existsSync(directory)).toBe(true)
    const lost = { ...tree, head: 'f'.repeat(40), entries: new Map() }
    expect((await repo.checkOut(lost)).failure).toMatchObject({ code: 'checkout_failed' })
    const odd = { ...tree, head: '--help', entries: new Map() }
    expect((await repo.checkOut(odd)).failure).toMatchObject({ reason: 'its commit is no name of one' })
  })
})
