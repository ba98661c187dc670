import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { toolActivity } from '#activities/tool.ts'
import { sha256 } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import { err, ok } from '#base/result.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { Activity } from '#engine/activities.ts'
import type { PlannedTools } from '#workflows/agents/tool-call.ts'
import { type GivenWorkspace, givenWorkspace } from '../adapters/workspace/given-workspace.ts'

let given: GivenWorkspace | undefined
afterEach(() => given?.end())

function start(): GivenWorkspace {
  given = givenWorkspace()
  return given
}

const report: CommandReport = {
  argv: ['make'],
  directory: '/',
  started_at: 1,
  ended_at: 2,
  exit: 0,
  signal: null,
  stdout: { digest: 'out', bytes: 3 },
  stderr: { digest: 'none', bytes: 0 },
  environment: { salt: 'c', digest: 'd', variables: 0 },
}
const succeeds: Activity = { run: async () => ok(report) }
let count = 0

interface Called {
  readonly tools?: Partial<PlannedTools>
  readonly command?: Activity
  readonly signal?: AbortSignal
  readonly secret?: string
}

/** Calls a tool, and gives what it answers. */
async function call(ws: GivenWorkspace, [tool, args]: readonly [string, Json], how: Called = {}) {
  const { command = succeeds, secret, tools, signal = new AbortController().signal } = how
  const activity = toolActivity({
    workspace: ws.files,
    command: () => command,
    kept: { tail: (digest) => (digest === 'out' ? 'printed' : '') },
    surroundings: async () => ({
      envFile: (path) => ({ path, text: ok('') }),
      secret: () => (secret === undefined ? undefined : ok(secret)),
    }),
  })
  const planned: PlannedTools = { spaces: ws.spaces, commands: {}, environment: [], secrets: [], ...tools }
  const key = `run/${count++}`
  const attempt = { key, step: tool, attempt: 1, start: `${count}.1.1`, signal, hurry: signal }
  const called = await activity.run({ node: 'builder', tool, args, tools: planned }, attempt)
  return called.ok ? called.value : called
}

describe('a tool of an agent', () => {
  test('that nobody knows, or is called in a wrong way, is an answer that says so', async () => {
    const ws = start()
    expect(await call(ws, ['erase', {}])).toMatchObject({ ok: false, error: 'unknown_tool' })
    expect(await call(ws, ['constructor', {}])).toMatchObject({ ok: false, error: 'unknown_tool' })
    expect(await call(ws, ['read', { path: 1 }])).toEqual({
      ok: false,
      error: 'bad_arguments',
      message: 'read cannot be called so: path: a value of type string is needed',
    })
    expect(await call(ws, ['read', { path: 'a', lines: 3 }])).toMatchObject({
      message: 'read cannot be called so: the arguments: unknown: lines',
    })
    expect(await call(ws, ['read', null])).toMatchObject({ ok: false, error: 'bad_arguments' })
  })

  test('does nothing once the step was called off', async () => {
    const ws = start()
    const cancelled = { code: 'cancelled', by: 'person:ada' } as const
    const signal = AbortSignal.abort(cancelled)
    expect(await call(ws, ['write', { path: 'a', text: 'a' }], { signal })).toEqual(err(cancelled))
    expect(ws.read('a')).toBe('missing')
  })

  test('says what it refuses, and why, in words that an agent can go by', async () => {
    const ws = start()
    ws.put('.env', 'KEY=1')
    expect(await call(ws, ['read', { path: '.env' }])).toEqual({
      ok: false,
      error: 'protected',
      message: '".env" is refused: files of variables hold secrets; go on without it',
    })
    expect(await call(ws, ['write', { path: '../x', text: '' }])).toMatchObject({ ok: false, error: 'outside' })
    expect(await call(ws, ['write', { path: join(ws.base, 'ref/x'), text: '' }])).toEqual({
      ok: false,
      error: 'not_in_scope',
      message: `"${join(ws.base, 'ref/x')}" lies in reference, which you may not use so; you may write in: workspace`,
    })
  })
})

