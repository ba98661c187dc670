import * as z from 'zod/mini'
import type { Json } from '#base/json.ts'
import { CommandReport } from '../run/command-report.ts'
import type { FailureEntries } from './entry.ts'

const text = z.string()
/** zod's own type of JSON is a mutable one. */
const json = z.json() as unknown as z.ZodMiniType<Json>

/** What stands in the way of agents. */
export const orchestrationFailures = {
  unknown_orchestration: {
    means: 'No orchestration of that name is configured or built in.',
    data: z.object({ orchestration: text, nearest: z.optional(text), known: z.array(text) }),
  },
  unknown_agent: {
    means: 'No agent of that name is built in or configured.',
    data: z.object({ agent: text, nearest: z.optional(text), known: z.array(text) }),
  },
  orchestration_invalid: {
    means: 'The graph of an orchestration has mistakes; all of them are listed and nothing was run.',
    data: z.object({
      orchestration: text,
      faults: z.array(
        z.object({
          kind: z.enum(['empty', 'empty_group', 'unknown_role', 'two_writers', 'circle']),
          /** The groups, roles or nodes that it is about. */
          names: z.array(text),
          /** The value that would have two writers. */
          key: z.optional(text),
        }),
      ),
    }),
  },
  nothing_planned: {
    means: 'There is nothing to do: no task was asked for, and the goal speaks of no task and no job.',
    data: z.object({ goal: z.optional(text), known: z.array(text) }),
  },
  review_failed: {
    means: 'A review did not pass.',
    data: z.object({ verdict: text, findings: z.array(text) }),
  },
  undeclared_write: {
    means: 'An agent wrote keys of the shared context that it does not declare; nothing of it was taken.',
    data: z.object({ agent: text, keys: z.array(text), declared: z.array(text) }),
  },
  agent_output_invalid: {
    means: 'The command of an agent printed something else than one JSON object.',
    data: z.object({ report: CommandReport }),
  },
  backend_missing: {
    means: 'An agent has no backend that could take its turn; nothing takes its place.',
    data: z.object({ agent: text, backend: text }),
  },
  orchestration_failed: {
    means: 'An agent of an orchestration did not succeed; those after it were skipped.',
    data: z.object({
      orchestration: text,
      /** The node that failed first, and its role or kind. */
      node: text,
      agent: text,
      /** Its failure: a code of this catalogue with its data. */
      cause: z.record(text, json),
    }),
  },
} as const satisfies FailureEntries
