import * as z from 'zod/mini'
import { Reference, Said, TaskText } from './words.ts'

/**
 * A flow: who works (band), in which order (score), with which model (venue), and at what (task). Both of Orket's own
 * definitions are in it, the one that its loader checks and the one that its runner reads; and under `team`,
 * `environment` and `sequence` what a later Orket calls a project.
 */
export const Flow = z.strictObject({
  name: Said,
  description: z.optional(z.string()),
  band: z.optional(Reference),
  team: z.optional(Reference),
  score: z.optional(Reference),
  sequence: z.optional(Reference),
  venue: z.optional(Reference),
  environment: z.optional(Reference),
  task: z.optional(TaskText),
  /** Ours: the replies that `--backend scripted` plays while the flow is at its own task. */
  script: z.optional(Reference),
})
export type Flow = z.infer<typeof Flow>

/** What the first Orket had in the place of a flow. */
export const LegacyVenue = z.strictObject({
  name: Said,
  description: z.optional(z.string()),
  band: Reference,
  score: Reference,
  tempo: z.optional(z.enum(['lite', 'standard', 'heavy'])),
  filesystem: z.optional(
    z.strictObject({ permissions_file: z.optional(Reference), policy_file: z.optional(Reference) }),
  ),
})
export type LegacyVenue = z.infer<typeof LegacyVenue>

/** A file that says what to run: a flow, its task and where. */
export const RunFile = z.strictObject({
  flow: Reference,
  task: z.optional(Reference),
  workspace: z.optional(Reference),
})
export type RunFile = z.infer<typeof RunFile>
