import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)('run', () => {
  test('prints the summary line and nothing else on standard output', async () => {
    const place = given({ config: `[jobs.hello]\ncommand = ["sh", "-c", "echo out; echo err >&2"]\n` })
    await place.gives(['run', 'hello'], {
      stdout: 'job=hello exit=0 duration_ms=<n>\n',
      stderr: 'hello · ok · <t>\nout\nerr\n',
      exit: 0,
    })
  })

  test('prints a summary line for each requested job, in the order in which they were asked for', async () => {
    const place = given({ config: `[jobs.a]\ncommand = ["true"]\n[jobs.b]\ncommand = ["false"]\n` })
    await place.gives(['run', 'b', 'a', '--jobs', '1', '--keep-going'], {
      stdout: 'job=b exit=1 duration_ms=<n>\njob=a exit=0 duration_ms=<n>\n',
      stderr: 'b · exit 1 · <t>\na · ok · <t>\nall that happened: orchastration runs show <run>\n',
      exit: 1,
    })
  })

  test('passes the output of a job on unchanged, whatever bytes it is of', async () => {
    const place = given({ config: `[jobs.raw]\ncommand = ["printf", '\\377\\000\\033[31m']\n` })
    const { stderr } = await place.shell('orchastration run raw 2>&1 >/dev/null | tail -c 8 | od -An -tx1')
    expect(stderr).toBe('')
    const { stdout } = await place.shell('orchastration run raw 2>&1 >/dev/null | tail -c 8 | od -An -tx1')
    // Only the end of a line, which it lacked, comes after it.
    expect(stdout.trim()).toBe('ff 00 1b 5b 33 31 6d 0a')
  })

  test('does not print its log, on whichever stream', async () => {
    const place = given({ config: `[jobs.hello]\ncommand = ["true"]\n` })
    const { stdout, stderr } = await place.run(['run', 'hello'])
    expect(`${stdout}${stderr}`).not.toContain('job starting')
  })
})

interface Case {
  readonly title: string
  readonly config: string
  readonly args: readonly string[]
  readonly exit: number
  readonly stdout: string
}

const sleeper = `[jobs.sleeper]\ncommand = ["sleep", "60"]\ntimeout_seconds = 1\n`
const CASES: readonly Case[] = [
  {
    title: 'the code of the one job that was asked for',
    config: `[jobs.j]\ncommand = ["sh", "-c", "exit 37"]\n`,
    args: ['run', 'j'],
    exit: 37,
    stdout: 'job=j exit=37 duration_ms=<n>\n',
  },
  {
    title: '1 where a job that it needs failed, whatever that one ended with',
    config: `[jobs.need]\ncommand = ["sh", "-c", "exit 37"]\n[jobs.j]\ncommand = ["true"]\nneeds = ["need"]\n`,
    args: ['run', 'j'],
    exit: 1,
    stdout: 'job=j exit=1 duration_ms=<n>\n',
  },
  {
    title: '1 where one of several failed',
    config: `[jobs.a]\ncommand = ["sh", "-c", "exit 37"]\n[jobs.b]\ncommand = ["true"]\n`,
    args: ['run', 'a', 'b'],
    exit: 1,
    stdout: 'job=a exit=37 duration_ms=<n>\njob=b exit=0 duration_ms=<n>\n',
  },
  {
    title: '0 where all of several succeeded',
    config: `[jobs.a]\ncommand = ["true"]\n[jobs.b]\ncommand = ["true"]\n`,
    args: ['run', 'a', 'b'],
    exit: 0,
    stdout: 'job=a exit=0 duration_ms=<n>\njob=b exit=0 duration_ms=<n>\n',
  },
  {
    title: '2 for a job that is not configured',
    config: `[jobs.j]\ncommand = ["true"]\n`,
    args: ['run', 'k'],
    exit: 2,
    stdout: '',
  },
  {
    title: '3 while a person must answer',
    config: `[jobs.j]\ncommand = ["true"]\nconfirm = "sure?"\n`,
    args: ['run', 'j'],
    exit: 3,
    stdout: '',
  },
  {
    title: '124 for a timeout, -1 in the line',
    config: sleeper,
    args: ['run', 'sleeper'],
    exit: 124,
    stdout: 'job=sleeper exit=-1 duration_ms=<n>\n',
  },
  {
    title: '126 for a program that may not be executed',
    config: `[jobs.j]\ncommand = ["/etc/hostname"]\n`,
    args: ['run', 'j'],
    exit: 126,
    stdout: 'job=j exit=1 duration_ms=<n>\n',
  },
  {
    title: '127 for a program that is not there',
    config: `[jobs.j]\ncommand = ["no-such-program"]\n`,
    args: ['run', 'j'],
    exit: 127,
    stdout: 'job=j exit=1 duration_ms=<n>\n',
  },
  {
    title: "128 and the signal's number for a job that a signal ended, -1 in the line",
    config: `[jobs.j]\ncommand = ["sh", "-c", "kill -USR1 $$"]\n`,
    args: ['run', 'j'],
    exit: 138,
    stdout: 'job=j exit=-1 duration_ms=<n>\n',
  },
  {
    title: '137 for a job that was killed',
    config: `[jobs.j]\ncommand = ["sh", "-c", "kill -9 $$"]\n`,
    args: ['run', 'j'],
    exit: 137,
    stdout: 'job=j exit=-1 duration_ms=<n>\n',
  },
]

const TITLED = CASES.map((each) => [each.title, each] as const)

describe.skipIf(onWindows)('the exit code of run is', () => {
  test.each(TITLED)('%s', async (_title, { config, args, exit, stdout }) => {
    await given({ config }).gives(args, { stdout, stderr: expect.any(String), exit })
  })

  test.each(TITLED)('the same with --json: %s', async (_title, { config, args, exit }) => {
    const ran = await given({ config }).run([...args, '--json'])
    expect(ran.exit).toBe(exit)
    const document = JSON.parse(ran.stdout)
    expect(document.exit ?? exit).toBe(exit)
    expect(ran.stderr).toBe('')
    // The failure is always there.
    if (exit !== 0 && exit !== 3) expect(document.failure.code).toMatch(/^[a-z_]+$/)
  })
})
