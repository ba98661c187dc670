import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChildSpec } from '#activities/process-port.ts'
import { endForgotten, lives, notOnLinux, onWindows, port, type Sandbox, sandbox, until } from './sandbox.ts'

let box: Sandbox

beforeEach(() => {
  box = sandbox()
})

afterEach(() => {
  const forgotten = endForgotten(box)
  box.remove()
  expect(forgotten).toBe(0)
})

const failure = async (script: string, change?: Partial<ChildSpec>) => {
  const started = await port.start(box.spec(script, change))
  return started.ok ? 'it started' : started.error
}

const run = async (script: string, change?: Partial<ChildSpec>) => {
  const child = await box.start(script, change)
  const end = await child.ended
  return { end, stdout: box.read('stdout'), stderr: box.read('stderr') }
}

describe.skipIf(onWindows)('a child', () => {
  test('writes its two outputs straight into two files', async () => {
    expect(await run('echo out; echo err >&2; exit 7')).toEqual({
      end: { kind: 'exited', exit: 7 },
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  test('finds the files of an earlier child emptied', async () => {
    await run('echo a longer line; echo noise >&2')
    expect(await run('echo short')).toMatchObject({ stdout: 'short\n', stderr: '' })
  })

  test('has the given environment and the mark, and nothing of ours', async () => {
    const { stdout } = await run('', { argv: ['/usr/bin/env'], environment: { ONE: '1', ORCHASTRATION_STEP: 'outer' } })
    expect(stdout.trim().split('\n').sort()).toEqual(['ONE=1', `ORCHASTRATION_STEP=${box.step}`])
  })

  test('reads nothing from standard input', async () => {
    expect(await run('cat; echo end')).toMatchObject({ stdout: 'end\n' })
  })

  test('runs in the given directory', async () => {
    mkdirSync(box.path('inner'))
    expect(await run('pwd -P', { directory: box.path('inner') })).toMatchObject({
      stdout: expect.stringMatching(/inner\n$/),
    })
  })

  test('leads a process group of its own', async () => {
    const { stdout } = await run('echo $$ $(ps -o pgid= -p $$)')
    const [pid, group] = stdout.trim().split(' ')
    expect(group).toBe(pid)
  })

  test('that a signal ends is told by the signal', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ end: { kind: 'signalled', signal: 'SIGKILL' } })
  })

  test.skipIf(notOnLinux)('that a signal without a name ends is told by its number', async () => {
    expect(await run('kill -35 $$')).toMatchObject({ end: { kind: 'signalled', signal: 'SIG35' } })
  })

  test('has ended although what it left in the background holds its files open', async () => {
    const { stdout, end } = await run('sleep 1000 & echo $!')
    expect(end).toEqual({ kind: 'exited', exit: 0, hasLeft: true })
    process.kill(Number(stdout), 'SIGKILL')
    await until(() => !lives(Number(stdout)), 'the background process is gone')
  })

  test('may print a lot without our memory growing', async () => {
    const before = process.memoryUsage().rss
    let highest = before
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss)
    }, 5)
    const child = await box.start('head -c 1073741824 /dev/zero', { stdoutPath: '/dev/null' })
    expect(await child.ended).toEqual({ kind: 'exited', exit: 0 })
    clearInterval(watch)
    expect(highest - before).toBeLessThan(32 * 1024 * 1024)
  })

  test('that prints much has all of it in the file', async () => {
    await run('head -c 33554432 /dev/zero')
    expect(statSync(box.path('stdout')).size).toBe(33_554_432)
  })

  test('keeps its outputs and its note from other users', async () => {
    const child = await box.start('exec sleep 1000')
    expect(['stdout', 'stderr', 'note'].map((name) => statSync(box.path(name)).mode & 0o777)).toEqual([
      0o600, 0o600, 0o600,
    ])
    await child.end(0)
  })

  test('is noted while it runs and forgotten after', async () => {
    const child = await box.start('exec sleep 1000')
    expect(JSON.parse(box.read('note'))).toMatchObject({
      pid: child.pid,
      started: expect.any(Number),
      argv0: '/bin/sh',
    })
    process.kill(child.pid, 'SIGKILL')
    await child.ended
    expect(existsSync(box.path('note'))).toBe(false)
  })

  test.skipIf(notOnLinux)('costs us no file descriptor once it started, nor if it does not', async () => {
    await run('true')
    const count = () => readdirSync('/proc/self/fd').length
    const before = count()
    for (let round = 0; round < 5; round++) {
      await run('true')
      await failure('', { argv: ['no-such-program'] })
      await failure('', { directory: box.path('no-such-directory') })
      await failure('', { stderrPath: box.path('no/stderr') })
    }
    expect(count()).toBe(before)
  })
})