describe('read', () => {
  test('gives the text with its digest, or some lines of it', async () => {
    const ws = start()
    const text = 'one\ntwo\r\nthree\n'
    ws.put('a.txt', text)
    const about = { ok: true, path: 'a.txt', bytes: 15, sha256: sha256(text), lines: 3 }
    expect(await call(ws, ['read', { path: 'a.txt' }])).toEqual({ ...about, from: 1, to: 3, text })
    expect(await call(ws, ['read', { path: 'a.txt', from: 2, to: 2 }])).toEqual({
      ...about,
      from: 2,
      to: 2,
      text: 'two\r\n',
    })
    expect(await call(ws, ['read', { path: 'a.txt', from: 9 }])).toMatchObject({ from: 9, to: 3, text: '' })
    expect(await call(ws, ['read', { path: 'a.txt', from: 3, to: 1 }])).toMatchObject({ text: '' })
  })

  test('gives an empty file as no lines', async () => {
    const ws = start()
    ws.put('a.txt', '')
    expect(await call(ws, ['read', { path: 'a.txt' }])).toMatchObject({ lines: 0, from: 1, to: 0, text: '' })
  })

  test('ends at a line where there is too much, and says so', async () => {
    const ws = start()
    ws.put('a.txt', `${'x'.repeat(999)}\n`.repeat(200))
    expect(await call(ws, ['read', { path: 'a.txt' }])).toMatchObject({ lines: 200, from: 1, to: 100, cut: true })
    expect(await call(ws, ['read', { path: 'a.txt', from: 101 }])).not.toHaveProperty('cut')
    ws.put('b.txt', `${'😀'.repeat(60_000)}`)
    const read = (await call(ws, ['read', { path: 'b.txt' }])) as { readonly text: string }
    expect(read).toMatchObject({ lines: 1, to: 1, cut: true })
    expect(read.text.length).toBeLessThanOrEqual(100_000)
    expect(read.text.isWellFormed()).toBe(true)
  })

  test('tells of what is no text, and of what is too large', async () => {
    const ws = start()
    ws.put('a.bin', 'a\0b')
    writeFileSync(ws.at('b.bin'), Buffer.from([0x61, 0xff]))
    ws.put('huge.txt', 'x'.repeat(10_000_001))
    for (const path of ['a.bin', 'b.bin']) expect(await call(ws, ['read', { path }])).toMatchObject({ error: 'binary' })
    expect(await call(ws, ['read', { path: 'huge.txt' }])).toMatchObject({ error: 'too_large' })
  })

  test('hides the secrets of the run, and says that it does', async () => {
    const ws = start()
    ws.put('a.txt', 'the key is hunter2hunter2!')
    const tools = { secrets: [{ source: { env: 'KEY' }, directory: '/' }] }
    expect(await call(ws, ['read', { path: 'a.txt' }], { tools, secret: 'hunter2hunter2' })).toMatchObject({
      text: 'the key is ***!',
      hidden: true,
    })
    const search = await call(ws, ['search', { pattern: 'key' }], { tools, secret: 'hunter2hunter2' })
    expect(search).toMatchObject({ matches: [{ text: 'the key is ***!' }] })
    const oracle = await call(ws, ['search', { pattern: 'hunter2h' }], { tools, secret: 'hunter2hunter2' })
    expect(oracle).toMatchObject({ matches: [] })
  })
})

describe('write', () => {
  test('replaces a file as a whole, byte by byte, and tells what it held', async () => {
    const ws = start()
    ws.put('a.txt', 'old')
    const content = 'new\r\n\u{feff}end'
    expect(await call(ws, ['write', { path: 'a.txt', text: content }])).toMatchObject({
      ok: true,
      path: 'a.txt',
      bytes: Buffer.byteLength(content),
      sha256: sha256(content),
      before: sha256('old'),
    })
    expect(readFileSync(ws.at('a.txt'), 'utf8')).toBe(content)
  })

  test('refuses too much, and half characters', async () => {
    const ws = start()
    expect(await call(ws, ['write', { path: 'a', text: 'x'.repeat(1_000_001) }])).toMatchObject({
      error: 'too_large',
    })
    expect(await call(ws, ['write', { path: 'a', text: '\ud800' }])).toMatchObject({ error: 'bad_arguments' })
    expect(ws.read('a')).toBe('missing')
  })
})

