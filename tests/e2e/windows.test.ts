import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { until } from '../support/given-place.ts'
import { missingForWine, WineMachine } from '../support/wine.ts'

const CONFIG = `[jobs.ok]
description = "Say hi"
command = ["cmd", "/c", "echo hi"]

[jobs.three]
command = ["cmd", "/c", "exit 3"]

[jobs.after]
command = ["cmd", "/c", "echo after"]
needs = ["ok"]

[jobs.tree]
command = ["cmd", "/c", "cmd /c ping -n 60 127.0.0.1"]
timeout_seconds = 1

[jobs.missing]
command = ["no-such-program"]

[jobs.tool]
command = ["tool", "a b"]

[jobs.unsafe]
command = ["tool", "a&b"]

[jobs.variable]
command = ["cmd", "/c", "echo %temp%"]
env = { temp = "of the job" }

[jobs.long]
command = ["cmd", "/c", "ping -n 60 127.0.0.1 >nul"]
needs = ["ok"]
idempotent = true
timeout_seconds = 20
`

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

/** Itself, not the shell that starts it. */
const PING = /(^|\\)ping(\.exe)? /

const missing = missingForWine()

describe.skipIf(missing !== undefined)(`the binary for Windows, under wine${missing ? ` (${missing})` : ''}`, () => {
  let machine: WineMachine
  const run = (...args: readonly string[]) => machine.run([...args, '--config', 'jobs.toml'])

  beforeAll(() => {
    machine = new WineMachine()
    machine.write('jobs.toml', CONFIG)
    machine.addTool('tool.cmd', '@echo off\r\necho tool got %*\r\nexit /b 6\r\n')
  }, 120_000)

  afterAll(() => machine.remove())

  test('says its version', () => {
    const text = expect.stringMatching(new RegExp(`^${manifest.version} \\(commit \\S+, built \\S+\\)\\r?\\n$`))
    expect(machine.run(['--version'])).toEqual({ stdout: text, stderr: '', exit: 0 })
  })

  test('lists the jobs of a file in a folder with blanks and umlauts', () => {
    expect(run('list')).toEqual({
      stdout: 'after\nlong\nmissing\nok - Say hi\nthree\ntool\ntree\nunsafe\nvariable\n',
      stderr: '',
      exit: 0,
    })
  })

  test('hashes files under the paths of Windows, and writes manifests that other systems can check', () => {
    machine.write('abc', 'abc')
    const { stdout, stderr, exit } = machine.run(['hash', '--file', 'abc'])
    const { file, ...rest } = JSON.parse(stdout)
    expect(file).toMatch(/^Z:\\.*\\my projects\\größer\\abc$/)
    expect({ ...rest, stderr, exit }).toEqual({ algorithm: 'sha256', hash: ABC, stderr: '', exit: 0 })
    mkdirSync(join(machine.directory, 'many/below'), { recursive: true })
    // So many that they are worth a second thread.
    for (let number = 0; number < 1200; number++) machine.write(`many/below/${number}`, 'abc')
    expect(machine.run(['hash', 'many', '--manifest', 'SUMS']).exit).toBe(0)
    const lines = readFileSync(join(machine.directory, 'SUMS'), 'utf8').trim().split('\n')
    expect(lines.length).toBe(1200)
    expect(lines[0]).toBe(`${ABC}  many/below/0`)
    expect(machine.run(['hash', '--check', 'SUMS', '--quiet'])).toEqual({ stdout: '', stderr: '', exit: 0 })
    expect(machine.run(['hash', 'none'])).toMatchObject({ stdout: '', exit: 1 })
  })

  test('runs a job and what it needs, and says so', () => {
    const { stdout, stderr, exit } = run('run', 'after')
    expect({ stdout, exit }).toEqual({ stdout: expect.stringMatching(/^job=after exit=0 duration_ms=\d+\n$/), exit: 0 })
    expect(stderr).toMatch(/hi\r?\n/)
  })

  test("ends with a job's own exit code, and with 127 where there is no such program", () => {
    expect(run('run', 'three').exit).toBe(3)
    expect(run('run', 'missing').exit).toBe(127)
  })

  test('finds a batch file on the path by its bare name, and gives it no word that cmd.exe would act upon', () => {
    const { stderr, exit } = run('run', 'tool')
    expect({ stderr, exit }).toEqual({ stderr: expect.stringMatching(/tool got "a b"\r?\n/), exit: 6 })
    expect(run('run', 'unsafe').exit).toBe(126)
    expect(run('runs', 'events', 'unsafe', '--json').stdout).toContain('a character that cmd.exe would act upon')
  })

  test('sets a variable that Windows has under another spelling', () => {
    expect(run('run', 'variable')).toMatchObject({ stderr: expect.stringMatching(/^of the job\r?$/m), exit: 0 })
  })

  test('ends a whole tree of processes when time is up', () => {
    const { stdout, exit } = run('run', 'tree')
    expect({ stdout, exit }).toEqual({ stdout: expect.stringMatching(/^job=tree exit=-1 /), exit: 124 })
    expect(machine.find(/ping/)).toBe(undefined)
  })

  test('hashes many files, on all processors, as everybody does', () => {
    const texts = Array.from({ length: 40 }, (_, index) => `${index}`.repeat(50_000))
    for (const [index, text] of texts.entries()) machine.write(`files/${index}.txt`, text)
    const { stdout, stderr, exit } = machine.run(['hash', 'files'])
    const seen = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line).hash)
    const expected = texts.map((text) => createHash('sha256').update(text).digest('hex'))
    expect({ seen: seen.toSorted(), stderr, exit }).toEqual({ seen: expected.toSorted(), stderr: '', exit: 0 })
  })

  test('finds after its own death what it left running, and ends it', async () => {
    const started = machine.start(['run', 'long', '--config', 'jobs.toml'])
    const ping = await until(() => machine.find(PING), 'the job runs')
    process.kill(machine.find(/orchastration\.exe/)?.pid ?? 0, 'SIGKILL')
    await started
    expect(machine.find(PING)?.pid).toBe(ping.pid)
    expect(run('status').stdout).toMatch(/^ +still running: \d+ ping\.exe$/m)
    expect(run('runs', 'cancel', 'long').exit).toBe(0)
    expect(machine.find(PING)).toBe(undefined)
  })

  test('shows, proves and keeps what ran where Windows keeps such things', () => {
    expect(run('status')).toMatchObject({ stdout: expect.stringMatching(/^tree - exit=-1 /m), stderr: '', exit: 0 })
    expect(run('runs', 'list')).toMatchObject({ stdout: expect.stringMatching(/ timed_out +tree /), exit: 0 })
    expect(run('runs', 'show', 'three')).toMatchObject({ stdout: expect.stringContaining('exit 3'), exit: 0 })
    expect(run('runs', 'logs', 'after')).toMatchObject({ stdout: expect.stringMatching(/after\r?\n/), exit: 0 })
    expect(run('verify')).toMatchObject({ stdout: expect.stringMatching(/^verified to event \d+/), exit: 0 })
    expect(readdirSync(machine.localData).toSorted()).toEqual(expect.arrayContaining(['keys', 'state', 'store']))
    const last = readFileSync(join(machine.localData, 'state/runs/tree/last.json'), 'utf8')
    expect(JSON.parse(last)).toMatchObject({ job_name: 'tree', exit_code: -1 })
    expect(existsSync(join(machine.localData, 'orchastration.log'))).toBe(true)
  })
})