describe.skipIf(onWindows)('the program', () => {
  const shout = '#!/bin/sh\necho found "$0"\n'

  test('is searched on the PATH of the child, not on ours', async () => {
    mkdirSync(box.path('bin'))
    box.program('bin/only-here', shout)
    expect(await run('', { argv: ['only-here'], environment: { PATH: `/no:${box.path('bin')}` } })).toMatchObject({
      stdout: `found ${box.path('bin/only-here')}\n`,
    })
    expect(await failure('', { argv: ['sh'], environment: { PATH: '/no' } })).toEqual({
      code: 'program_missing',
      program: 'sh',
    })
  })

  test.each(['bin', '', ':/bin'])('is found from the child\'s directory by the PATH "%s"', async (path) => {
    mkdirSync(box.path('bin'))
    box.program('bin/only-here', shout)
    const directory = path === 'bin' ? box.directory : box.path('bin')
    const ran = await run('', { argv: ['only-here'], directory, environment: { PATH: path } })
    expect(ran.stdout).toContain('found')
  })

  test('is searched where the system keeps its own if there is no PATH', async () => {
    expect(await run('', { argv: ['true'], environment: {} })).toMatchObject({ end: { kind: 'exited', exit: 0 } })
  })

  test('given by a relative path counts from the directory of the child', async () => {
    mkdirSync(box.path('bin'))
    box.program('bin/here', shout)
    expect((await run('', { argv: ['./bin/here'] })).stdout).toContain('found')
    expect((await run('', { argv: ['bin/here'] })).stdout).toContain('found')
    expect((await run('', { argv: ['../bin/here'], directory: box.path('bin') })).stdout).toContain('found')
  })

  test('sees the name by which it was called', async () => {
    expect((await run('', { argv: ['sh', '-c', 'echo $0'] })).stdout).toBe('sh\n')
  })

  test('passed over for lack of permission is looked for further along the PATH', async () => {
    for (const folder of ['first', 'second']) mkdirSync(box.path(folder))
    box.program('first/tool', shout, 0o644)
    box.program('second/tool', shout)
    const environment = { PATH: `${box.path('first')}:${box.path('second')}` }
    expect((await run('', { argv: ['tool'], environment })).stdout).toContain('second/tool')
  })
})

describe.skipIf(onWindows)('a start fails', () => {
  test.each(['no-such-program', '/no/such/program', './no-such-program', '', '/bin/sh/inside'])(
    'with program_missing for "%s"',
    async (program) => {
      expect(await failure('', { argv: [program] })).toEqual({ code: 'program_missing', program })
    },
  )

  test('with working_dir_missing when that is missing, whatever the program', async () => {
    const directory = box.path('no-such-directory')
    for (const program of ['/bin/true', 'true', '/no/such/program']) {
      expect(await failure('', { argv: [program], directory })).toEqual({ code: 'working_dir_missing', directory })
    }
  })

  test('with working_dir_missing when that is a file', async () => {
    writeFileSync(box.path('file'), '')
    const directory = box.path('file')
    expect(await failure('true', { directory })).toEqual({ code: 'working_dir_missing', directory })
  })

  const refused = [
    {
      what: 'a script whose interpreter is missing',
      content: '#!/no/such/interpreter -x\n',
      reason: 'its interpreter is missing: /no/such/interpreter',
    },
    {
      what: 'a script with the line ends of Windows',
      content: '#!/bin/sh\r\necho\r\n',
      reason: 'its interpreter is missing: /bin/sh\r',
    },
    {
      what: 'a script without #!',
      content: 'echo\n',
      reason: 'neither a program of this system nor a script with a #! line',
    },
    { what: 'an empty file', content: '', reason: 'neither a program of this system nor a script with a #! line' },
    { what: 'a file without permission', content: '#!/bin/sh\n', mode: 0o644, reason: 'no permission to execute it' },
  ]
  test.each(refused)('with program_not_executable for $what', async ({ content, mode, reason }) => {
    const program = box.program('tool', content, mode)
    expect(await failure('', { argv: [program] })).toEqual({ code: 'program_not_executable', program, reason })
  })

  test('with program_not_executable for a directory', async () => {
    expect(await failure('', { argv: ['./'] })).toMatchObject({
      code: 'program_not_executable',
      reason: 'it is a directory',
    })
  })

  test('with program_not_executable when the PATH has it without permission only', async () => {
    box.program('tool', '#!/bin/sh\n', 0o644)
    expect(await failure('', { argv: ['tool'], environment: { PATH: box.directory } })).toMatchObject({
      code: 'program_not_executable',
      program: 'tool',
    })
  })

  test('with output_lost naming the file that cannot be kept', async () => {
    const path = box.path('no/file')
    const lost = { code: 'output_lost', path, reason: 'ENOENT' }
    expect(await failure('true', { stdoutPath: path })).toEqual(lost)
    expect(await failure('true', { stderrPath: path })).toEqual(lost)
    expect(await failure('true', { mark: { step: box.step, notePath: path } })).toEqual(lost)
  })

  test('with spawn_failed for words that are too many, by the code of the system', async () => {
    const argv: ChildSpec['argv'] = ['/bin/echo', 'x'.repeat(4_000_000)]
    expect(await failure('', { argv })).toEqual({ code: 'spawn_failed', program: '/bin/echo', reason: 'E2BIG' })
  })

  test('without telling what the environment holds', async () => {
    const failed = await failure('true', { environment: { TOKEN: 'secret\0' } })
    expect(failed).toMatchObject({ code: 'spawn_failed' })
    expect(JSON.stringify(failed)).not.toContain('secret')
  })

  test('and leaves two empty outputs and no note', async () => {
    await failure('', { argv: ['no-such-program'] })
    await failure('', { directory: '/no/such/directory' })
    expect(readdirSync(box.directory).sort()).toEqual(['stderr', 'stdout'])
  })

  test.skipIf(onWindows || process.getuid?.() === 0)(
    'with working_dir_missing when that may not be entered',
    async () => {
      mkdirSync(box.path('closed'))
      chmodSync(box.path('closed'), 0)
      expect(await failure('true', { directory: box.path('closed') })).toMatchObject({ code: 'working_dir_missing' })
    },
  )
})