describe('edit', () => {
  const edit = (old: string, text: string) => ({ old, new: text })

  test('replaces what stands there once; all edits or none', async () => {
    const ws = start()
    ws.put('a.txt', 'one two three')
    const edits = [edit('one', '1'), edit('1 two', '1 2')]
    expect(await call(ws, ['edit', { path: 'a.txt', edits }])).toMatchObject({
      ok: true,
      edits: 2,
      before: sha256('one two three'),
    })
    expect(ws.read('a.txt')).toBe('1 2 three')
    const failing = [edit('three', '3'), edit('four', '4')]
    expect(await call(ws, ['edit', { path: 'a.txt', edits: failing }])).toEqual({
      ok: false,
      error: 'no_match',
      message: 'the old text of edit 2 does not stand in a.txt',
    })
    expect(ws.read('a.txt')).toBe('1 2 three')
  })

  test('takes a $ of the new text for itself', async () => {
    const ws = start()
    ws.put('a.txt', 'a')
    await call(ws, ['edit', { path: 'a.txt', edits: [edit('a', "$& $1 $$ $'")] }])
    expect(ws.read('a.txt')).toBe("$& $1 $$ $'")
  })

  test('says where the old text stands more than once, also where its places overlap', async () => {
    const ws = start()
    ws.put('a.txt', 'x\nx\n')
    expect(await call(ws, ['edit', { path: 'a.txt', edits: [edit('x', 'y')] }])).toEqual({
      ok: false,
      error: 'ambiguous',
      message: 'the old text stands 2 times in a.txt (lines 1, 2); give more of it',
    })
    ws.put('b.txt', 'aaa')
    expect(await call(ws, ['edit', { path: 'b.txt', edits: [edit('aa', 'b')] }])).toMatchObject({ error: 'ambiguous' })
  })

  test('says where only white space or line ends differ', async () => {
    const ws = start()
    ws.put('a.txt', 'if (x) {\r\n\treturn\r\n}')
    expect(await call(ws, ['edit', { path: 'a.txt', edits: [edit('{\n\treturn', '')] }])).toMatchObject({
      message: 'the old text does not stand in a.txt; its lines end in \\r\\n',
    })
    expect(await call(ws, ['edit', { path: 'a.txt', edits: [edit('if  (x)', '')] }])).toMatchObject({
      message: 'the old text does not stand in a.txt; what stands there differs in white space',
    })
  })

  test('needs a file that may be read and written', async () => {
    const ws = start()
    ws.put('a.txt', 'a')
    const edits = [edit('a', 'b')]
    const spaces = { ...ws.spaces, read_scope: ['reference' as const] }
    expect(await call(ws, ['edit', { path: 'a.txt', edits }], { tools: { spaces } })).toMatchObject({
      error: 'not_in_scope',
    })
    expect(await call(ws, ['edit', { path: 'none.txt', edits }])).toMatchObject({ error: 'missing' })
    expect(await call(ws, ['edit', { path: join(ws.base, 'ref/guide.txt'), edits }])).toMatchObject({
      error: 'not_in_scope',
    })
  })
})

describe('list and search', () => {
  test('find what is there, in order', async () => {
    const ws = start()
    ws.put('src/b.ts', 'const b = 1\nconst B = 2\n')
    ws.put('src/a.ts', 'const a = 1\n')
    ws.put('note.md', 'a constant\n')
    ws.put('node_modules/x/index.js', 'const x = 1')
    expect(await call(ws, ['list', {}])).toMatchObject({
      path: '.',
      cut: false,
      entries: [{ path: 'node_modules' }, { path: 'note.md', bytes: 11 }, { path: 'src', kind: 'directory' }],
    })
    expect(await call(ws, ['search', { pattern: 'const' }])).toEqual({
      ok: true,
      files: 3,
      left_out: 0,
      matches: [
        { path: 'note.md', line: 1, text: 'a constant' },
        { path: 'src/a.ts', line: 1, text: 'const a = 1' },
        { path: 'src/b.ts', line: 1, text: 'const b = 1' },
        { path: 'src/b.ts', line: 2, text: 'const B = 2' },
      ],
    })
    const regex = { pattern: '^const b\\b', regex: true, case: false, path: 'src', files: '*.ts' }
    expect(await call(ws, ['search', regex])).toMatchObject({
      files: 2,
      matches: [{ line: 1 }, { line: 2, path: 'src/b.ts' }],
    })
    expect(await call(ws, ['search', { pattern: 'const', files: '*.md' }])).toMatchObject({ files: 1 })
    expect(await call(ws, ['search', { pattern: 'const', files: 'src/*' }])).toMatchObject({ files: 2 })
    expect(await call(ws, ['search', { pattern: 'const', files: '*.ts' }])).toMatchObject({ files: 2 })
    expect(await call(ws, ['search', { pattern: 'x', path: 'node_modules' }])).toMatchObject({
      matches: [{ path: 'node_modules/x/index.js' }],
    })
    expect(await call(ws, ['search', { pattern: 'const', path: 'note.md' }])).toMatchObject({
      files: 1,
      matches: [{ line: 1 }],
    })
  })

  test('leave out what is no text or refused, and end where there is enough', async () => {
    const ws = start()
    ws.put('.env', 'x')
    ws.put('a.bin', 'x\0')
    ws.put('b.txt', 'x\n'.repeat(300))
    const found = (await call(ws, ['search', { pattern: 'x' }])) as { readonly matches: readonly unknown[] }
    expect(found).toMatchObject({ left_out: 2, cut: 'matches' })
    expect(found.matches).toHaveLength(200)
  })

  test('show of a long line what is around the match', async () => {
    const ws = start()
    ws.put('a.txt', `${'-'.repeat(5000)}needle${'-'.repeat(5000)}`)
    const found = (await call(ws, ['search', { pattern: 'needle' }])) as {
      readonly matches: readonly { text: string }[]
    }
    expect(found.matches[0]?.text).toMatch(/^…-+needle-+…$/)
    expect(found.matches[0]?.text.length).toBeLessThan(310)
  })

  test('take no longer for files that are made to hang them', async () => {
    const ws = start()
    ws.put('a.txt', `${'\r'.repeat(2_000_000)}x\n${' '.repeat(2_000_000)}`)
    const began = performance.now()
    expect(await call(ws, ['search', { pattern: '(a+)+b', regex: true }])).toMatchObject({ files: 1, matches: [] })
    const edits = [{ old: 'a \r b', new: '' }]
    expect(await call(ws, ['edit', { path: 'a.txt', edits }])).toMatchObject({ error: 'no_match' })
    expect(performance.now() - began).toBeLessThan(3000)
  })

  test('say what is wrong with a pattern', async () => {
    const ws = start()
    expect(await call(ws, ['search', { pattern: '(', regex: true }])).toMatchObject({ error: 'bad_pattern' })
    expect(await call(ws, ['search', { pattern: 'a\nb' }])).toMatchObject({ error: 'bad_pattern' })
    expect(await call(ws, ['search', { pattern: 'a', files: '[' }])).toMatchObject({ error: 'bad_pattern' })
    symlinkSync('/etc', ws.at('etc'))
    expect(await call(ws, ['search', { pattern: 'root', path: 'etc' }])).toMatchObject({ error: 'outside' })
  })
})

