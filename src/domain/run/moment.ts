import * as z from 'zod/mini'

/** Something that happened in the course of an orchestration's run, in few words. Times in milliseconds. */
export const Moment = z.object({
  at: z.int(),
  /** `step` is one step of a node's work, such as a tool call or a command. */
  kind: z.enum(['run', 'node', 'step', 'question', 'answer', 'steering']),
  /** Null for what concerns the run, and for a step of which nobody can say whose it is. */
  node: z.nullable(z.string()),
  /** Of the node, from 1; null where there is no node. */
  round: z.nullable(z.int()),
  /** The place in the list that the node is done for, from 0. */
  item: z.nullable(z.int()),
  /** What happened: `begins`, `write src/a.ts`, `check npm test`. */
  what: z.string(),
  /** How it ended; null for what does not end, or has not. */
  status: z.nullable(z.enum(['success', 'rejected', 'failed', 'skipped', 'refused'])),
  took_ms: z.nullable(z.int()),
  /** What more there is to say; empty where there is nothing. */
  note: z.string(),
})
export type Moment = z.infer<typeof Moment>
