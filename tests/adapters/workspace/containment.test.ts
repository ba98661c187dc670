import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { FolderKind } from '#adapters/workspace/enter.ts'
import { type GivenWorkspace, givenWorkspace, SECRET } from './given-workspace.ts'

let given: GivenWorkspace | undefined
afterEach(() => given?.end())

const kinds: readonly FolderKind[] = process.platform === 'linux' ? ['descriptors', 'paths'] : ['paths']

describe.each(kinds)('what agents touch, by %s,', (kind) => {
  const start = () => {
    given = givenWorkspace(kind)
    return given
  }

  test('is read and written by paths below the workspace, and by absolute ones', () => {
    const ws = start()
    expect(ws.write('a/b/c.txt', 'one')).toBe('written')
    expect(ws.read('a/b/c.txt')).toBe('one')
    expect(ws.read('./a//b/./c.txt')).toBe('one')
    expect(ws.read(ws.at('a/b/c.txt'))).toBe('one')
    expect(ws.read(join(ws.base, 'ref/guide.txt'))).toBe('guide')
  })

  test('never lies above it', () => {
    const ws = start()
    for (const path of ['../outside/secret.txt', 'a/../../outside/secret.txt', '..', 'a/..', '~/x']) {
      expect(ws.read(path)).toMatch(/^outside/)
      expect(ws.write(path, 'x')).toMatch(/^outside/)
    }
    expect(ws.read('/etc/passwd')).toBe('outside')
    expect(ws.read('/etc/there-is-no-such-file')).toBe('outside')
    expect(ws.read(join(ws.base, 'outside/secret.txt'))).toBe('outside')
  })

  test('is no directory whose name only begins like it', () => {
    const ws = start()
    mkdirSync(join(ws.base, 'ws-evil'))
    writeFileSync(join(ws.base, 'ws-evil/x'), SECRET)
    expect(ws.read(join(ws.base, 'ws-evil/x'))).toBe('outside')
    expect(ws.write(join(ws.base, 'ws-evil/x'), '')).toBe('outside')
  })

  test('is not reached by links, in any part of a path', () => {
    const ws = start()
    symlinkSync(join(ws.base, 'outside'), ws.at('folder'))
    symlinkSync(join(ws.base, 'outside/secret.txt'), ws.at('file'))
    symlinkSync('../outside', ws.at('relative'))
    symlinkSync(join(ws.base, 'outside/not-yet'), ws.at('dangling'))
    symlinkSync('loop', ws.at('loop'))
    symlinkSync('/proc/self/root', ws.at('proc'))
    const paths = [
      'folder/secret.txt',
      'file',
      'relative/secret.txt',
      'dangling',
      'folder/new',
      'loop',
      'proc/etc/passwd',
    ]
    for (const path of paths) {
      expect(ws.read(path)).toMatch(/^outside/)
      expect(ws.write(path, 'x')).toMatch(/^outside/)
    }
    expect(readdirSync(join(ws.base, 'outside'))).toEqual(['secret.txt'])
    expect(readFileSync(join(ws.base, 'outside/secret.txt'), 'utf8')).toBe(SECRET)
  })

  test('may be reached by a link that stays in it', () => {
    const ws = start()
    ws.put('real/x.txt', 'x')
    symlinkSync('real', ws.at('link'))
    expect(ws.read('link/x.txt')).toBe('x')
    expect(ws.write('link/x.txt', 'y')).toBe('written')
    expect(readFileSync(ws.at('real/x.txt'), 'utf8')).toBe('y')
  })

  test('is judged by where a link leads, not by what it is called', () => {
    const ws = start()
    ws.put('.env', 'KEY=1')
    ws.put('.git/config', 'x')
    symlinkSync('.env', ws.at('notes.txt'))
    symlinkSync('.git', ws.at('history'))
    symlinkSync('plain.txt', ws.at('id_rsa'))
    ws.put('plain.txt', 'x')
    for (const path of ['notes.txt', 'history/config', 'id_rsa']) {
      expect(ws.read(path)).toMatch(/^protected/)
      expect(ws.write(path, 'x')).toMatch(/^protected/)
    }
  })

  test('is no file with other names, and writing one leaves those as they are', () => {
    const ws = start()
    linkSync(join(ws.base, 'outside/secret.txt'), ws.at('innocent.txt'))
    expect(ws.read('innocent.txt')).toBe('protected other_name')
    expect(ws.read('innocent.txt', { allow: ['innocent.txt'] })).toBe(SECRET)
    expect(ws.write('innocent.txt', 'mine')).toBe('written')
    expect(readFileSync(join(ws.base, 'outside/secret.txt'), 'utf8')).toBe(SECRET)
  })

  test('is no pipe, and nobody waits for one', () => {
    const ws = start()
    if (spawnSync('mkfifo', [ws.at('pipe')]).status !== 0) return
    expect(ws.read('pipe')).toBe('not_a_file')
    expect(ws.write('pipe', 'x')).toBe('not_a_file')
  })

  test('is no directory where a file is meant, and no file where a directory is', () => {
    const ws = start()
    ws.put('a/x.txt', 'x')
    expect(ws.read('a')).toMatch(/^not_a_file/)
    expect(ws.write('a', 'x')).toMatch(/^not_a_file/)
    expect(ws.read('.')).toMatch(/^not_a_file/)
    expect(ws.write('.', 'x')).toMatch(/^not_a_file/)
    expect(ws.read('a/x.txt/y')).toMatch(/^not_a_directory/)
    expect(ws.write('a/x.txt/y', 'x')).toMatch(/^not_a_directory/)
  })

  test('has no control characters, no backslashes and no endless names', () => {
    const ws = start()
    for (const path of [
      'a\0b',
      'a\nb',
      'a\u007fb',
      'a\\b',
      '..\\x',
      'x'.repeat(300),
      `${'a/'.repeat(3000)}b`,
      '\ud800',
    ]) {
      expect(ws.read(path)).toMatch(/^unusable_path/)
      expect(ws.write(path, 'x')).toMatch(/^unusable_path/)
    }
  })

  test('is nothing of ours', () => {
    const ws = start()
    const spaces = { domain: ws.base, write_scope: ['workspace', 'domain'] } as const
    writeFileSync(join(ws.store, 'store.db'), 'x')
    expect(ws.read(join(ws.store, 'store.db'), spaces)).toBe('protected state')
    expect(ws.write(join(ws.store, 'new'), 'x', spaces)).toBe('protected state')
    symlinkSync(ws.store, ws.at('link'))
    expect(ws.read('link/store.db', spaces)).toBe('protected state')
  })

  test('is nothing where its directory has become a link', () => {
    const ws = start()
    ws.put('secret.txt', 'mine')
    renameSync(ws.at('.').replace(/\/\.?$/, ''), join(ws.base, 'moved'))
    symlinkSync(join(ws.base, 'outside'), join(ws.base, 'ws'))
    expect(ws.read('secret.txt')).toBe('no_workspace')
    expect(ws.write('secret.txt', 'x')).toBe('no_workspace')
    renameSync(join(ws.base, 'ref'), join(ws.base, 'ref2'))
    symlinkSync(join(ws.base, 'outside'), join(ws.base, 'ref'))
    expect(ws.read(join(ws.base, 'ref/secret.txt'), { workspace: join(ws.base, 'moved') })).toBe('outside')
  })

  test('is what the scopes say', () => {
    const ws = start()
    const guide = join(ws.base, 'ref/guide.txt')
    expect(ws.write(guide, 'x')).toBe('not_in_scope reference')
    expect(ws.write(guide, 'x', { write_scope: ['workspace', 'reference'] })).toBe('written')
    expect(ws.read(guide, { read_scope: ['workspace'] })).toBe('not_in_scope reference')
    expect(ws.write('x', 'x', { write_scope: [] })).toMatch(/^not_in_scope/)
    const inside = { references: [ws.at('vendor')] }
    ws.put('vendor/x', 'x')
    expect(ws.write('vendor/x', 'y', inside)).toMatch(/^not_in_scope/)
    expect(ws.write('vendor2/x', 'y', inside)).toBe('written')
  })

  test('is neither made nor changed in a directory that became a link after it was looked at', () => {
    const ws = start()
    ws.put('a/x.txt', 'x')
    const place = ws.find('a/x.txt', 'write')
    if (!place.ok) throw new Error(place.error.kind)
    renameSync(ws.at('a'), ws.at('b'))
    symlinkSync(join(ws.base, 'outside'), ws.at('a'))
    const content = Buffer.from('x')
    expect(ws.files.replace(place.value, { key: 'run/900', content })).toMatchObject({ ok: false })
    expect(ws.files.read(place.value, 100)).toMatchObject({ ok: false })
    expect(readdirSync(join(ws.base, 'outside'))).toEqual(['secret.txt'])
    rmSync(ws.at('a'))
    symlinkSync(join(ws.base, 'outside/secret.txt'), ws.at('b/y'))
    expect(ws.read('b/y')).toBe('outside')
  })

  test('is listed and searched without following links or entering what is refused', async () => {
    const ws = start()
    ws.put('a/x.txt', 'x')
    ws.put('.git/config', SECRET)
    ws.put('.env', SECRET)
    symlinkSync(join(ws.base, 'outside'), ws.at('link'))
    const root = ws.find('.')
    if (!root.ok) throw new Error(root.error.kind)
    expect(ws.files.list(root.value, { depth: 3, most: 100 })).toEqual({
      ok: true,
      value: [
        { path: '.env', kind: 'refused' },
        { path: '.git', kind: 'refused' },
        { path: 'a', kind: 'directory' },
        { path: 'a/x.txt', kind: 'file', bytes: 1 },
        { path: 'link', kind: 'link' },
      ],
    })
    const seen: string[] = []
    await ws.files.walk(root.value, {
      mostBytes: 1000,
      wants: () => true,
      take: async (path, content) => {
        seen.push(`${path}: ${content === undefined ? 'left out' : Buffer.from(content).toString()}`)
        return false
      },
    })
    expect(seen).toEqual(['.env: left out', 'a/x.txt: x'])
  })
})

