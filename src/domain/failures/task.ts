import * as z from 'zod/mini'
import { CommandReport } from '#domain/run/command-report.ts'
import type { FailureEntries } from './entry.ts'

const text = z.string()

/** Tasks, and the programs that work on their repositories. */
export const taskFailures = {
  unknown_task: {
    means: 'No task of that name is configured.',
    data: z.object({ task: text, nearest: z.optional(text), known: z.array(text) }),
  },
  task_not_initialized: {
    means: 'Nothing was ever done with the task, so there is no state of it.',
    data: z.object({ task: text }),
  },
  outputs_not_made: {
    means: 'The command of a task succeeded, and did not make all the files that are expected of it.',
    data: z.object({
      missing: z.array(text),
      /** They were there before, and are as they were: nobody can say that they come from this build. */
      untouched: z.array(text),
      report: CommandReport,
    }),
  },
  review_not_passed: {
    means: 'A review found nothing to go by, missing outputs, or checks that fail.',
    data: z.object({ verdict: z.enum(['passed', 'failed', 'rejected']), summary: text, findings: z.array(text) }),
  },
  tool_missing: {
    means: 'A program that this product calls was not found.',
    data: z.object({ tool: text, needed_for: text }),
  },
  tool_failed: {
    means: 'A program that this product calls ended without success.',
    data: z.object({
      tool: text,
      argv: z.array(text),
      directory: text,
      /** Null where a signal ended it or it was not started. */
      exit: z.nullable(z.int()),
      output: text,
    }),
  },
} as const satisfies FailureEntries
