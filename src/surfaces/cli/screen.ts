import type { Terminal } from '#app/terminal-port.ts'
import type { Io, Notes } from './io.ts'

/** The same words on a terminal that jobs may have: while one has it, they wait. */
export function onScreen(io: Io, terminal: Terminal): Io {
  const waiting: (() => void)[] = []
  const inTurn = (write: () => void) => {
    if (terminal.isLent) waiting.push(write)
    else write()
  }
  // Whoever reads a file uses the same bytes again.
  const withBytes = (notes: Notes, bytes: Uint8Array, to: 'out' | 'note') => {
    const kept = terminal.isLent ? Uint8Array.from(bytes) : bytes
    inTurn(() => notes.bytes(kept, to))
  }
  terminal.whenLent({
    before: () => undefined,
    after: () => {
      for (const write of waiting.splice(0)) write()
    },
  })
  return {
    ...io,
    terminal,
    out: (text) => inTurn(() => io.out(text)),
    note: (text) => inTurn(() => io.note(text)),
    alert: {
      note: (text) => inTurn(() => io.alert.note(text)),
      bytes: (bytes, to) => withBytes(io.alert, bytes, to),
    },
    bytes: (bytes, to) => withBytes(io, bytes, to),
  }
}
