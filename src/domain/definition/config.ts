import * as z from 'zod/mini'
import { Job } from './job.ts'

const LogLevel = z.enum(['debug', 'info', 'warn', 'error'])

/** The whole configuration file. */
export const Config = z.strictObject({
  logging: z.optional(z.strictObject({ level: z.optional(LogLevel) })),
  state: z.optional(
    z.strictObject({
      /** Moves the JSON records here and the store into `store` below it. Relative to the configuration file. */
      dir: z.optional(z.string().check(z.minLength(1))),
    }),
  ),
  jobs: z.optional(z.record(z.string(), Job)),
})
export type Config = z.infer<typeof Config>
