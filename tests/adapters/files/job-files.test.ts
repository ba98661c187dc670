import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FoundFiles } from '#activities/job-files-port.ts'
import { jobFiles } from '#adapters/files/job-files.ts'
import { onWindows } from '../../support/binary.ts'

let root: string
let directory: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orchastration-files-'))
  directory = join(root, 'work')
  mkdirSync(directory)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text = path): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}

function open({ believes = true, signal = new AbortController().signal } = {}) {
  const own = [join(directory, 'state/store'), join(root, 'cache')]
  return jobFiles({ cache: join(root, 'cache'), own }).open({ job: 'job', directory, believes, signal })
}

async function find(...patterns: readonly string[]): Promise<readonly string[]> {
  return (await found(...patterns)).paths
}

async function found(...patterns: readonly string[]): Promise<FoundFiles> {
  const result = await open().find(patterns)
  if (!result.ok) throw new Error(`${result.error.path} ${result.error.reason}`)
  return result.value
}

async function digestOf(options: { readonly believes?: boolean } = {}): Promise<string> {
  const look = open(options)
  const result = await look.find(['.'])
  const list = result.ok ? await look.digest(result.value) : result
  look.close()
  if (!list.ok) throw new Error(`${list.error.path} ${list.error.reason}`)
  return list.value.digest
}

/** Long enough ago that nobody has to doubt the clock of the file system. */
async function settle(): Promise<void> {
  const last = statSync(directory).ctimeMs
  while (Date.now() < last + 60) await Bun.sleep(5)
}

describe('files are found', () => {
  beforeEach(() => {
    for (const path of ['a.ts', 'b.js', '.env', 'src/a.ts', 'src/lib/c.ts', 'src/lib/.d/e.ts', '.git/HEAD', 'src/.git'])
      write(path)
    write('node_modules/x/index.js')
  })

  test.each<readonly [readonly string[], readonly string[]]>([
    [['*.ts'], ['a.ts']],
    [['**/*.ts'], ['a.ts', 'src/a.ts', 'src/lib/.d/e.ts', 'src/lib/c.ts']],
    [['src/**/a.ts'], ['src/a.ts']],
    [['src/*'], ['src/a.ts']],
    [['src/**'], ['src/a.ts', 'src/lib/.d/e.ts', 'src/lib/c.ts']],
    [['src'], ['src/a.ts', 'src/lib/.d/e.ts', 'src/lib/c.ts']],
    [['./src/../a.ts'], ['src/../a.ts']],
    [['s*/'], ['src/a.ts', 'src/lib/.d/e.ts', 'src/lib/c.ts']],
    [['.git'], ['.git/HEAD']],
    [
      ['*/.git', '.git/HEAD'],
      ['.git/HEAD', 'src/.git'],
    ],
    [
      ['**', '!node_modules', '!src/lib/**'],
      ['.env', 'a.ts', 'b.js', 'src/a.ts'],
    ],
    [
      ['**', '!**/lib', '!node_modules/'],
      ['.env', 'a.ts', 'b.js', 'src/a.ts'],
    ],
    [['!*.ts', 'a.ts', 'b.js'], ['b.js']],
    [
      ['{a,b}.{ts,js}', 'a.ts'],
      ['a.ts', 'b.js'],
    ],
    [['src/**/**/c.ts'], ['src/lib/c.ts']],
    [['a.ts/x', 'a.ts/**'], []],
  ])('%j: %j', async (patterns, expected) => {
    expect(await find(...patterns)).toEqual(expected)
  })

  test('are none of ours, where the store lies below the directory: to open and close one would give up its locks', async () => {
    for (const path of ['state/store/owners/one', 'state/store/store.db', 'state/page', 'store/page']) write(path)
    expect(await find('st*/**')).toEqual(['state/page', 'store/page'])
    expect(await find('state')).toEqual(['state/page'])
    expect((await find('**')).filter((path) => path.includes('owners'))).toEqual([])
  })

  test('outside of the directory where the pattern says so', async () => {
    writeFileSync(join(root, 'shared.txt'), '1')
    expect(await find('../*.txt', `${root}/sh*`)).toEqual(['../shared.txt', `${root}/shared.txt`])
  })

  test('and what is not there is told apart from what matches nothing, or was left out on purpose', async () => {
    expect(await found('no.ts', 'no/**', 'x{1,2}', 'src/a.ts', 'b.js', '!b.js')).toEqual({
      paths: ['src/a.ts'],
      missing: ['no.ts'],
      unmatched: ['no/**', 'x{1,2}'],
    })
  })

  test('but those that another look has found', async () => {
    const look = open()
    const made = await look.find(['src/**'])
    expect(made.ok && (await look.find(['**/*.ts'], made.value))).toMatchObject({ value: { paths: ['a.ts'] } })
  })

  test('until the work is called off', async () => {
    expect(await open({ signal: AbortSignal.abort() }).find(['**'])).toMatchObject({ error: { reason: 'aborted' } })
  })
})

