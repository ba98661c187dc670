import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
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
`

const missing = missingForWine()

describe.skipIf(missing !== undefined)(`the binary for Windows, under wine${missing ? ` (${missing})` : ''}`, () => {
  let machine: WineMachine
  const run = (...args: readonly string[]) => machine.run([...args, '--config', 'jobs.toml'])

  beforeAll(() => {
    machine = new WineMachine()
    machine.write('jobs.toml', CONFIG)
  }, 120_000)

  afterAll(() => machine.remove())

  test('says its version', () => {
    const text = expect.stringMatching(new RegExp(`^${manifest.version} \\(commit \\S+, built \\S+\\)\\r?\\n$`))
    expect(machine.run(['--version'])).toEqual({ stdout: text, stderr: '', exit: 0 })
  })

  test('lists the jobs of a file in a folder with blanks and umlauts', () => {
    expect(run('list')).toEqual({ stdout: 'after\nmissing\nok - Say hi\nthree\ntree\n', stderr: '', exit: 0 })
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

  test('ends a whole tree of processes when time is up', () => {
    const { stdout, exit } = run('run', 'tree')
    expect({ stdout, exit }).toEqual({ stdout: expect.stringMatching(/^job=tree exit=-1 /), exit: 124 })
    expect(machine.processes.filter(({ command }) => command.includes('ping'))).toEqual([])
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
