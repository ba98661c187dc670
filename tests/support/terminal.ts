import { requireBinary } from './binary.ts'
import { type Place, until } from './given-place.ts'

/** The binary on a terminal of its own. */
export interface TerminalSession {
  readonly pid: number
  /** All that was written so far, escape codes included. */
  text(): string
  type(text: string): void
  until(expected: string | RegExp): Promise<void>
  readonly exit: Promise<number>
}

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly columns?: number
}

/** Opens a pseudo terminal and runs the binary on it, as a person would. */
export function onTerminal(place: Place, args: readonly string[], options: TerminalOptions = {}): TerminalSession {
  const { env = {}, columns = 80 } = options
  const decoder = new TextDecoder()
  let text = ''
  const child = Bun.spawn([requireBinary(), ...args], {
    cwd: place.directory,
    env: { ...place.environment, TERM: 'xterm', ...env },
    terminal: {
      cols: columns,
      rows: 24,
      data: (_terminal, data) => {
        text += decoder.decode(data, { stream: true })
      },
    },
  })
  return {
    pid: child.pid,
    text: () => text,
    type: (keys) => child.terminal?.write(keys),
    until: async (expected) => {
      await until(
        () => (typeof expected === 'string' ? text.includes(expected) : expected.test(text)),
        `the terminal shows ${expected}, it shows ${JSON.stringify(text)}`,
      )
    },
    exit: child.exited,
  }
}
