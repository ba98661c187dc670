import * as z from 'zod/mini'
import { Name } from './name.ts'
import { Param, ParamName } from './param.ts'
import { DurationText, Retry } from './retry.ts'
import { SecretSource } from './secret.ts'
import { Argv, PassedText, PathText, PatternText, VariableName } from './text.ts'

/** A question asked before a job starts. */
export const Confirm = z.strictObject({
  /** What is asked. */
  question: z.string().check(z.minLength(1), z.maxLength(1000)),
  /** How long the question stays open. Default: for ever. */
  timeout: z.optional(DurationText),
  /** What silence means once the time is up. Default: no. */
  otherwise: z.optional(z.enum(['yes', 'no'])),
})
export type Confirm = z.infer<typeof Confirm>

/** What becomes of a run whose process died: it waits for `runs resume`, or goes on by itself. */
export const ResumePolicy = z.enum(['ask', 'auto'])
export type ResumePolicy = z.infer<typeof ResumePolicy>

/** The shells that a command may be a text for. */
export const SHELLS = ['sh', 'bash', 'zsh', 'cmd', 'powershell', 'pwsh'] as const
export type Shell = (typeof SHELLS)[number]

/** A named command with its surroundings, under the keys of the configuration file. */
export const Job = z.strictObject({
  /** One line for `list`. */
  description: z.optional(z.string()),
  /** What the job is listed under. */
  group: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  /** The program and its arguments, which no shell reads; with `shell`, one text for the shell. */
  command: z.union([Argv, PassedText.check(z.minLength(1))]),
  /** Which shell reads the command: true means `sh`, on Windows `cmd`. Default: none. */
  shell: z.optional(z.union([z.boolean(), z.enum(SHELLS)])),
  /**
   * Where the command runs. A relative path counts from where orchastration was started, in a project file from the
   * project's directory. Default: that directory.
   */
  working_dir: z.optional(PathText),
  /** Whole seconds until the command and all it started are ended; 0 or less means no limit. Default: 0. */
  timeout_seconds: z.optional(z.int().check(z.lte(31_536_000))),
  /** Variables set over the inherited environment. */
  env: z.optional(z.record(VariableName, PassedText)),
  /** Files of variables, set before those of `env`; later files win. Relative to the job's directory. */
  env_file: z.optional(z.union([PathText, z.array(PathText)])),
  /** Variables whose values come from elsewhere at each start, and are masked wherever they would show. */
  secrets: z.optional(z.record(VariableName, SecretSource)),
  /** Values that whoever runs the job gives. */
  params: z.optional(z.record(ParamName, Param)),
  /** Jobs that must have succeeded before. */
  needs: z.optional(z.array(Name)),
  /** Files that decide whether the job must run again, as patterns relative to its directory. */
  inputs: z.optional(z.array(PatternText)),
  /** Files that the job makes, as patterns relative to its directory. */
  outputs: z.optional(z.array(PatternText)),
  /** Files that are kept with the run, as patterns relative to its directory. */
  artifacts: z.optional(z.array(PatternText)),
  /** Whether unchanged inputs and outputs mean that the job need not run. Default: true. */
  cache: z.optional(z.boolean()),
  /** Exit codes beside 0 that count as success. */
  allow_exit: z.optional(z.array(z.int().check(z.gte(1), z.lte(255)))),
  /** Whether the command runs in a terminal of its own. Default: false. */
  pty: z.optional(z.boolean()),
  /** How often, and when, a command that failed is tried again. Default: one try. */
  retry: z.optional(Retry),
  /** A question that a person must answer with yes before the command starts. */
  confirm: z.optional(z.union([z.string().check(z.minLength(1), z.maxLength(1000)), Confirm])),
  /** Whether starting the command a second time does no harm; then a run may resume without being asked. Default: false. */
  idempotent: z.optional(z.boolean()),
  /** Whether a run whose process died waits for `runs resume`, or goes on by itself. Default: ask. */
  resume: z.optional(ResumePolicy),
})
export type Job = z.infer<typeof Job>

/** Whether command and shell fit: a text is for a shell, a list is not. What is neither is no business of this. */
export function fitsShell(command: unknown, shell: unknown = false): boolean {
  if (Array.isArray(command)) return shell === false
  return typeof command !== 'string' || shell !== false
}
