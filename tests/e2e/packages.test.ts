import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { onLinux } from '../support/binary.ts'
import { Checkout, hasRuntime, hasTool, type Outcome, runTool } from '../support/checkout.ts'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const ARCH = process.arch === 'x64' ? 'amd64' : process.arch
const FOLDER = `orchastration-${manifest.version}-linux-${ARCH}`
const DEB = `orchastration_${manifest.version}_${ARCH}.deb`
const ZIP = `orchastration-${manifest.version}-windows-amd64.zip`
const NPM = `orchastration-${manifest.version}.tgz`
const withWindows = hasRuntime('bun-windows-x64')

const CONFIG = `[jobs.hello]
command = ["sh", "-c", "echo hello from $0"]

[jobs.fails]
command = ["sh", "-c", "exit 3"]
`
const DOCUMENTS = [
  'CHANGELOG.md',
  'LICENSE',
  'NOTICE',
  'README.md',
  'USAGE.md',
  'completions/_orchastration',
  'completions/orchastration.bash',
  'completions/orchastration.fish',
  'completions/orchastration.ps1',
  'configs/config.example.toml',
  'licenses/Apache-2.0.txt',
  'man/orchastration.1',
]

describe.skipIf(!onLinux)('the packages', () => {
  let root: string
  let one: Checkout
  let dist: string

  beforeAll(() => {
    mkdirSync(join(TOP, 'build'), { recursive: true })
    root = mkdtempSync(join(TOP, 'build/packages-'))
    one = new Checkout(join(root, 'one'))
    dist = join(one.path, 'dist')
    expect(pack(one, {}, '022')).toMatchObject({ stderr: '', exit: 0 })
  }, 240_000)

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('are the same bytes from another directory, at another time, in another zone and under another umask', () => {
    const other = new Checkout(join(root, 'another and longer'))
    expect(pack(other, { TZ: 'Pacific/Kiritimati', LC_ALL: 'C' }, '077')).toMatchObject({ stderr: '', exit: 0 })
    expect(digests(join(other.path, 'dist'))).toEqual(digests(dist))
    other.remove()
  }, 240_000)

  test('are named in SHA256SUMS as sha256sum reads it', () => {
    expect(runTool(['sha256sum', '-c', 'SHA256SUMS'], { cwd: dist })).toMatchObject({
      stdout: packages()
        .map((name) => `${name}: OK\n`)
        .join(''),
      exit: 0,
    })
  })

  test('hold no path of the machine that made them', () => {
    expect(readFileSync(join(dist, `linux-${ARCH}/orchastration`)).includes(root)).toBe(false)
    const entries = readdirSync(join(dist, 'npm/lib'), { recursive: true, withFileTypes: true })
    const bundled = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    expect(bundled.filter((path) => readFileSync(path, 'utf8').includes(root))).toEqual([])
  })

  describe('the tar.gz', () => {
    test('holds the binary and the documents, owned by root, all with the time of the commit', () => {
      const list = runTool(['tar', '--numeric-owner', '--full-time', '-tvzf', `${FOLDER}.tar.gz`], { cwd: dist })
      const rows = list.stdout.trimEnd().split('\n')
      const files = rows.flatMap((row) => / (\S+[^/])$/.exec(row)?.[1] ?? [])
      expect(files).toEqual([...DOCUMENTS, 'orchastration'].map((path) => `${FOLDER}/${path}`).toSorted())
      expect(rows.filter((row) => !/^(drwxr-xr-x|-rw[-x]r-[-x]r-[-x]) 0\/0 .* 2026-01-02 03:04:05 /.test(row))).toEqual(
        [],
      )
    })

    test('runs where it was unpacked', () => {
      const place = folder('unpacked')
      runTool(['tar', '-xzf', join(dist, `${FOLDER}.tar.gz`)], { cwd: place })
      expectToRun([join(place, FOLDER, 'orchastration')], place)
    })
  })

  describe.skipIf(!withWindows)('the zip for Windows', () => {
    test.skipIf(!hasTool('unzip'))('holds the same documents beside its binary, whole', () => {
      expect(runTool(['unzip', '-tqq', ZIP], { cwd: dist }).exit).toBe(0)
      const list = runTool(['unzip', '-Z1', ZIP], { cwd: dist }).stdout.trimEnd().split('\n')
      const top = ZIP.replace('.zip', '')
      expect(list).toEqual([...DOCUMENTS, 'orchastration.exe'].map((path) => `${top}/${path}`).toSorted())
    })
  })

  describe('the .deb', () => {
    test.skipIf(!hasTool('lintian'))(
      'leaves lintian silent',
      () => {
        // As root, lintian says on standard error that it should not be.
        const { stdout, exit } = runTool(['lintian', '--fail-on', 'error,warning', DEB], { cwd: dist })
        expect({ stdout, exit }).toEqual({ stdout: '', exit: 0 })
      },
      240_000,
    )

    test.skipIf(!hasTool('dpkg'))('is installed, runs, is what it says, and leaves nothing when it is removed', () => {
      const system = emptySystem(folder('system'))
      expect(dpkg(system, '--install', join(dist, DEB))).toMatchObject({ exit: 0 })
      expectToRun([join(system, 'usr/bin/orchastration')], folder('home of the installed'))
      expect(dpkg(system, '--verify', 'orchastration')).toMatchObject({ stdout: '', exit: 0 })
      expect(dpkg(system, '--remove', 'orchastration')).toMatchObject({ exit: 0 })
      expect(readdirSync(system)).toEqual(['var'])
      expect(dpkg(system, '--list', 'orchastration').exit).not.toBe(0)
    })

    test.skipIf(!hasTool('dpkg'))('has no script that runs at installation, and needs libc alone', () => {
      const card = runTool(['dpkg-deb', '--info', DEB], { cwd: dist }).stdout
      expect(card).not.toMatch(/\b(pre|post)(inst|rm)\b|conffiles|triggers/)
      expect(/Depends: (.*)/.exec(card)?.[1]).toMatch(/^libc6 \(>= 2\.\d+\)$/)
    })

    test.skipIf(!hasTool('man') || !hasTool('dpkg-deb'))('brings a manual page that man shows', () => {
      const place = folder('manual')
      runTool(['dpkg-deb', '--extract', join(dist, DEB), place], { cwd: dist })
      const page = join(place, 'usr/share/man/man1/orchastration.1.gz')
      const { stdout, stderr, exit } = runTool(['man', '--warnings', '-l', page], {
        cwd: place,
        env: { MANPAGER: 'cat' },
      })
      expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 })
      expect(stdout).toMatch(/^ORCHASTRATION\(1\)/)
    })
  })

  describe('the npm package', () => {
    let place: string

    beforeAll(() => {
      place = folder('npm')
      // Without it, npm would take the nearest folder above that has one: this repository.
      writeFileSync(join(place, 'package.json'), '{}')
      const quietly = ['--offline', '--no-audit', '--no-fund', '--no-update-notifier']
      const install = ['npm', 'install', ...quietly, join(dist, NPM)]
      expect(runTool(install, { cwd: place, env: { HOME: folder('npm home') } })).toMatchObject({ exit: 0 })
    })

    test('was installed without a network, and runs on Bun', () => {
      expectToRun(withBun(place), place)
      expect(existsSync(join(place, '.cache/orchastration/orchastration.log'))).toBe(true)
    })

    test('goes on in the background by itself, though the program is Bun', () => {
      writeFileSync(join(place, 'jobs.toml'), CONFIG)
      const detached = orchastration(withBun(place), ['run', 'hello', '--detach'], place)
      const run = /run=(\S+)/.exec(detached.stdout)?.[1] ?? ''
      expect(orchastration(withBun(place), ['runs', 'wait', run], place)).toMatchObject({ exit: 0 })
    })
  })

  function folder(name: string): string {
    mkdirSync(join(root, name), { recursive: true })
    return join(root, name)
  }
})

