import * as z from 'zod/mini'
import { BUILT_IN_ROLES, OUTPUTS } from '#domain/agents/role.ts'
import { TOOL_NAMES } from '#domain/agents/tool-name.ts'
import { Argv, PathText, VariableName } from './text.ts'

/** The agents that are built in, by their names in files, lists and records. */
export const BUILT_IN_AGENTS: readonly string[] = BUILT_IN_ROLES.map(({ name }) => name)

/** A key of the shared context. */
const ContextKey = z.string().check(z.regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/, { error: 'context_key' }))

/** An agent of your own, under the keys of the configuration file. */
export const Agent = z.strictObject({
  /** What the agent is for. */
  description: z.optional(z.string()),
  /** A Markdown file with its instructions; keys of this table may stand at its beginning, between two lines `---`. A relative path counts from the project, else from where orchastration was started. */
  file: z.optional(PathText),
  /** What it can do, a few words each. */
  capabilities: z.optional(z.array(z.string())),
  /** What takes its turns: a command, a person who is asked, or a script of replies. Default: command. */
  backend: z.optional(z.enum(['command', 'human', 'scripted'])),
  /** What it is told to do, or a person is asked to. */
  instructions: z.optional(z.string().check(z.minLength(1), z.maxLength(20_000))),
  /** What it may ask for in its turn. Default: nothing. */
  tools: z.optional(z.array(z.enum(TOOL_NAMES))),
  /** How it asks for tools: as data beside its text, or in lines of its text, as Orket's agents do. Default: data. */
  calls: z.optional(z.enum(['data', 'text'])),
  /** What it hands in at the end of its turn: a plan, a verdict, changed files, one text, or values of the context by their keys. Default: context. */
  output: z.optional(z.enum(OUTPUTS)),
  /** What one turn may take. */
  limits: z.optional(
    z.strictObject({
      /** Replies, the last one included. Default: 50. */
      replies: z.optional(z.int().check(z.gte(1), z.lte(10_000))),
      /** Calls of tools. Default: 200. */
      tool_calls: z.optional(z.int().check(z.gte(0), z.lte(100_000))),
      /** Whole seconds for all of it. Default: no limit. */
      timeout_seconds: z.optional(z.int().check(z.gte(1), z.lte(31_536_000))),
      /** How large one reply may be. Default: 1000000. */
      max_reply_bytes: z.optional(z.int().check(z.gte(1), z.lte(10_000_000))),
    }),
  ),
  /** The program that takes the turn: it finds the shared context in ORCHASTRATION_CONTEXT and prints what it writes as one JSON object. */
  command: z.optional(Argv),
  /** Where the command runs; a relative path counts from where orchastration was started. */
  working_dir: z.optional(PathText),
  /** Whole seconds until the command is killed; 0 or less means no limit. */
  timeout_seconds: z.optional(z.int().check(z.lte(31_536_000))),
  /** Variables that the command inherits beside the usual ones, such as `PATH` and `HOME`: an agent is not given more. */
  variables: z.optional(z.array(VariableName)),
  /** Keys of the shared context that it reads; whoever writes them beside it is waited for. */
  reads: z.optional(z.array(ContextKey)),
  /** Keys of the shared context that it may write. */
  writes: z.optional(z.array(ContextKey)),
})
export type Agent = z.infer<typeof Agent>
