import * as z from 'zod/mini'

/** What a node said of the work before it, and why. */
export const GivenVerdict = z.object({
  node: z.string(),
  /** Whose verdict it is: a role. */
  writer: z.string(),
  backend: z.nullable(z.string()),
  round: z.int(),
  item: z.nullable(z.int()),
  /** Milliseconds since the epoch. */
  at: z.int(),
  /** `passed`, or what else the reviewer calls it. */
  status: z.string(),
  report: z.string(),
  findings: z.array(z.string()),
})
export type GivenVerdict = z.infer<typeof GivenVerdict>
