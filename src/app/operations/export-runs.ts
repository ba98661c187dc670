import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import type { FailureOf } from '#domain/failure.ts'
import { exportLog } from '../export.ts'
import type { Operation } from '../operation.ts'

const Input = z.object({
  run: z.optional(z.string()),
  all: z.optional(z.boolean()),
  output: z.optional(z.string()),
})

/** How many lines were written, and to which file; the lines themselves are told where no file was named. */
export interface Exported {
  readonly lines: number
  readonly output: string | null
}

/** Writes the log, or what proves one run, as lines that anyone can verify. */
export const exportRuns: Operation<z.infer<typeof Input>, Exported> = {
  name: 'runs export',
  effect: 'read',
  callers: ['person', 'system'],
  input: Input,
  run: async ({ run: text, all, output }, call) => {
    const wrong = usageFault(text, all === true)
    if (wrong !== undefined) return err(wrong)
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const { log, reader } = reading.value
    const run = text === undefined ? ok(undefined) : await reader.findRun(text)
    if (!run.ok) return run
    const lines = await exportLog({ log, key: call.services.key, run: run.value?.id })
    if (!lines.ok) return lines
    if (output !== undefined) {
      const written = await call.services.documents.writeLines(output, lines.value)
      return written.ok ? ok({ lines: written.value, output }) : written
    }
    let count = 0
    for await (const line of lines.value) {
      if (!line.ok) return line
      call.report({ kind: 'line', text: line.value })
      count += 1
    }
    return ok({ lines: count, output: null })
  },
}

function usageFault(run: string | undefined, all: boolean): FailureOf<'usage'> | undefined {
  if ((run !== undefined) !== all) return undefined
  const usage = { code: 'usage', command: 'runs export' } as const
  if (run === undefined) {
    return { ...usage, problem: 'missing_argument', word: 'run', expected: 'a run, or --all for every run' }
  }
  return { ...usage, problem: 'unexpected_argument', word: run, expected: 'a run or --all, and both were given' }
}
