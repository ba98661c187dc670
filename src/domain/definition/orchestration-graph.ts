import type { Json } from '#base/json.ts'

/** A step of an orchestration: what is done, when, and what must have ended before it. */
export type GraphNode = NodeFrame & NodeWork

/** A node whose work is an agent's turn. */
export type AgentNode = NodeFrame & Extract<NodeWork, { readonly kind: 'agent' }>

/** What nodes of every kind have. */
type NodeFrame = {
  /** Unlike any other of the graph. */
  readonly id: string
  readonly needs: readonly string[]
  /** Sends earlier work back: the node that is done again, with all between it and this one, and how often at most. */
  readonly rework?: { readonly node: string; readonly rounds: number }
}

/** What a node does, by its kind. */
type NodeWork = {
  readonly kind: 'agent'
  readonly with: {
    /** The role that takes the turn. */
    readonly agent: string
    /** Counts before the agent's own. */
    readonly backend?: string
    readonly instructions?: string
  } & { readonly [more: string]: Json }
}

/** What is wrong with a graph, found before it runs. */
export type GraphFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'empty_group'; readonly group: number }
  | { readonly kind: 'unknown_role'; readonly role: string; readonly group: number }
  /** Two steps that may run side by side write one value. */
  | { readonly kind: 'two_writers'; readonly key: string; readonly nodes: readonly [string, string] }
  /** Steps of a group wait for each other's values in a circle. */
  | { readonly kind: 'circle'; readonly nodes: readonly string[] }

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly faults: readonly GraphFault[]
}

/** What lists, records and diagrams call the worker of a node: its role, or its kind. */
export function workerOf(node: GraphNode): string {
  return node.with.agent
}
