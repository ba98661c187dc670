import * as z from 'zod/mini'
import type { Json } from '#base/json.ts'
import { ConfigProblem } from '#domain/definition/config-problem.ts'
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
          kind: ConfigProblem.shape.kind,
          /** Where it stands within the orchestration, such as `nodes[2].when`. */
          key: text,
          found: z.optional(text),
          expected: z.optional(text),
          nearest: z.optional(text),
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
    /** `model` is the one that its turns are meant for. */
    data: z.object({ agent: text, backend: text, model: z.optional(text) }),
  },
  backend_failed: {
    means: 'The backend of an agent did not answer; it may do so later.',
    data: z.object({
      agent: text,
      backend: text,
      fault: z.enum(['timeout', 'rate_limited', 'overloaded']),
      /** What is known of it. */
      detail: text,
    }),
  },
  backend_refused: {
    means: 'The backend of an agent refused to answer.',
    data: z.object({ agent: text, backend: text, fault: z.enum(['refused', 'auth']), detail: text }),
  },
  agent_file_invalid: {
    means: 'The Markdown file of an agent has mistakes; nothing was run.',
    data: z.object({ agent: text, path: text, problems: z.array(text) }),
  },
  script_invalid: {
    means: 'A script of replies has mistakes; nothing was run.',
    data: z.object({ path: text, problems: z.array(text) }),
  },
  script_missing: {
    means: 'Agents have the scripted backend, and no script was given; nothing was run.',
    data: z.object({ agents: z.array(text) }),
  },
  script_exhausted: {
    means: 'A script has no further reply for an agent.',
    data: z.object({
      agent: text,
      /** How many it has for it. */
      replies: z.int(),
    }),
  },
  answer_invalid: {
    means: 'What an agent handed in cannot be taken, also after it was told what is wrong with it.',
    data: z.object({ agent: text, problems: z.array(text) }),
  },
  turn_limit: {
    means: 'The turn of an agent came to one of its limits.',
    data: z.object({
      agent: text,
      limit: z.enum(['replies', 'tool_calls', 'timeout_seconds', 'max_reply_bytes']),
      allowed: z.number(),
    }),
  },
  work_not_buildable: {
    means: 'A plan has new work that no task and no job does, and its builder runs tasks and jobs only.',
    data: z.object({ agent: text, names: z.array(text) }),
  },
  node_input_invalid: {
    means:
      'What a node of an orchestration was to do could not be said: a value was not written, or is of another kind.',
    data: z.object({
      node: text,
      /** The key of its `with`; empty where any text of it is meant. */
      key: text,
      value: text,
      expected: z.enum(['written', 'duration', 'moment']),
    }),
  },
  condition_failed: {
    means: 'A condition or list of an orchestration could not be evaluated over the values there were.',
    data: z.object({ node: text, condition: text, reason: text }),
  },
  limit_reached: {
    means: 'A node of an orchestration was done as often as it may be, and what it is done for still did not hold.',
    data: z.object({ node: text, condition: text, limit: z.int() }),
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
