import * as z from 'zod/mini'
import { Said } from './words.ts'

const Policy = z.looseObject({
  requires_read: z.optional(z.boolean()),
  requires_write: z.optional(z.boolean()),
  requires_tools: z.optional(z.array(Said)),
})

/** A role: its prompt, under either of two names, the tools that it may call, and what each of its turns must do. */
export const BandRole = z.strictObject({
  name: z.optional(z.string()),
  description: z.optional(Said),
  prompt: z.optional(Said),
  tools: z.optional(z.array(Said)),
  tools_allowed: z.optional(z.array(Said)),
  policy: z.optional(Policy),
})
export type BandRole = z.infer<typeof BandRole>

/** A seat: one who takes several roles at once. */
const Seat = z.strictObject({ name: z.optional(z.string()), roles: z.array(Said).check(z.minLength(1)) })

/** A band: roles by name; as a later Orket's team with the seats that take them. */
export const Band = z.strictObject({
  name: Said,
  description: z.optional(z.string()),
  roles: z.optional(z.record(z.string(), BandRole)),
  seats: z.optional(z.record(z.string(), Seat)),
})
export type Band = z.infer<typeof Band>
