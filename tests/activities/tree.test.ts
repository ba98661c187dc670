import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { treeActivity } from '#activities/tree.ts'
import { keptFiles } from '#adapters/files/kept-files.ts'
import { workTrees } from '#adapters/git/work-trees.ts'
import { sha256 } from '#base/digest.ts'
import { ok } from '#base/result.ts'
import type { TreeReport } from '#domain/run/recorded-tree.ts'
import { TreeFold } from '#domain/run/tree-fold.ts'
import type { KnownSecret } from '#workflows/agents/tool-call.ts'
import { onWindows } from '../support/binary.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'orchastration-tree-')))
  made.push(path)
  return path
}

class Repository {
  readonly root = folder()
  readonly store = folder()
  readonly #activity = treeActivity({
    workTrees: workTrees({ PATH: process.env['PATH'] ?? '', HOME: this.store, GIT_DIR: '/nowhere' }, []),
    kept: keptFiles(this.store),
    surroundings: async () => ({ envFile: () => ({ path: '', text: ok('') }), secret: () => ok('the-secret-value') }),
  })
  readonly fold = new TreeFold()

  git(...args: readonly string[]): string {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main']
    return execFileSync('git', [...who, ...args], { cwd: this.root, encoding: 'utf8', stdio: 'pipe' }).trim()
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.root, path, '..'), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  /** What a step records of these directories, told the trees that were recorded before. */
  async record(
    directories: readonly string[] = [this.root],
    { secrets = [], isTold = true }: { secrets?: readonly KnownSecret[]; isTold?: boolean } = {},
  ): Promise<TreeReport> {
    const known = Object.fromEntries(this.fold.trees.map(({ root, digest }) => [root, digest]))
    const idle = new AbortController().signal
    const attempt = { key: 'run/1', step: 'tree', attempt: 1, start: '1.1.1', signal: idle, hurry: idle }
    const result = await this.#activity.run({ directories, known, secrets }, attempt)
    if (!result.ok) throw new Error(result.error.code)
    const report = result.value as unknown as TreeReport
    if (isTold) this.fold.add({ type: 'step.succeeded', body: { activity: 'tree', output: report } } as never)
    return report
  }

  forget(): void {
    this.#activity.letGo?.('run')
  }

  /** What differs from the commit, as all that was recorded says. */
  get entries(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      [...(this.fold.trees[0]?.entries ?? [])].map(([path, entry]) => [
        path,
        entry.kind === 'file'
          ? this.#kept(entry.digest)
          : entry.kind === 'link'
            ? entry
            : ((entry as never)['why'] ?? entry.kind),
      ]),
    )
  }

  #kept(digest: string): string {
    return readFileSync(join(this.store, 'artifacts', digest.slice(0, 2), digest), 'utf8')
  }

  /** Everything in the repository's own folder, with times. */
  get own(): readonly string[] {
    return readdirSync(join(this.root, '.git'), { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => {
        const { mtimeMs, size } = statSync(path)
        return `${path} ${size} ${mtimeMs} ${statSync(path).isFile() ? sha256(readFileSync(path)) : ''}`
      })
  }
}

function repository(): Repository {
  const repo = new Repository()
  repo.git('init', '-q')
  repo.write('a.txt', 'one')
  repo.write('b.txt', 'two')
  repo.write('.gitignore', 'ignored\n')
  repo.git('add', '-A')
  repo.git('commit', '-qm', 'first')
  return repo
}

