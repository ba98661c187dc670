import { writeSync } from 'node:fs'
import type { LentTerminal, TerminalPort, TerminalSize } from '#activities/terminal-port.ts'
import type { Terminal } from '#app/terminal-port.ts'
import { systemCode } from '#base/system-error.ts'
import { ScreenModes } from './screen-modes.ts'
import { Turns } from './turns.ts'

type Watcher = Parameters<Terminal['whenLent']>[0]

const SCREEN = 2
const PAUSE = new Int32Array(new SharedArrayBuffer(4))
const CTRL_C = 0x03
/** So many of these keys within this time mean us; fewer are the job's, as on any terminal. */
const PRESSES = 3
const PRESSES_MS = 1000

/** The terminal that this process was started on: keys from standard input, the screen by standard error. */
export function terminal(): TerminalPort & Terminal {
  const turns = new Turns()
  const watchers: Watcher[] = []
  let isOffered = false
  let isLent = false
  const lend: TerminalPort['lend'] = async (job, signal) => {
    if (!isOffered) return undefined
    const endTurn = await turns.take(signal)
    if (endTurn === undefined) return undefined
    for (const { before } of watchers) before(job)
    isLent = true
    return open(() => {
      isLent = false
      for (const { after } of watchers) after()
      endTurn()
    })
  }
  return {
    lend,
    offer: () => {
      isOffered = true
    },
    get isLent() {
      return isLent
    },
    whenLent: (watcher) => watchers.push(watcher),
    hold: async (signal) => (await turns.take(signal)) ?? (() => undefined),
  }
}

/** Every key comes as it is pressed, none of them means anything to the terminal itself. */
function open(returned: () => void): LentTerminal {
  const { stdin } = process
  const modes = new ScreenModes()
  const presses: number[] = []
  let isBack = false
  let typed: ((bytes: Uint8Array) => void) | undefined
  let resized: ((size: TerminalSize) => void) | undefined
  const onData = (bytes: Uint8Array) => {
    typed?.(bytes)
    if (isInterrupt(bytes, presses)) process.kill(process.pid, 'SIGINT')
  }
  const onResize = () => resized?.(sizeOfScreen())
  // Also where this process ends in another way than by ending its run, as long as it gets to say anything.
  const restore = () => setRaw(false)
  process.on('exit', restore)
  process.on('SIGWINCH', onResize)
  setRaw(true)
  stdin.on('data', onData)
  stdin.on('error', ignore)
  stdin.resume()
  return {
    size: sizeOfScreen(),
    connect: (to) => {
      typed = to.typed
      resized = to.resized
      // It may have changed since it was asked for.
      onResize()
    },
    show: (bytes) => {
      modes.watch(bytes)
      write(bytes)
    },
    giveBack: () => {
      if (isBack) return
      isBack = true
      process.off('SIGWINCH', onResize)
      process.off('exit', restore)
      stdin.off('data', onData)
      stdin.off('error', ignore)
      stdin.pause()
      restore()
      write(Buffer.from(modes.undoing))
      returned()
    },
  }
}

/** A terminal that went away has no modes; that it did, a signal tells. */
function setRaw(isRaw: boolean): void {
  try {
    process.stdin.setRawMode(isRaw)
  } catch {}
}

function ignore(): void {}

function isInterrupt(bytes: Uint8Array, presses: number[]): boolean {
  const now = performance.now()
  for (const byte of bytes) if (byte === CTRL_C) presses.push(now)
  while (presses.length > 0 && now - (presses[0] ?? 0) > PRESSES_MS) presses.shift()
  return bytes.includes(CTRL_C) && presses.length >= PRESSES
}

/** A terminal may say that it has no columns; 80 by 24 is then what everybody takes. */
function sizeOfScreen(): TerminalSize {
  const { columns, rows } = process.stderr
  return { columns: columns || 80, rows: rows || 24 }
}

function write(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(SCREEN, bytes, written)
    } catch (error) {
      const isBusy = systemCode(error) === 'EAGAIN'
      // Who hung up sees no more; the output is kept all the same.
      if (!isBusy) return
      Atomics.wait(PAUSE, 0, 0, 2)
    }
  }
}
