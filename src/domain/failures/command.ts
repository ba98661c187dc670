import * as z from 'zod/mini'
import { CommandReport } from '#domain/run/command-report.ts'
import { JobOutcome } from '#domain/run/job-outcome.ts'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** How commands and jobs end, or why they could not begin. */
export const commandFailures = {
  program_missing: {
    means: 'The program of a command was not found.',
    data: z.object({ program: text, report: z.optional(CommandReport) }),
  },
  program_not_executable: {
    means: 'The program of a command was found and may not be executed.',
    data: z.object({ program: text, reason: text, report: z.optional(CommandReport) }),
  },
  working_dir_missing: {
    means: 'The directory in which a command should run is not there or not a directory.',
    data: z.object({ directory: text, report: z.optional(CommandReport) }),
  },
  spawn_failed: {
    means: 'The operating system did not start the command.',
    data: z.object({ program: text, reason: text, report: z.optional(CommandReport) }),
  },
  command_failed: {
    means: 'A command ended with an exit code other than 0.',
    data: z.object({ exit: whole, report: CommandReport }),
  },
  command_killed: {
    means: 'A signal that we did not send ended a command.',
    data: z.object({ signal: text, report: CommandReport }),
  },
  output_lost: {
    means: 'A command ran and its output could not be kept.',
    data: z.object({ path: text, reason: text, report: z.optional(CommandReport) }),
  },
  input_unusable: {
    means: 'A file that decides whether a job must run is not there or cannot be read; nothing was started.',
    data: z.object({ path: text, reason: text, report: CommandReport }),
  },
  result_unusable: {
    means: 'A command succeeded, and what it should leave behind cannot be read or kept.',
    data: z.object({ kind: z.enum(['output', 'artifact']), path: text, reason: text, report: CommandReport }),
  },
  timed_out: {
    means: 'A step took longer than it was given, and was ended.',
    data: z.object({ timeout_ms: whole, report: z.optional(CommandReport) }),
  },
  cancelled: {
    means: 'The run was cancelled, and what was running was ended.',
    data: z.object({ by: optionalText, signal: optionalText, report: z.optional(CommandReport) }),
  },
  declined: {
    means: 'A question before a job was answered with no, or not in time.',
    data: z.object({ question: text, job: optionalText, by: optionalText, expired: z.boolean() }),
  },
  jobs_failed: {
    means: 'One or more jobs of the run did not succeed.',
    data: z.object({ failed: z.array(text), jobs: z.record(text, JobOutcome) }),
  },
} as const satisfies FailureEntries