describe.skipIf(onWindows)('a recorded tree', () => {
  test('is its commit where nothing differs, and the repository is only read', async () => {
    const repo = repository()
    // So git would like to write down what it sees.
    utimesSync(join(repo.root, 'a.txt'), 1, 1)
    repo.write('ignored', 'x')
    const before = repo.own
    const { trees, artifacts, without } = await repo.record()
    expect({ artifacts, without }).toEqual({ artifacts: [], without: [] })
    expect(trees).toEqual([
      {
        root: repo.root,
        directories: [{ path: repo.root, below: '' }],
        head: repo.git('rev-parse', 'HEAD'),
        branch: 'main',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        from: null,
        links: [],
        gone: [],
        back: [],
        left_out: [],
      },
    ])
    expect(repo.own).toEqual(before)
  })

  test('has what was changed, added, staged, removed, linked and made executable, whatever it is called', async () => {
    const repo = repository()
    repo.write('a.txt', 'changed')
    repo.write('deep/er/new file\nwith "odd" ü.txt', 'new')
    repo.write('staged', 'staged')
    repo.git('add', 'staged')
    rmSync(join(repo.root, 'b.txt'))
    symlinkSync('/etc/passwd', join(repo.root, 'link'))
    repo.write('tool', '#!/bin/sh')
    chmodSync(join(repo.root, 'tool'), 0o755)
    writeFileSync(Buffer.concat([Buffer.from(`${repo.root}/raw`), Buffer.from([0xff])]), 'raw')
    const { artifacts } = await repo.record()
    expect(repo.entries).toEqual({
      'a.txt': 'changed',
      'b.txt': 'gone',
      'deep/er/new file\nwith "odd" ü.txt': 'new',
      link: { kind: 'link', target: '/etc/passwd' },
      'raw\udcff': 'raw',
      staged: 'staged',
      tool: '#!/bin/sh',
    })
    expect(artifacts.find(({ path }) => path === 'tool')).toMatchObject({ executable: true, bytes: 9 })
  })

  test('tells what has changed since the one before, and everything to a process that does not know that one', async () => {
    const repo = repository()
    repo.write('a.txt', 'changed')
    repo.write('c.txt', 'three')
    const first = await repo.record()
    const second = await repo.record()
    expect(second.artifacts).toEqual([])
    expect(second.trees[0]?.digest).toBe(first.trees[0]?.digest as string)
    repo.write('a.txt', 'one')
    repo.write('c.txt', 'drei!')
    const third = await repo.record()
    expect(third.trees[0]).toMatchObject({ from: first.trees[0]?.digest, back: ['a.txt'] })
    expect(third.artifacts.map(({ path }) => path)).toEqual(['c.txt'])
    expect(repo.entries).toEqual({ 'c.txt': 'drei!' })
    repo.forget()
    const fourth = await repo.record()
    expect(fourth.trees[0]).toMatchObject({ from: null, digest: third.trees[0]?.digest })
    expect(repo.entries).toEqual({ 'c.txt': 'drei!' })
  })

  test('counts from one that the run was told, and from no other', async () => {
    const repo = repository()
    repo.write('a.txt', 'first')
    await repo.record()
    repo.write('b.txt', 'second')
    await repo.record([repo.root], { isTold: false })
    await repo.record()
    expect(repo.entries).toEqual({ 'a.txt': 'first', 'b.txt': 'second' })
  })

  test('notices a file that is written again at once, with as many bytes', async () => {
    const repo = repository()
    for (const text of ['aaa', 'bbb', 'ccc', 'ddd']) {
      repo.write('fast', text)
      await repo.record()
      expect(repo.entries).toEqual({ fast: text })
    }
  })

  test('follows a commit that is made meanwhile', async () => {
    const repo = repository()
    repo.write('a.txt', 'changed')
    const first = await repo.record()
    repo.git('commit', '-qam', 'second')
    const second = await repo.record()
    expect(second.trees[0]).toMatchObject({ head: repo.git('rev-parse', 'HEAD'), back: ['a.txt'] })
    expect(second.trees[0]?.digest).not.toBe(first.trees[0]?.digest as string)
    expect(repo.entries).toEqual({})
  })

  test('names what is too large, of another repository, no file, or likely secret, and keeps nothing of it', async () => {
    const repo = repository()
    repo.write('large', '')
    truncateSync(join(repo.root, 'large'), 65 * 1024 ** 2)
    mkdirSync(join(repo.root, 'nested'))
    execFileSync('git', ['init', '-q'], { cwd: join(repo.root, 'nested') })
    repo.write('nested/file', 'x')
    repo.write('sub/.env', 'TOKEN=1')
    rmSync(join(repo.root, 'b.txt'))
    execFileSync('mkfifo', [join(repo.root, 'b.txt')])
    await repo.record()
    expect(repo.entries).toEqual({ large: 'large', 'sub/.env': 'protected', nested: 'repository', 'b.txt': 'special' })
    expect(existsSync(join(repo.store, 'artifacts'))).toBe(false)
  })

  test('keeps no file that holds a secret of the run', async () => {
    const repo = repository()
    repo.write('log', 'it was the-secret-value!')
    repo.write('other', 'nothing of it')
    await repo.record([repo.root], { secrets: [{ source: { env: 'X' }, directory: repo.root }] })
    expect(repo.entries).toEqual({ log: 'secret', other: 'nothing of it' })
  })

  test('is none where more differs than anybody would want to keep, and that costs nothing but the question', async () => {
    const repo = repository()
    for (let file = 0; file <= 5000; file++) repo.write(`packages/${file}`, '')
    const { trees, without } = await repo.record()
    expect({ trees, without }).toEqual({
      trees: [],
      without: [
        { directory: repo.root, why: '5001 files differ from its commit or are new and not ignored; 5000 are kept' },
      ],
    })
    expect(existsSync(join(repo.store, 'artifacts'))).toBe(false)
  })

  test('is there before the first commit, and for each directory of one repository once', async () => {
    const repo = new Repository()
    repo.git('init', '-q')
    repo.write('sub/x', 'x')
    const { trees } = await repo.record([join(repo.root, 'sub'), repo.root])
    expect(trees).toMatchObject([
      {
        root: repo.root,
        head: null,
        branch: 'main',
        directories: [
          { path: join(repo.root, 'sub'), below: 'sub' },
          { path: repo.root, below: '' },
        ],
      },
    ])
  })

  test('is none outside of git, in what is not there, and where git sees damage; each is said', async () => {
    const repo = repository()
    const plain = folder()
    await repo.record()
    writeFileSync(join(repo.root, '.git/HEAD'), 'nonsense')
    const { trees, without } = await repo.record([plain, join(plain, 'missing'), repo.root])
    expect(trees).toEqual([])
    expect(without).toEqual([
      { directory: plain, why: 'it lies in no git repository' },
      { directory: join(plain, 'missing'), why: 'it is not there' },
      { directory: repo.root, why: expect.stringContaining('not a git repository') },
    ])
    expect(repo.fold.trees).toEqual([])
  })
})
