import { fstatSync, statSync, writeSync } from 'node:fs'
import type { Terminal } from '#app/terminal-port.ts'
import { systemCode } from '#base/system-error.ts'

/** Where a command's words go. */
export interface Io {
  /** The answer. */
  readonly out: (text: string) => void
  /** All else. */
  readonly note: (text: string) => void
  /** What must be known also by whoever wants to hear nothing else: failures and questions. */
  readonly alert: Notes
  /** Bytes of a child's output among the notes, untouched. */
  readonly bytes: (bytes: Uint8Array, to: 'out' | 'note') => void
  /** Whether a person looks at the notes as they come, on a terminal where a line can be taken back. */
  readonly isLive: boolean
  /** Whether that person can answer, too. */
  readonly isAttended: boolean
  /** Whether a person looks at the answer as it comes. */
  readonly isAnswerSeen: boolean
  /** For notes. */
  readonly paint: Paint
  /** For answers, which may go into a file while the notes go to a terminal. */
  readonly answerPaint: Paint
  /** The terminal, where jobs may have it. */
  readonly terminal?: Pick<Terminal, 'isLent' | 'whenLent'>
  /** The home directory, which paths are shown from. */
  readonly home: string | undefined
  /** Columns of the terminal; 80 where nobody knows. */
  readonly columns: () => number
  /** Of the terminal, at this moment; 0 where nobody knows. */
  readonly size: () => Size
  readonly loudness: Loudness
}

/** `--quiet`, neither, `--verbose`. */
export type Loudness = 'quiet' | 'usual' | 'verbose'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Words, and bytes of a child's output among them. */
export type Notes = Pick<Io, 'note' | 'bytes'>

export interface Paint {
  readonly strong: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly dim: (text: string) => string
}

export interface IoOptions {
  readonly color: string | undefined
  readonly loudness?: Loudness
  /** Nobody wants to be asked. */
  readonly noInput?: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

let lostAnswer: string | undefined
let onReaderGone: (() => void) | undefined
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/** The process's own streams. Bun's `process.stdout` takes 7 ms to touch, so the file descriptors are written to. */
export async function processIo(options: IoOptions): Promise<Io> {
  const { color, environment, loudness = 'usual', noInput = false } = options
  const [isSeen, canAnswer] = [await isTerminal(2), await isTerminal(0)]
  const isLive = isSeen && environment['TERM'] !== 'dumb'
  const paint = wantsColor(color, environment, isSeen) ? COLORED : PLAIN
  const isAnswerSeen = await isTerminal(1)
  const answerPaint = wantsColor(color, environment, isAnswerSeen) ? COLORED : PLAIN
  const io: Io = {
    out: (text) => writeText(1, text),
    note: (text) => writeText(2, text),
    alert: { note: (text) => writeText(2, text), bytes: (bytes) => writeAll(2, bytes) },
    bytes: (bytes, to) => writeAll(to === 'out' ? 1 : 2, bytes),
    isLive,
    isAttended: isSeen && canAnswer && !noInput,
    isAnswerSeen,
    paint,
    answerPaint,
    home: environment['HOME'] ?? environment['USERPROFILE'],
    columns: () => (isSeen ? process.stderr.columns || 80 : 80),
    size: () => (isLive ? terminalSize() : { columns: 0, rows: 0 }),
    loudness,
  }
  return loudness === 'quiet' ? { ...io, isLive: false, note: nothing, bytes: onlyTo(io, 'out') } : io
}

function onlyTo({ bytes }: Io, wanted: 'out' | 'note'): Io['bytes'] {
  return (chunk, to) => {
    if (to === wanted) bytes(chunk, to)
  }
}

/** Asked for each time: the terminal may have become another size without a word. */
function terminalSize(): Size {
  const [columns = 0, rows = 0] = process.stderr.getWindowSize?.() ?? []
  return { columns, rows }
}

function nothing(): void {}

/** The same, with nothing but the answer: for a caller who reads a document. */
export function onlyAnswer(io: Io): Io {
  return { ...io, isLive: false, note: nothing, bytes: nothing, alert: { note: nothing, bytes: nothing } }
}

/** Columns of the terminal that the answer goes to; 0 where it goes elsewhere, or nobody knows. */
export async function answerColumns(): Promise<number> {
  return (await isTerminal(1)) ? (process.stdout.columns ?? 0) : 0
}

/** Asked of node:tty only where it can be one: loading that takes 2.5 ms, and files and pipes need no terminal. */
async function isTerminal(file: number): Promise<boolean> {
  return canBeTerminal(file) && (await import('node:tty')).isatty(file)
}

function canBeTerminal(file: number): boolean {
  // Windows has no device numbers to compare.
  if (process.platform === 'win32') return true
  try {
    const device = fstatSync(file)
    return device.isCharacterDevice() && device.rdev !== statSync('/dev/null').rdev
  } catch {
    return false
  }
}

const ESCAPE = '\u001b['
const COLORED: Paint = {
  strong: (text) => `${ESCAPE}1m${text}${ESCAPE}22m`,
  good: (text) => `${ESCAPE}32m${text}${ESCAPE}39m`,
  bad: (text) => `${ESCAPE}31m${text}${ESCAPE}39m`,
  dim: (text) => `${ESCAPE}2m${text}${ESCAPE}22m`,
}
const asItIs = (text: string) => text
const PLAIN: Paint = { strong: asItIs, good: asItIs, bad: asItIs, dim: asItIs }

/** `--color` first, then what the environment says by its usual names, then whether anybody would see it. */
function wantsColor(color: string | undefined, environment: IoOptions['environment'], isTerminal: boolean): boolean {
  if (color === 'always' || color === 'never') return color === 'always'
  const isSet = (name: string) => (environment[name] ?? '') !== ''
  if (isSet('NO_COLOR')) return false
  if (isSet('CLICOLOR_FORCE') || isSet('FORCE_COLOR')) return true
  return isTerminal && environment['TERM'] !== 'dumb' && environment['CLICOLOR'] !== '0'
}

export function writeText(file: 1 | 2, text: string): void {
  writeAll(file, Buffer.from(text))
}

/** Writes all of it, however slow the reader; a reader that has gone wants no more, and that is no failure of ours. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written)
    } catch (error) {
      if (isLost(file, error)) return
      // Somebody made the pipe non-blocking, and it is full.
      Atomics.wait(PAUSE, 0, 0, 2)
    }
  }
}

/** Whether nothing more can be written. Notes that are lost, as on a full disk, must not stop what they tell of. */
function isLost(file: number, error: unknown): boolean {
  const code = systemCode(error)
  if (code === 'EAGAIN') return false
  if (file === 1 && code !== 'EPIPE' && code !== 'EIO') lostAnswer ??= String(code ?? error)
  if (file === 1 && code === 'EPIPE') onReaderGone?.()
  return true
}

/** Calls at each write to a standard output that nobody reads any more; what it throws, the writer throws. */
export function whenReaderIsGone(call: () => void): void {
  onReaderGone = call
}

/** Why the answer did not get out whole, where somebody was there to read it. */
export function whyAnswerIsLost(): string | undefined {
  return lostAnswer
}
