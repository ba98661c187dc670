import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const text = z.string()

/** What stands in the way of steering a run. */
export const conductorFailures = {
  steering_invalid: {
    means: 'The words are no command to a run, or name no step and no role of it.',
    data: z.object({
      problem: z.enum(['unknown_command', 'unknown_target', 'missing', 'bad_value', 'unexpected']),
      word: text,
      /** What would have been right there. */
      expected: text,
      nearest: z.optional(text),
    }),
  },
  rules_invalid: {
    means: 'Rules of the Conductor name what is not there, or are none; nothing was run.',
    data: z.object({
      /** The file that was named; without it, the configuration. */
      file: z.optional(text),
      faults: z.array(
        z.object({
          /** Its place among the rules, from 1; 0 where the whole file is meant. */
          rule: z.int(),
          problem: z.enum(['unknown_command', 'unknown_target', 'missing', 'bad_value', 'unexpected']),
          word: text,
          expected: text,
          nearest: z.optional(text),
        }),
      ),
    }),
  },
  run_not_steerable: {
    means: 'Only runs of orchestrations are steered.',
    data: z.object({ run: text, name: text, workflow: text }),
  },
  steering_refused: {
    means: 'A command to a run came too late, or had nothing to change; nothing was done.',
    data: z.object({ run: text, command: text, reason: text }),
  },
  terminal_missing: {
    means: 'An option wants a person at a terminal, and there is none.',
    data: z.object({ option: text }),
  },
} as const satisfies FailureEntries
