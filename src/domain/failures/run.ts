import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** What stands in the way of a run, or of what somebody wants with one. */
export const runFailures = {
  unknown_run: {
    means: 'No run of that id is in the store, or more than one begins with it.',
    data: z.object({ run: text, nearest: optionalText }),
  },
  run_ended: {
    means: 'The run is over, so it can be neither resumed, cancelled nor signalled.',
    data: z.object({ run: text, status: text }),
  },
  run_not_of_jobs: {
    means: 'The run is none of jobs, so there are no jobs of it to compare or to run again.',
    data: z.object({ run: text, workflow: text, name: text }),
  },
  nothing_to_retry: {
    means: 'The run is not one that ended without success, so there is nothing to do again.',
    /** `jobs` are those that the run was asked for. */
    data: z.object({ run: text, status: text, jobs: z.optional(z.array(text)) }),
  },
  run_owned: {
    means: 'Another living process executes the run.',
    data: z.object({ run: text, owner: text }),
  },
  run_fenced: {
    means: 'Another process took the run over while this one was away; nothing more was written.',
    data: z.object({ run: text, epoch: whole }),
  },
  run_open: {
    means: 'The run is not over, so it can neither be erased nor undone.',
    data: z.object({ run: text, status: text }),
  },
  body_erased: {
    means: 'What the run did was erased; that, when and by whom is recorded.',
    data: z.object({ run: text, by: text, at: text, seq: whole }),
  },
  signal_late: {
    means: 'A signal came after the time until which it was waited for; it was not recorded.',
    data: z.object({ run: text, not_after: whole }),
  },
  workflow_unknown: {
    means: 'The run was made by a workflow that this binary does not have.',
    data: z.object({ workflow: text }),
  },
  workflow_version: {
    means: 'The run was started with another version of its workflow than this binary has.',
    data: z.object({ workflow: text, recorded: whole, available: whole }),
  },
  replay_mismatch: {
    means: 'The workflow asked for something else than its journal holds; nothing was guessed.',
    data: z.object({ run: text, number: whole, recorded: text, found: text }),
  },
  nondeterministic_await: {
    means: 'Workflow code waited for something that is not a command of its context.',
    data: z.object({ detail: text }),
  },
  value_too_large: {
    means: 'A value is too large for the log; large things belong in artifacts.',
    data: z.object({ what: text, bytes: whole, limit_bytes: whole }),
  },
  unknown_question: {
    means: 'No question of that number was asked.',
    data: z.object({ question: text, open: z.array(whole) }),
  },
  question_closed: {
    means: 'The question is no longer open.',
    data: z.object({
      question: whole,
      reason: z.enum(['answered', 'expired', 'withdrawn', 'run_ended']),
      by: optionalText,
      choice: optionalText,
    }),
  },
  invalid_choice: {
    means: 'The answer is none of the choices that the question offers.',
    data: z.object({ question: whole, choice: text, choices: z.array(text), nearest: optionalText }),
  },
} as const satisfies FailureEntries
