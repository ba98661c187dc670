import * as z from 'zod/mini'
import { Reference, Said, TaskText } from './words.ts'

const Free = z.record(z.string(), z.unknown())

/** One step of an epic. */
export const Card = z.strictObject({
  id: z.optional(z.string()),
  type: z.optional(z.string()),
  summary: z.optional(Said),
  seat: z.optional(Said),
  role: z.optional(Said),
  model: z.optional(Said),
  /** In which rounds it has its turn: each, the first only, the last only. */
  governance: z.optional(z.enum(['always', 'once', 'final'])),
  status: z.optional(z.string()),
  priority: z.optional(z.string()),
  assignee: z.optional(z.nullable(z.string())),
  sprint: z.optional(z.nullable(z.string())),
  note: z.optional(z.string()),
  params: z.optional(Free),
})
export type Card = z.infer<typeof Card>

const Cards = z.array(Card).check(z.minLength(1))

/** What a later Orket has in the place of a flow: the steps stand in it, and may be gone through several times. */
export const Epic = z.strictObject({
  name: Said,
  description: z.optional(z.string()),
  team: z.optional(Reference),
  band: z.optional(Reference),
  environment: z.optional(Reference),
  venue: z.optional(Reference),
  iterations: z.optional(z.int().check(z.gte(1), z.lte(1000))),
  cards: z.optional(Cards),
  stories: z.optional(Cards),
  issues: z.optional(Cards),
  /** Directories that the agents may read. */
  references: z.optional(z.array(Reference)),
  example_task: z.optional(TaskText),
})
export type Epic = z.infer<typeof Epic>

/** Epics one after the other; what one has made, those after it may read. */
export const Rock = z.strictObject({
  name: Said,
  description: z.optional(z.string()),
  owner_department: z.optional(z.string()),
  task: z.optional(TaskText),
  epics: z.array(z.strictObject({ department: z.optional(Said), epic: Reference })).check(z.minLength(1)),
  references: z.optional(z.array(Reference)),
})
export type Rock = z.infer<typeof Rock>
