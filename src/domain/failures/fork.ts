import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const text = z.string()

/** What stands in the way of going on from a step of an earlier run. */
export const forkFailures = {
  run_not_forkable: {
    means: 'Only runs of orchestrations are forked.',
    data: z.object({ run: text, name: text, workflow: text }),
  },
  unknown_step: {
    means: 'A run has begun no step of this name.',
    data: z.object({ run: text, step: text, known: z.array(text), nearest: z.optional(text) }),
  },
  no_tree: {
    means: 'No tree of a directory was recorded from which a step could go on.',
    data: z.object({ run: text, step: text, directory: text, reason: text }),
  },
  patch_invalid: {
    means: 'What a fork is to change is not said as it must be, or is not there to be changed.',
    data: z.object({ patch: text, reason: z.enum(['shape', 'name', 'no_node', 'no_agent', 'within']), expected: text }),
  },
  workspace_taken: {
    means: 'The directory of a fork must be empty or not be there, and lie outside of the repository.',
    data: z.object({ directory: text, reason: z.enum(['not_empty', 'not_a_directory', 'inside']) }),
  },
  checkout_failed: {
    means: 'A recorded tree could not be put into a new directory.',
    data: z.object({ directory: text, reason: text }),
  },
} as const satisfies FailureEntries
