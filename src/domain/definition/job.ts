import * as z from 'zod/mini'
import { Name } from './name.ts'
import { DurationText, Retry } from './retry.ts'

/** What a program can be given: the operating system ends a text at its first NUL. */
const PassedText = z.string().check(z.refine((text) => !text.includes('\0'), { error: 'nul' }))

/** A question asked before a job starts. */
export const Confirm = z.strictObject({
  question: z.string().check(z.minLength(1), z.maxLength(1000)),
  /** How long the question stays open; without it, for ever. */
  timeout: z.optional(DurationText),
  /** What silence means once the time is up. Default: no. */
  otherwise: z.optional(z.enum(['yes', 'no'])),
})
export type Confirm = z.infer<typeof Confirm>

/** What becomes of a run whose process died: it waits for `runs resume`, or goes on by itself. */
export const ResumePolicy = z.enum(['ask', 'auto'])
export type ResumePolicy = z.infer<typeof ResumePolicy>

/** A named command with its surroundings, under the keys of the configuration file. */
export const Job = z.strictObject({
  description: z.optional(z.string()),
  /** The program and its arguments; no shell reads them. */
  command: z.array(PassedText).check(
    z.minLength(1),
    z.refine((argv) => argv[0] !== '', { error: 'empty_program' }),
  ),
  /** Where the command runs; a relative path counts from where orchastration was started. */
  working_dir: z.optional(PassedText.check(z.minLength(1))),
  /** Whole seconds until the command is killed; 0 or less means no limit. */
  timeout_seconds: z.optional(z.int().check(z.lte(31_536_000))),
  /** Variables set over the inherited environment. */
  env: z.optional(z.record(z.string().check(z.regex(/^[^=\0]+$/, { error: 'variable_name' })), PassedText)),
  /** Jobs that must have succeeded before. */
  needs: z.optional(z.array(Name)),
  retry: z.optional(Retry),
  confirm: z.optional(z.union([z.string().check(z.minLength(1), z.maxLength(1000)), Confirm])),
  /** Whether starting the command a second time does no harm; then a run may resume without being asked. */
  idempotent: z.optional(z.boolean()),
  resume: z.optional(ResumePolicy),
})
export type Job = z.infer<typeof Job>
