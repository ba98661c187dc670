import { closeSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LentTerminal, TerminalSize } from '#activities/terminal-port.ts'
import { linux } from '#adapters/process/linux.ts'
import { openFiles } from '#adapters/process/open-files.ts'
import { startOnTerminal } from '#adapters/process/start-on-terminal.ts'
import { windows } from '#adapters/process/windows.ts'
import { maskOf } from '#base/masker.ts'
import { onWindows, type Sandbox, sandbox, until } from './sandbox.ts'

let box: Sandbox
beforeEach(() => {
  box = sandbox()
})
afterEach(() => box.remove())

const SIZE = { columns: 80, rows: 24 }

/** A person who types by calls. */
function person(): LentTerminal & { shown: string; type(text: string): void; resize(size: TerminalSize): void } {
  let to: Parameters<LentTerminal['connect']>[0] | undefined
  return {
    size: { columns: 100, rows: 30 },
    shown: '',
    connect: (given) => {
      to = given
    },
    show(bytes) {
      this.shown += Buffer.from(bytes).toString()
    },
    giveBack: () => undefined,
    type: (text) => to?.typed(Buffer.from(text)),
    resize: (size) => to?.resized(size),
  }
}

describe.skipIf(onWindows)('a child on a terminal', () => {
  test('shows a person what goes into its file, and gets what is typed', async () => {
    const looking = person()
    const child = await box.start('stty size; read word; stty size; echo "[$word]"', {
      terminal: { ...SIZE, person: looking },
    })
    await until(() => looking.shown.includes('30 100'), 'it has the size of the person')
    looking.resize({ columns: 120, rows: 40 })
    looking.type('hello\r')
    expect(await child.ended).toEqual({ kind: 'exited', exit: 0 })
    expect(looking.shown).toBe('30 100\r\nhello\r\n40 120\r\n[hello]\r\n')
    expect(box.read('stdout')).toBe(looking.shown)
  })

  test('shows what was kept back for its mask once it has ended', async () => {
    const looking = person()
    const child = await box.start('printf "hush-hush hush-"', {
      terminal: { ...SIZE, person: looking },
      mask: maskOf(['hush-hush']),
    })
    await child.ended
    expect(looking.shown).toBe('*** hush-')
    expect(box.read('stdout')).toBe('*** hush-')
  })

  test('is ended as a tree', async () => {
    const child = await box.start('trap "" HUP TERM; sleep 300 & sleep 300', { terminal: SIZE })
    await child.end(50)
    expect(await child.ended).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
  })

  test('is refused where the system has no such terminals', () => {
    expect(windows.hasTerminals).toBe(false)
    const spec = box.spec('true')
    const files = openFiles(spec)
    if (!files.ok) throw new Error('no files')
    const host = { platform: { ...linux, hasTerminals: false }, ownPid: process.pid }
    const started = startOnTerminal({ program: '/bin/sh', spec, terminal: SIZE, files: files.value, host })
    expect(started).toEqual({ ok: false, error: { code: 'pty_unsupported' } })
    for (const file of Object.values(files.value)) closeSync(file)
  })
})
