import * as z from 'zod/mini'

/** Where a node of an orchestration stands, or how one round of it ended. Times in milliseconds. */
export const NodeState = z.object({
  /** The node of the graph; of an orchestration within the orchestration, below the node that plays it. */
  id: z.string(),
  /** Who does it, as records have it: the role, or the kind of node. */
  name: z.string(),
  /** Where an agent's work came from; null for what is no agent, or never began. */
  backend: z.nullable(z.string()),
  /** From 1; rises where the node is done again. */
  round: z.int(),
  /** The place in the list that it was done for, from 0; null where it is no part of such a node. */
  item: z.nullable(z.int()),
  status: z.enum(['waiting', 'running', 'success', 'rejected', 'failed', 'skipped']),
  /** One line for people. */
  message: z.string(),
  started_at: z.nullable(z.int()),
  ended_at: z.nullable(z.int()),
})
export type NodeState = z.infer<typeof NodeState>

/** Why what comes after a node is not reached. */
export function notDone(node: string): string {
  return `${node} did not succeed`
}

/** What a node says that was not reached for that reason. */
export function skippedFor(reason: string): string {
  return `skipped: ${reason}`
}