describe.runIf(process.platform === 'linux')('a directory that is swapped for a link all the time', () => {
  test('lets nothing out, and nothing in', async () => {
    given = givenWorkspace()
    const ws = given
    ws.put('real/secret.txt', 'mine')
    const swap = `
      const { renameSync, symlinkSync } = require('node:fs')
      process.chdir(${JSON.stringify(ws.at('.'))})
      symlinkSync(${JSON.stringify(join(ws.base, 'outside'))}, 'evil')
      renameSync('real', 'turn')
      process.stdout.write('on')
      let made = 0
      const move = (from, to) => {
        try { renameSync(from, to) }
        // The writer made the directory where there was none for a moment.
        catch { try { renameSync('turn', 'made-' + made++) } catch {} }
      }
      for (;;) { move('turn', 'kept'); move('evil', 'turn'); move('turn', 'evil'); move('kept', 'turn') }
    `
    const swapper = spawn(process.execPath, ['-e', swap], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await new Promise((resolve) => swapper.stdout.once('data', resolve))
      const seen = new Set<string>()
      const until = performance.now() + 1500
      for (let at = 0; performance.now() < until; at++) {
        seen.add(ws.read('turn/secret.txt'))
        ws.write(`turn/new-${at % 7}.txt`, 'x')
        ws.write('turn/secret.txt', 'mine')
      }
      expect([...seen]).not.toContain(SECRET)
      expect([...seen]).toContain('mine')
      // Both were met, or the race was none.
      expect(seen.size).toBeGreaterThan(1)
    } finally {
      swapper.kill('SIGKILL')
    }
    expect(readdirSync(join(ws.base, 'outside'))).toEqual(['secret.txt'])
    expect(readFileSync(join(ws.base, 'outside/secret.txt'), 'utf8')).toBe(SECRET)
    expect(existsSync(join(ws.base, 'outside'))).toBe(true)
  })
})
