import * as z from 'zod/mini'
import { SHELLS } from './job.ts'
import { Name } from './name.ts'
import { ParamName } from './param.ts'
import { DurationText, Retry } from './retry.ts'
import { Argv, PassedText, PathText, VariableName } from './text.ts'

/** What a node is called within its graph. */
const NodeId = z.string().check(z.regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/, { error: 'node_id' }))
const Words = z.string().check(z.minLength(1), z.maxLength(1000))

/** What nodes may do. */
const NODE_KINDS = ['agent', 'command', 'job', 'orchestration', 'human', 'wait'] as const

/** A step of an orchestration's graph, under the keys of the configuration file. */
export const OrchestrationNode = z.strictObject({
  /** What the node is called, unlike any other of its orchestration. */
  id: NodeId,
  /** What it does. Default: agent. */
  kind: z.optional(z.enum(NODE_KINDS)),
  /** Nodes that must have ended before it begins. */
  needs: z.optional(z.array(NodeId)),
  /** A condition in CEL over the context, such as `review.status == "passed"`; where it does not hold, the node is left out. */
  when: z.optional(Words),
  /** What it does it with: `agent`, `command`, `job`, `orchestration`, `text` or `for`, by its kind, and more. */
  with: z.optional(
    z.strictObject({
      /** Of an agent: who takes the turn. */
      agent: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
      /** Of an agent: what takes the turn, in place of the agent's own. */
      backend: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
      /** Of an agent: what it is told, in place of its own. */
      instructions: z.optional(z.string().check(z.minLength(1), z.maxLength(20_000))),
      /** Of a reviewer: how often at most its rejection sends the work back. Default: 3. */
      rounds: z.optional(z.int().check(z.gte(0), z.lte(100))),
      /** Of a command: the program and its arguments; with `shell`, one text for the shell. */
      command: z.optional(z.union([Argv, PassedText.check(z.minLength(1))])),
      /** Of a command: where it runs. Default: the project's directory, else the current one. */
      working_dir: z.optional(PathText),
      /** Of a command: variables set over the inherited environment. */
      env: z.optional(z.record(VariableName, PassedText)),
      /** Of a command: which shell reads it; true means `sh`, on Windows `cmd`. Default: none. */
      shell: z.optional(z.union([z.boolean(), z.enum(SHELLS)])),
      /** The job of a job's node; what it needs runs before it, once in a run. */
      job: z.optional(Name),
      /** Of a job: values of its parameters. */
      params: z.optional(z.record(ParamName, z.union([PassedText, z.int(), z.boolean()]))),
      /** Of a job: further arguments of its command. */
      args: z.optional(z.array(PassedText)),
      /** The orchestration that is played within this one, with a context of its own. */
      orchestration: z.optional(Name),
      /** Of an orchestration: its goal. Default: that of the run. */
      goal: z.optional(PassedText.check(z.minLength(1))),
      /** Of an orchestration: the one task that it is about. */
      task: z.optional(z.string().check(z.minLength(1))),
      /** Of a person: what is asked. */
      text: z.optional(Words),
      /** Of a person: what may be answered. Default: yes or no, and no is a failure. */
      choices: z.optional(
        z.array(z.string().check(z.minLength(1), z.maxLength(200))).check(z.minLength(1), z.maxLength(20)),
      ),
      /** Of a person: who should answer. Default: anyone. */
      addressee: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      /** Of a person: how long the question stays open; then the node has failed. Default: for ever. */
      deadline: z.optional(z.string().check(z.minLength(1))),
      /** Of a person: the key of the context that the answer is written to. Default: the node's id and `.answer`. */
      key: z.optional(z.string().check(z.regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/, { error: 'context_key' }))),
      /** Of a wait: how long it takes. */
      for: z.optional(z.string().check(z.minLength(1))),
      /** Of a wait: the moment that it lasts until, such as `2027-01-31T08:00:00Z`. */
      until: z.optional(z.string().check(z.minLength(1))),
    }),
  ),
  /** How often, and when, it is tried again after a failure. Default: one try. */
  retry: z.optional(Retry),
  /** How long one try may take. Default: no limit. */
  timeout: z.optional(DurationText),
  /** A list, or a CEL expression that gives one, such as `plan.tasks`: it is done for each `{{item}}`, side by side. */
  foreach: z.optional(
    z.union([Words, z.array(z.union([z.string(), z.number(), z.boolean()])).check(z.maxLength(10_000))]),
  ),
  /** It is done again until this holds. */
  until: z.optional(
    z.strictObject({
      /** A condition in CEL over the context; `round` counts from 1. */
      condition: Words,
      /** How often it is done at most; then it has failed. */
      limit: z.int().check(z.gte(1), z.lte(1_000_000)),
    }),
  ),
  /** What follows from its failure: `stop`, `continue`, or the id of the node that then takes its place. Default: stop. */
  on_failure: z.optional(NodeId),
})
export type OrchestrationNode = z.infer<typeof OrchestrationNode>
