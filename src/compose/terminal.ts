import { once } from './once.ts'

/** A process has one, and loads what serves it when a job or a person wants it. */
export const ownTerminal = once(async () => (await import('#adapters/terminal/terminal.ts')).terminal())
