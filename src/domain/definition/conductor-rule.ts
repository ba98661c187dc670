import * as z from 'zod/mini'
import { TOOL_NAMES } from '../agents/tool-name.ts'

const Words = z.string().check(z.minLength(1))

/** A rule of the Conductor, as people write it: when it applies, and what is then done. */
export const ConductorRule = z.strictObject({
  /** The only orchestration whose runs it is for. */
  orchestration: z.optional(Words),
  /** The step or the role before whose turn it applies; `*` is any. One of `before` and `after` is needed. */
  before: z.optional(Words),
  /** The step or the role after whose turn it applies; `*` is any. */
  after: z.optional(Words),
  /** Applies only where this holds: a condition in CEL over the shared context before the step, or after it. */
  when: z.optional(Words),
  /** Applies only in this round of the step, counted from 1. */
  round: z.optional(z.int().check(z.gte(1))),
  /** With `after`: applies only to a turn that ended so. */
  status: z.optional(z.enum(['success', 'rejected', 'failed'])),
  /** With `before`: what its agent wants to do with one of these tools is asked, approved or rejected first. */
  tools: z.optional(z.array(z.enum([...TOOL_NAMES, '*'])).check(z.minLength(1))),
  /** A command as `runs steer` takes it, or several, about that step where they name none; beside `tools` one of ask, approve and reject. */
  do: z.union([Words, z.array(Words).check(z.minLength(1))]),
})
export type ConductorRule = z.infer<typeof ConductorRule>
