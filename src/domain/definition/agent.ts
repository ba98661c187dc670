import * as z from 'zod/mini'
import { BUILT_IN_ROLES } from '#domain/agents/role.ts'
import { Argv, PathText } from './text.ts'

/** The agents that are built in, by their names in files, lists and records. */
export const BUILT_IN_AGENTS: readonly string[] = BUILT_IN_ROLES.map(({ name }) => name)

/** A key of the shared context. */
const ContextKey = z.string().check(z.regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/, { error: 'context_key' }))

/** An agent of your own, under the keys of the configuration file. */
export const Agent = z.strictObject({
  /** What the agent is for. */
  description: z.optional(z.string()),
  /** What it can do, a few words each. */
  capabilities: z.optional(z.array(z.string())),
  /** What takes its turns: a command, or a person who is asked. Default: command. */
  backend: z.optional(z.enum(['command', 'human'])),
  /** What a person is asked to do. */
  instructions: z.optional(z.string().check(z.minLength(1), z.maxLength(1000))),
  /** The program that takes the turn: it finds the shared context in ORCHASTRATION_CONTEXT and prints what it writes as one JSON object. */
  command: z.optional(Argv),
  /** Where the command runs; a relative path counts from where orchastration was started. */
  working_dir: z.optional(PathText),
  /** Whole seconds until the command is killed; 0 or less means no limit. */
  timeout_seconds: z.optional(z.int().check(z.lte(31_536_000))),
  /** Keys of the shared context that it reads; whoever writes them beside it is waited for. */
  reads: z.optional(z.array(ContextKey)),
  /** Keys of the shared context that it may write. */
  writes: z.optional(z.array(ContextKey)),
})
export type Agent = z.infer<typeof Agent>
