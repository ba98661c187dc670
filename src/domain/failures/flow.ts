import * as z from 'zod/mini'
import { FileProblems } from '../definition/config-problem.ts'
import type { FailureEntries } from './entry.ts'

const text = z.string()

/** Flows that stand in files of their own. */
export const flowFailures = {
  unknown_flow: {
    means: 'No flow of that name or path is there, and none is built in.',
    data: z.object({ flow: text, nearest: z.optional(text), known: z.array(text) }),
  },
  flow_invalid: {
    means: 'The files of a flow have mistakes; all of them are listed and nothing was run.',
    data: z.object({ flow: text, files: z.array(FileProblems) }),
  },
  flow_beyond: {
    means:
      'The files of a flow would let its agents write beyond the directory that somebody stands in; nothing was run.',
    data: z.object({ flow: text, directory: text, current: text }),
  },
  no_orket_events: {
    means: "Only runs of orchestrations have events in the form of Orket's.",
    data: z.object({ run: text, name: text }),
  },
} as const satisfies FailureEntries
