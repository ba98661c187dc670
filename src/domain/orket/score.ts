import * as z from 'zod/mini'
import { Said } from './words.ts'

const Step = z.strictObject({ role: z.optional(Said), seat: z.optional(Said), note: z.optional(z.string()) })

/**
 * A score: the steps in their order, or in the first Orket's words the roles that take part and which of them come
 * first. A later Orket calls it a sequence.
 */
export const Score = z.strictObject({
  name: z.optional(Said),
  description: z.optional(z.string()),
  tempo: z.optional(z.enum(['lite', 'standard', 'heavy'])),
  steps: z.optional(z.array(Step).check(z.minLength(1), z.maxLength(10_000))),
  included_roles: z.optional(z.array(Said).check(z.minLength(1))),
  dependencies: z.optional(z.record(z.string(), z.array(Said))),
  completion: z.optional(z.strictObject({ require_all_roles_complete: z.optional(z.boolean()) })),
})
export type Score = z.infer<typeof Score>
