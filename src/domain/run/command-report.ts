import * as z from 'zod/mini'
import { Fingerprint, Stale } from './fingerprint.ts'

const text = z.string()
const whole = z.int()

/** A file that a job names, or a pattern, and what is wrong with it. */
export const FileFault = z.object({ path: text, reason: text })
export type FileFault = z.infer<typeof FileFault>

/** What a child process left behind when it ended. Times in milliseconds. */
export const CommandReport = z.object({
  argv: z.array(text),
  directory: text,
  started_at: whole,
  ended_at: whole,
  /** The child's exit code; null when a signal ended it or it never started. */
  exit: z.nullable(whole),
  signal: z.nullable(text),
  stdout: z.object({ digest: text, bytes: whole }),
  stderr: z.object({ digest: text, bytes: whole }),
  /** Commitment to the environment that was passed: SHA-256 of salt and canonical JSON. */
  environment: z.object({ salt: text, digest: text, variables: whole }),
  /** Nothing was started: all is as the job left it when it succeeded in this run. */
  up_to_date: z.optional(z.object({ run: text, inputs: whole, outputs: whole })),
  stale: z.optional(Stale),
  fingerprint: z.optional(Fingerprint),
  /** Files that are kept with the run. */
  artifacts: z.optional(z.array(z.object({ path: text, digest: text, bytes: whole }))),
  /** Patterns and files of the job that nothing could be done with, and that changed nothing about its end. */
  file_notes: z.optional(z.array(FileFault)),
})
export type CommandReport = z.infer<typeof CommandReport>
