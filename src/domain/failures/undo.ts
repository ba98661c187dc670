import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const text = z.string()

/** What stands in the way of undoing a run. */
export const undoFailures = {
  nothing_to_undo: {
    means: 'The run, or that node of it, changed no file by the tools of agents.',
    data: z.object({ run: text, node: z.optional(text), nodes: z.array(text) }),
  },
  undo_refused: {
    means: 'Files were changed by somebody else since the run, or what they held is not kept any more.',
    data: z.object({
      files: z.array(z.object({ path: text, state: z.enum(['changed', 'content_gone', 'not_a_file', 'unreachable']) })),
      /** How many others were restored before that was found. */
      restored: z.int(),
    }),
  },
} as const satisfies FailureEntries
