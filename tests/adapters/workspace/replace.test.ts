import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Replacement } from '#activities/workspace-port.ts'
import { artifactPath, changeNotePath } from '#adapters/files/outputs.ts'
import { workspace } from '#adapters/workspace/workspace.ts'
import { sha256 } from '#base/digest.ts'
import { type GivenWorkspace, givenWorkspace } from './given-workspace.ts'

let given: GivenWorkspace | undefined
afterEach(() => given?.end())

function start(): GivenWorkspace {
  given = givenWorkspace()
  return given
}

function replace(ws: GivenWorkspace, path: string, change: Partial<Replacement>) {
  const place = ws.find(path, 'write')
  if (!place.ok) throw new Error(place.error.kind)
  return ws.files.replace(place.value, { key: 'run/1', content: Buffer.from('new'), ...change })
}

test('what a file held is kept by its digest, and the change says all that taking it back needs', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  chmodSync(ws.at('a.txt'), 0o751)
  const told = {
    path: 'a.txt',
    root: ws.at(''),
    bytes: 3,
    sha256: sha256('new'),
    before: sha256('old'),
    mode: 0o751,
    made: [],
  }
  expect(replace(ws, 'a.txt', {})).toEqual({ ok: true, value: { ...told, root: ws.spaces.workspace } })
  expect(readFileSync(artifactPath(ws.store, sha256('old')), 'utf8')).toBe('old')
  expect(statSync(ws.at('a.txt')).mode & 0o777).toBe(0o751)
})

test('directories that had to be made are told, the outermost first', () => {
  const ws = start()
  ws.put('x/y.txt', '')
  expect(replace(ws, 'x/a/b/c.txt', {})).toMatchObject({
    ok: true,
    value: { before: null, mode: null, made: ['x/a', 'x/a/b'] },
  })
})

test('no draft stays, whatever came of it', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  replace(ws, 'a.txt', {})
  replace(ws, 'a.txt', { key: 'run/2', content: Buffer.from('more') })
  expect(readdirSync(ws.at(''))).toEqual(['a.txt'])
})

test('a file that is not what it is expected to be is left alone', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  expect(replace(ws, 'a.txt', { expected: sha256('other') })).toMatchObject({ error: { kind: 'changed_meanwhile' } })
  expect(replace(ws, 'a.txt', { expected: null })).toMatchObject({ error: { kind: 'changed_meanwhile' } })
  expect(replace(ws, 'b.txt', { expected: sha256('old') })).toMatchObject({ error: { kind: 'changed_meanwhile' } })
  expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe('old')
})

test('a write-protected file is left alone', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  chmodSync(ws.at('a.txt'), 0o444)
  expect(replace(ws, 'a.txt', {})).toMatchObject({ error: { kind: 'read_only' } })
})

test('a file is removed with the directories that were made for it, as far as they are empty', () => {
  const ws = start()
  ws.put('x/a/b/c.txt', 'c')
  ws.put('x/other.txt', '')
  const removed = replace(ws, 'x/a/b/c.txt', { content: null, unmade: ['x', 'x/a', 'x/a/b'] })
  expect(removed).toMatchObject({ ok: true, value: { bytes: null, sha256: null, before: sha256('c') } })
  expect(readdirSync(ws.at('x'))).toEqual(['other.txt'])
})

test('a start that died after the change is taken back before the step starts again', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  chmodSync(ws.at('a.txt'), 0o640)
  replace(ws, 'a.txt', {})
  expect(ws.files.takeBack('run/1')).toEqual({ ok: true, value: true })
  expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe('old')
  expect(statSync(ws.at('a.txt')).mode & 0o777).toBe(0o640)
  expect(ws.files.takeBack('run/1')).toEqual({ ok: true, value: false })
})

test('a second start gives what the first one would have given', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  const first = replace(ws, 'a.txt', {})
  expect(replace(ws, 'a.txt', {})).toEqual(first)
  const made = replace(ws, 'x/y/z.txt', { key: 'run/2' })
  expect(replace(ws, 'x/y/z.txt', { key: 'run/2' })).toEqual(made)
})

test('a start that died before the change leaves the old content, its draft and directories go', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  replace(ws, 'a.txt', {})
  // As if it had been killed right before the draft took the name of the file.
  renameSync(ws.at('a.txt'), ws.at('.orchastration-run-1.tmp'))
  writeFileSync(ws.at('a.txt'), 'old')
  expect(ws.files.takeBack('run/1')).toEqual({ ok: true, value: false })
  expect(readdirSync(ws.at(''))).toEqual(['a.txt'])
  expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe('old')
  replace(ws, 'new/deep/b.txt', { key: 'run/2' })
  expect(ws.files.takeBack('run/2')).toEqual({ ok: true, value: true })
  expect(existsSync(ws.at('new'))).toBe(false)
})

test('what somebody else wrote since is not taken back', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  replace(ws, 'a.txt', {})
  writeFileSync(ws.at('a.txt'), 'theirs')
  expect(ws.files.takeBack('run/1')).toEqual({ ok: true, value: false })
  expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe('theirs')
})

test('a note that is not whole means that nothing had begun', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  mkdirSync(dirname(changeNotePath(ws.store, 'run/1')), { recursive: true })
  writeFileSync(changeNotePath(ws.store, 'run/1'), '{"root":')
  expect(ws.files.takeBack('run/1')).toEqual({ ok: true, value: false })
  expect(replace(ws, 'a.txt', {})).toMatchObject({ ok: true })
})

test.each([
  ['replaced', Buffer.from('new')],
  ['removed', null],
])('a file that somebody changes while it is being %s is left to them', (_what, content) => {
  const ws = start()
  ws.put('a.txt', 'old')
  const files = workspace({
    own: { refused: [], refusedBeside: [] },
    // What it held is kept right before it is replaced.
    kept: { keep: () => writeFileSync(ws.at('a.txt'), 'theirs'), read: () => undefined },
    notePath: (key) => changeNotePath(ws.store, key),
    platform: process.platform,
  })
  const place = ws.find('a.txt', 'write')
  if (!place.ok) throw new Error(place.error.kind)
  const replaced = files.replace(place.value, { key: 'run/7', content })
  expect(replaced).toMatchObject({ ok: false, error: { kind: 'changed_meanwhile' } })
  expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe('theirs')
  expect(readdirSync(ws.at(''))).toEqual(['a.txt'])
})

test('nothing is changed where what the file held cannot be kept', () => {
  const ws = start()
  ws.put('a.txt', 'old')
  rmSync(join(ws.store), { recursive: true })
  writeFileSync(ws.store, '')
  expect(replace(ws, 'a.txt', {})).toMatchObject({ ok: false, error: { kind: 'system' } })
  expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe('old')
})
