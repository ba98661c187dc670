import type { Progress } from '#app/progress.ts'
import type { Services } from '#app/services.ts'
import type { Io } from './io.ts'

/** How an operation looks at the command line. */
export type Mount = (context: MountContext) => Shown

export interface MountContext {
  readonly io: Io
  readonly json: boolean
  readonly services: Services
  readonly options: Readonly<Record<string, string | true | readonly string[]>>
}

interface Shown {
  readonly report: (progress: Progress) => void
  /** The operation is done; before its answer or failure is shown. */
  readonly end: () => void
  /** Prints the answer; resolves to the exit code. */
  readonly answer: (output: unknown) => Promise<number>
}

/** A mount from a function per part, for an operation whose answer is of this type. */
export function mount<Output>(
  make: (context: MountContext) => {
    readonly report?: (progress: Progress) => void
    readonly end?: () => void
    readonly answer: (output: Output) => number | Promise<number>
  },
): Mount {
  return (context) => {
    const { report = nothing, end = nothing, answer } = make(context)
    // The table of mounts pairs each operation with a mount of its answer's type.
    return { report, end, answer: async (output) => await answer(output as Output) }
  }
}

/** One JSON document on one line, with the name and version of its shape. */
export function printJson(io: Io, schema: string, value: object): void {
  io.out(`${JSON.stringify({ schema: `orchastration.${schema}/1`, ...value })}\n`)
}

/** An object of ours with its keys as JSON documents have them: `startedAt` is `started_at`. What it holds stays. */
export function snakeKeys(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [snakeCase(key), held]))
}

/** The same all the way down, for what holds no names of the user's as keys. */
export function deepSnakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepSnakeKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [snakeCase(key), deepSnakeKeys(held)]))
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function nothing(): void {}