function packages(): readonly string[] {
  return [`${FOLDER}.tar.gz`, DEB, NPM, ...(withWindows ? [ZIP] : [])].toSorted()
}

function pack(checkout: Checkout, env: Record<string, string>, umask: string): Outcome {
  const targets = [`linux-${ARCH}`, 'npm', ...(withWindows ? ['windows-amd64'] : [])]
  return checkout.script(['scripts/package.ts', ...targets.flatMap((name) => ['--target', name])], { umask, env })
}

function digests(dist: string): Readonly<Record<string, string>> {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(dist, name)))
      .digest('hex')
  return Object.fromEntries(packages().map((name) => [name, digest(name)]))
}

/** A root directory for dpkg in which libc6 alone is installed, as far as its list says. */
function emptySystem(root: string): string {
  const admin = join(root, 'var/lib/dpkg')
  for (const name of ['info', 'updates', 'triggers']) mkdirSync(join(admin, name), { recursive: true })
  const libc = ['Package: libc6', 'Status: install ok installed', 'Maintainer: nobody', `Architecture: ${ARCH}`]
  writeFileSync(join(admin, 'status'), `${[...libc, 'Version: 2.36', 'Description: stands for it'].join('\n')}\n\n`)
  return root
}

function dpkg(system: string, ...args: readonly string[]): Outcome {
  return runTool(['dpkg', '--force-not-root', `--root=${system}`, '--log=/dev/null', ...args], { cwd: system })
}

/** The installed command as a shell finds it, where the Bun it asks for is the repository's. */
function withBun(place: string): readonly string[] {
  const path = `${join(TOP, 'node_modules/.bin')}:/usr/bin:/bin`
  return ['env', `PATH=${path}`, join(place, 'node_modules/.bin/orchastration')]
}

function orchastration(command: readonly string[], args: readonly string[], home: string): Outcome {
  return runTool([...command, ...args, '--config', join(home, 'jobs.toml')], { cwd: home })
}

/** What a person tries first, each with its exit code. */
function expectToRun(command: readonly string[], home: string): void {
  writeFileSync(join(home, 'jobs.toml'), CONFIG)
  const version = new RegExp(`^${manifest.version} \\(commit [0-9a-f]{40}, built 2026-01-02T03:04:05.000Z\\)\n$`)
  expect(orchastration(command, ['--version'], home)).toMatchObject({ stdout: expect.stringMatching(version), exit: 0 })
  expect(orchastration(command, ['list'], home)).toMatchObject({ stdout: 'fails\nhello\n', stderr: '', exit: 0 })
  expect(orchastration(command, ['run', 'hello'], home)).toMatchObject({ exit: 0 })
  expect(orchastration(command, ['run', 'fails'], home)).toMatchObject({ exit: 3 })
  expectToHash(command, home)
  expect(orchastration(command, ['verify'], home)).toMatchObject({
    stdout: expect.stringMatching(/^verified/),
    exit: 0,
  })
}

/** Many files are hashed by threads, whose code lies in a file of its own. */
function expectToHash(command: readonly string[], home: string): void {
  mkdirSync(join(home, 'files'), { recursive: true })
  for (let index = 0; index < 40; index++) writeFileSync(join(home, `files/${index}`), `${index}`.repeat(50_000))
  expect(orchastration(command, ['hash', 'files', '--manifest', 'SUMS'], home)).toMatchObject({ exit: 0 })
  expect(runTool(['sha256sum', '-c', '--quiet', 'SUMS'], { cwd: home })).toEqual({ stdout: '', stderr: '', exit: 0 })
}
