import type { ActivityAttempt } from '#engine/activities.ts'
import type { ChildTerminal } from './process-port.ts'
import type { TerminalPort } from './terminal-port.ts'

/** What programs expect where nobody looks. */
const UNSEEN = { columns: 80, rows: 24 }

/**
 * Does something on the terminal of whoever looks on, once nobody else has it, or on one that nobody sees. Undefined
 * where the attempt was stopped before it had one.
 */
export async function onTerminal<T>(
  parts: { readonly terminal: () => Promise<TerminalPort> },
  { step, signal }: ActivityAttempt,
  act: (terminal: ChildTerminal) => Promise<T>,
): Promise<T | undefined> {
  const person = await (await parts.terminal()).lend(step, signal)
  try {
    if (signal.aborted) return undefined
    return await act(person === undefined ? UNSEEN : { ...person.size, person })
  } finally {
    person?.giveBack()
  }
}
