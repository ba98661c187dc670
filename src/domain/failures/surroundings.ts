import * as z from 'zod/mini'
import { CommandReport } from '#domain/run/command-report.ts'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** What a command is given before it starts: variables, secrets, a terminal. */
export const surroundingsFailures = {
  env_file_invalid: {
    means: 'A file of variables is not there, cannot be read or has a mistake; the command was not started.',
    data: z.object({
      path: text,
      problem: z.enum(['unreadable', 'name', 'equals', 'unclosed', 'escape', 'after_quote', 'nul']),
      line: z.optional(whole),
      column: z.optional(whole),
      /** Why it could not be read, by the system's code. */
      cause: optionalText,
      report: z.optional(CommandReport),
    }),
  },
  secret_unusable: {
    means: 'A secret is missing, empty, unreadable or cannot be masked; the command was not started.',
    data: z.object({
      job: optionalText,
      secret: text,
      source: z.enum(['env', 'file', 'command']),
      /** The variable, the path or the command, as it is configured. */
      from: text,
      reason: z.enum([
        'unset',
        'empty',
        'short',
        'large',
        'binary',
        'unreadable',
        'not_started',
        'exit',
        'killed',
        'slow',
      ]),
      detail: optionalText,
      report: z.optional(CommandReport),
    }),
  },
  secret_exposed: {
    means: 'The value of a secret stands in what a run records, such as a command line or a parameter.',
    data: z.object({
      secret: text,
      job: text,
      key: text,
      /** Whether it stands in the log already, since only a command could tell the value. */
      isRecorded: z.boolean(),
      report: z.optional(CommandReport),
    }),
  },
  pty_unsupported: {
    means: 'A job wants a terminal of its own, which this system cannot give; the command was not started.',
    data: z.object({ report: z.optional(CommandReport) }),
  },
} as const satisfies FailureEntries
