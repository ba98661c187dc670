import * as z from 'zod/mini'
import { Argv, PathText, VariableName } from './text.ts'

/** Where the value of a secret comes from, each time a job starts. It is never written down. */
export const SecretSource = z
  .strictObject({
    /** A variable of the environment that orchastration was started with. */
    env: z.optional(VariableName),
    /** A file whose text, without a last line break, is the value. Relative to the job's directory. */
    file: z.optional(PathText),
    /** A command whose standard output, without a last line break, is the value. */
    command: z.optional(Argv),
  })
  .check(z.refine((source) => Object.keys(source).length === 1, { error: 'one_source' }))
export type SecretSource = z.infer<typeof SecretSource>
