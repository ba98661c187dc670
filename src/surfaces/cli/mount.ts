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

export interface Shown {
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

function nothing(): void {}