describe.skipIf(onWindows)('odd files', () => {
  test('with any name are found, also where that is not UTF-8', async () => {
    for (const name of ['a\nb', ' ', 'ä', '"\'$', '😀', '-rf']) write(name)
    expect(await find('**')).toEqual([' ', '"\'$', '-rf', 'a\nb', 'ä', '😀'].sort())
    const odd = 'touch "$(printf "x\\377")"; d="$(printf "z\\376")"; mkdir "$d"; touch "$d/y"'
    execFileSync('sh', ['-c', odd], { cwd: directory })
    expect(await find('x?', '*/y')).toEqual(['x\udcff', 'z\udcfe/y'])
    const before = await digestOf()
    execFileSync('sh', ['-c', 'echo more > "$(printf "z\\376")/y"'], { cwd: directory })
    expect(await digestOf()).not.toBe(before)
  })

  test('that are pipes or sockets are told at once where they match, and do not matter where not', async () => {
    execFileSync('mkfifo', [join(directory, 'pipe')])
    write('a.ts')
    expect(await find('*.ts')).toEqual(['a.ts'])
    expect(await open().find(['*'])).toMatchObject({ error: { path: 'pipe', reason: 'special' } })
    expect(await open().find(['pipe'])).toMatchObject({ error: { path: 'pipe', reason: 'special' } })
  })

  test('that are links count by their file, and by where they lead where that is a directory, nothing or a circle', async () => {
    write('real/file')
    symlinkSync('real/file', join(directory, 'to-file'))
    symlinkSync('real', join(directory, 'to-directory'))
    symlinkSync('.', join(directory, 'real/up'))
    symlinkSync('nowhere', join(directory, 'broken'))
    symlinkSync('circle', join(directory, 'circle'))
    expect(await find('**')).toEqual(['broken', 'circle', 'real/file', 'real/up', 'to-directory', 'to-file'])
    expect(await find('to-directory')).toEqual(['to-directory/file', 'to-directory/up'])
    const before = await digestOf()
    writeFileSync(join(directory, 'real/file'), 'other')
    const after = await digestOf()
    expect(after).not.toBe(before)
    rmSync(join(directory, 'broken'))
    symlinkSync('elsewhere', join(directory, 'broken'))
    expect(await digestOf()).not.toBe(after)
  })

  test('that may be executed are others than those that may not', async () => {
    write('run.sh')
    const before = await digestOf()
    chmodSync(join(directory, 'run.sh'), 0o755)
    expect(await digestOf()).not.toBe(before)
  })

  test.skipIf(process.getuid?.() === 0)('that cannot be read are told', async () => {
    write('secret')
    chmodSync(join(directory, 'secret'), 0)
    await expect(digestOf()).rejects.toThrow('secret EACCES')
  })
})

describe('what is known of files', () => {
  const cacheFile = () => join(root, 'cache', readdirSync(join(root, 'cache'))[0] ?? '')

  test('spares reading them', async () => {
    write('a', 'one')
    await settle()
    const digest = await digestOf()
    const { ino } = statSync(cacheFile())
    expect(await digestOf()).toBe(digest)
    expect(statSync(cacheFile()).ino, 'nothing was learnt').toBe(ino)
  })

  test('is not believed of a file with other content, were its size and time set back', async () => {
    write('a', 'one')
    const time = new Date(1_000_000_000_000)
    utimesSync(join(directory, 'a'), time, time)
    await settle()
    const digest = await digestOf()
    write('a', 'two')
    utimesSync(join(directory, 'a'), time, time)
    expect(await digestOf()).not.toBe(digest)
  })

  test('is not kept of a file that is as young as the clock of the file system', async () => {
    write('a', 'one')
    await digestOf()
    expect(readFileSync(cacheFile(), 'latin1')).not.toContain('"a"')
    await settle()
    await digestOf()
    expect(readFileSync(cacheFile(), 'latin1')).toContain('"a"')
  })

  test.each<readonly [string, (path: string) => void]>([
    ['was torn', (path) => writeFileSync(path, readFileSync(path).subarray(0, -7))],
    [
      'was changed',
      (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, index) => (index === 150 ? byte ^ 1 : byte)),
        ),
    ],
    ['others may write', (path) => chmodSync(path, 0o622)],
    ['is empty', (path) => writeFileSync(path, '')],
  ])('is not believed where its file %s', async (_, spoil) => {
    write('a', 'one')
    await settle()
    const digest = await digestOf()
    spoil(cacheFile())
    const { ino } = statSync(cacheFile())
    expect(await digestOf()).toBe(digest)
    expect(statSync(cacheFile()).ino, 'it was learnt anew').not.toBe(ino)
  })

  test('stops nobody where it cannot be kept', async () => {
    writeFileSync(join(root, 'cache'), 'a file in its place')
    write('a', 'one')
    await settle()
    expect(await digestOf()).toMatch(/^[0-9a-f]{64}$/)
  })

  test('is forgotten where everything is to be read', async () => {
    write('a', 'one')
    await settle()
    const digest = await digestOf()
    expect(await digestOf({ believes: false })).toBe(digest)
  })
})
