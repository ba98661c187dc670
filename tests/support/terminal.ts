import { requireBinary } from './binary.ts'
import { type Place, until } from './given-place.ts'
import { Screen } from './screen.ts'

/** The binary on a terminal of its own. */
export interface TerminalSession {
  readonly pid: number
  /** All that was written so far, escape codes included. */
  text(): string
  type(text: string): void
  resize(columns: number, rows: number): void
  /** What a terminal of this size shows now. */
  screen(): Screen
  /** Whether the terminal edits lines and shows what is typed, as it does for a shell. */
  readonly isCooked: boolean
  signal(signal: NodeJS.Signals): void
  /** The window is closed, or the line is cut. */
  hangUp(): void
  until(expected: string | RegExp): Promise<void>
  readonly exit: Promise<number>
}

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
}

/** Of `c_lflag`, on Linux and on macOS. */
const ECHO = 0o10
const ICANON = process.platform === 'darwin' ? 0x100 : 0o2

/** Opens a pseudo terminal and runs the binary on it, as a person would. */
export function onTerminal(place: Place, args: readonly string[], options: TerminalOptions = {}): TerminalSession {
  const { env = {}, columns = 80, rows = 24 } = options
  const decoder = new TextDecoder()
  let text = ''
  const child = Bun.spawn([requireBinary(), ...args], {
    cwd: place.directory,
    env: { ...place.environment, TERM: 'xterm', ...env },
    terminal: {
      cols: columns,
      rows,
      data: (_terminal, data) => {
        text += decoder.decode(data, { stream: true })
      },
    },
  })
  return {
    pid: child.pid,
    text: () => text,
    type: (keys) => child.terminal?.write(keys),
    resize: (...size) => child.terminal?.resize(...size),
    screen: () => {
      const screen = new Screen(columns, rows)
      screen.write(text)
      return screen
    },
    get isCooked() {
      const flags = child.terminal?.localFlags ?? 0
      return (flags & (ICANON | ECHO)) === (ICANON | ECHO)
    },
    signal: (signal) => child.kill(signal),
    hangUp: () => child.terminal?.close(),
    until: async (expected) => {
      await until(
        () => (typeof expected === 'string' ? text.includes(expected) : expected.test(text)),
        `the terminal shows ${expected}, it shows ${JSON.stringify(text)}`,
      )
    },
    exit: child.exited,
  }
}
