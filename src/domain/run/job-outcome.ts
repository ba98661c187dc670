import * as z from 'zod/mini'

const optionalText = z.optional(z.string())

/** How one job of a run ended. */
export const JobOutcome = z.object({
  status: z.enum(['succeeded', 'failed', 'timed_out', 'cancelled', 'declined', 'skipped']),
  /** What stood in the way of a skipped job: the job that did not succeed. */
  because: optionalText,
  /** Why that stood in the way: the job needs it, or the run starts nothing more after a failure. */
  reason: z.optional(z.enum(['need', 'fail_fast'])),
  /** The earlier run whose success counts. */
  reused: optionalText,
})
export type JobOutcome = z.infer<typeof JobOutcome>
