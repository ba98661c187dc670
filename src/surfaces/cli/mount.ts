import type { OperationName } from '#app/operations.ts'
import type { Progress } from '#app/progress.ts'
import type { Services } from '#app/services.ts'
import type { RunSummary } from '#app/store-port.ts'
import type { Io } from './io.ts'

/** How an operation looks at the command line. */
export type Mount = (context: MountContext) => Shown

export interface MountContext {
  readonly io: Io
  readonly json: boolean
  readonly services: Services
  /** Paths below it are shown from `~`. */
  readonly home: string | undefined
  readonly options: Readonly<Record<string, string | true | readonly string[]>>
}

interface Shown {
  readonly report: (progress: Progress) => void
  /** The operation is done; before its answer or failure is shown. */
  readonly end: () => void
  /** The caller was told to stop, and something goes on until it has come to its end. */
  readonly stopping: (times: number) => void
  /** Prints the answer; resolves to the exit code. */
  readonly answer: (output: unknown) => Promise<number>
}

/** A mount from a function per part, for an operation whose answer is of this type. */
export function mount<Output>(
  make: (context: MountContext) => {
    readonly report?: (progress: Progress) => void
    readonly end?: () => void
    readonly stopping?: (times: number) => void
    readonly answer: (output: Output) => number | Promise<number>
  },
): Mount {
  return (context) => {
    const { report = nothing, end = nothing, stopping = nothing, answer } = make(context)
    // The table of mounts pairs each operation with a mount of its answer's type.
    return { report, end, stopping, answer: async (output) => await answer(output as Output) }
  }
}

/** One JSON document on one line; its shape has the name of the operation. */
export function printJson(io: Io, name: OperationName | 'plan' | 'task', value: object): void {
  io.out(`${JSON.stringify({ schema: `orchastration.${name.replaceAll(' ', '-')}/1`, ...value })}\n`)
}

/** A run's fields as every document has them: its id is `run`. */
export function runFields({ id: run, ...rest }: RunSummary): Record<string, unknown> {
  return { run, ...snakeKeys(rest) }
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

/** A run's id is called `run` wherever it stands. */
function snakeCase(key: string): string {
  if (key === 'runId') return 'run'
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function nothing(): void {}
