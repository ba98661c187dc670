import * as z from 'zod/mini'
import { Said, Seed, Temperature } from './words.ts'

const Free = z.record(z.string(), z.unknown())

const Setting = z.strictObject({
  model: Said,
  temperature: z.optional(Temperature),
  seed: z.optional(Seed),
  params: z.optional(Free),
})

/** A venue: the model of all roles, or a model a role; a later Orket calls it an environment. */
export const Venue = z.strictObject({
  name: Said,
  description: z.optional(z.string()),
  model: z.optional(Said),
  temperature: z.optional(Temperature),
  seed: z.optional(Seed),
  params: z.optional(Free),
  /** Seconds until a call of the model is given up. */
  timeout: z.optional(z.int().check(z.gte(1), z.lte(31_536_000))),
  roles: z.optional(z.record(z.string(), Setting)),
  default: z.optional(Setting),
})
export type Venue = z.infer<typeof Venue>
