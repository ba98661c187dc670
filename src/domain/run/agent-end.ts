import * as z from 'zod/mini'

/** How the turn of an agent ended, or that it never came to it. Times in milliseconds. */
export const AgentEnd = z.object({
  /** The node of the graph. */
  id: z.string(),
  /** The role, as records have it. */
  name: z.string(),
  status: z.enum(['success', 'failed', 'skipped']),
  /** One line for people. */
  message: z.string(),
  started_at: z.nullable(z.int()),
  ended_at: z.nullable(z.int()),
})
export type AgentEnd = z.infer<typeof AgentEnd>
