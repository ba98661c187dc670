import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CaptureSpec } from '#activities/process-port.ts'
import { lives, notOnLinux, onWindows, port, type Sandbox, sandbox, until } from './sandbox.ts'

let box: Sandbox
beforeEach(() => {
  box = sandbox()
})
afterEach(() => box.remove())

function spec(script: string, change: Partial<CaptureSpec> = {}): CaptureSpec {
  const { argv, directory, environment } = box.spec(script)
  const signal = new AbortController().signal
  return { argv, directory, environment, step: box.step, timeoutMs: 10_000, mostBytes: 1000, signal, ...change }
}

describe.skipIf(onWindows)('a captured command', () => {
  test('gives its standard output, and nothing else of it', async () => {
    const captured = await port.capture(spec('pwd; echo err >&2; read x; echo "in: [$x]"'))
    expect(captured.ok && Buffer.from(captured.value.output).toString()).toBe(`${box.directory}\nin: []\n`)
    expect(captured.ok && captured.value.end).toEqual({ kind: 'exited', exit: 0 })
  })

  test('gives how it ended', async () => {
    const failed = await port.capture(spec('exit 9'))
    expect(failed.ok && failed.value.end).toEqual({ kind: 'exited', exit: 9 })
    const killed = await port.capture(spec('kill -9 $$'))
    expect(killed.ok && killed.value.end).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
  })

  test.each([
    ['program_missing', { argv: ['no-such-program'] as const }, 'ENOENT'],
    ['a missing directory', { directory: '/no/such/directory' }, 'ENOENT'],
    ['no permission', { argv: ['/dev/null'] as const }, 'EACCES'],
  ])('that does not start says why: %s', async (_name, change, reason) => {
    expect(await port.capture(spec('true', change))).toEqual({ ok: false, error: { kind: 'not_started', reason } })
  })

  test.skipIf(notOnLinux)('that is too slow is ended with its tree', async () => {
    const script = 'echo $$ > pid; trap "" TERM; sleep 300 & echo $! > pid2; wait; sleep 300'
    expect(await port.capture(spec(script, { timeoutMs: 500 }))).toEqual({ ok: false, error: { kind: 'slow' } })
    expect([lives(await box.pid('pid')), lives(await box.pid('pid2'))]).toEqual([false, false])
  })

  test('that says too much is ended', async () => {
    expect(await port.capture(spec('echo $$ > pid; exec yes'))).toEqual({ ok: false, error: { kind: 'large' } })
    expect(lives(await box.pid('pid'))).toBe(false)
  })

  test('that is not wanted any more is ended', async () => {
    const stop = new AbortController()
    const captured = port.capture(spec('echo $$ > pid; exec sleep 300', { signal: stop.signal }))
    const pid = await box.pid('pid')
    stop.abort()
    expect(await captured).toEqual({ ok: false, error: { kind: 'killed' } })
    expect(lives(pid)).toBe(false)
  })

  test('is not waited for by what it leaves in the background with its output open', async () => {
    const captured = await port.capture(spec('echo value; sleep 300 & echo $! > pid'))
    expect(captured.ok && Buffer.from(captured.value.output).toString()).toBe('value\n')
    process.kill(await box.pid('pid'), 'SIGKILL')
  })

  test.skipIf(notOnLinux)('carries the mark, by which it is found after our death', async () => {
    const captured = port.capture(spec('echo $$ > pid; exec sleep 300', { timeoutMs: 2000 }))
    const pid = await box.pid('pid')
    const mark = { step: box.step, notePath: box.path('note') }
    let found: readonly number[] = []
    const look = async () => {
      found = (await port.findLeftovers(mark)).map((leftover) => leftover.pid)
    }
    await look()
    await until(() => found.includes(pid), 'it is found')
    await captured
  })
})