describe('run', () => {
  const tools = { commands: { tests: { argv: ['make', 'test'], directory: '/', env: {} } as const } }

  test('takes the name of a declared command, and nothing else', async () => {
    const ws = start()
    expect(await call(ws, ['run', { command: 'rm -rf /' }], { tools })).toEqual({
      ok: false,
      error: 'unknown_command',
      message: 'there is no command "rm -rf /"; those declared are: tests',
    })
    expect(await call(ws, ['run', { command: 'toString' }])).toMatchObject({ error: 'unknown_command' })
    expect(await call(ws, ['run', { command: 'tests', args: ['x'] }], { tools })).toMatchObject({
      error: 'bad_arguments',
    })
  })

  test('answers with how the command ended, whatever that is', async () => {
    const ws = start()
    const passed = {
      ok: true,
      command: 'tests',
      exit: 0,
      signal: null,
      stdout: { digest: 'out', bytes: 3, text: 'printed' },
    }
    expect(await call(ws, ['run', { command: 'tests' }], { tools })).toMatchObject(passed)
    const failing = { ...report, exit: 2 }
    const fails: Activity = { run: async () => err({ code: 'command_failed', exit: 2, report: failing }) }
    expect(await call(ws, ['run', { command: 'tests' }], { tools, command: fails })).toMatchObject({
      ok: true,
      exit: 2,
    })
    const missing: Activity = { run: async () => err({ code: 'working_dir_missing', directory: '/x' }) }
    expect(await call(ws, ['run', { command: 'tests' }], { tools, command: missing })).toMatchObject({
      error: 'not_run',
    })
  })

  test('ends with the step where that was called off, and answers where it took too long', async () => {
    const ws = start()
    const controller = new AbortController()
    const killed = { ...report, exit: null, signal: 'SIGTERM' }
    const stopped = (
      failure:
        | { readonly code: 'cancelled'; readonly by: string }
        | { readonly code: 'timed_out'; readonly timeout_ms: number },
    ): Activity => ({
      run: async () => {
        controller.abort(failure)
        return err({ ...failure, report: killed })
      },
    })
    const { signal } = controller
    const late = stopped({ code: 'timed_out', timeout_ms: 5 })
    expect(await call(ws, ['run', { command: 'tests' }], { tools, command: late, signal })).toMatchObject({
      timed_out: true,
    })
    const again = new AbortController()
    const cancelled: Activity = {
      run: async () => {
        again.abort({ code: 'cancelled', by: 'x' })
        return err({ code: 'cancelled', by: 'x', report: killed })
      },
    }
    const called = await call(ws, ['run', { command: 'tests' }], { tools, command: cancelled, signal: again.signal })
    expect(called).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  })
})
