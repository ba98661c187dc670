import * as z from 'zod/mini'
import { parseDuration } from '#base/duration.ts'

/** A duration as people write it, such as `500ms` or `1m30s`. */
export const DurationText = z.string().check(z.refine((text) => parseDuration(text).ok, { error: 'duration' }))

/** How often a failed step is tried, and how long it waits in between. */
export const Retry = z.strictObject({
  /** All tries together, the first one included. */
  attempts: z.int().check(z.gte(1), z.lte(100)),
  /** The wait before the second try; it doubles with each further one. Default: 1s. */
  backoff: z.optional(DurationText),
  /** The longest wait. Default: 1m. Each wait is then stretched by up to half: equal jobs must not all come back at once. */
  backoff_max: z.optional(DurationText),
  /** The exit codes worth another try. Default: every one but 0, 126 and 127. */
  exit_codes: z.optional(z.array(z.int().check(z.gte(1), z.lte(255)))),
})
export type Retry = z.infer<typeof Retry>
