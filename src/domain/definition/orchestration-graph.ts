import type { Json } from '#base/json.ts'
import type { Shell } from './job.ts'
import type { Retry } from './retry.ts'

/** A step of an orchestration: what is done, when, and what must have ended before it. */
export type GraphNode = NodeFrame & NodeWork

/** A node whose work is of that kind, such as an agent's turn. */
export type NodeOf<Kind extends GraphNode['kind']> = NodeFrame & Extract<NodeWork, { readonly kind: Kind }>
export type AgentNode = NodeOf<'agent'>

/** What nodes of every kind have. */
type NodeFrame = {
  /** Unlike any other of the graph. */
  readonly id: string
  readonly needs: readonly string[]
  /** A condition over the context; where it does not hold, the node is left out. */
  readonly when?: string
  /** A list, or an expression over the context that gives one: the node is done for each of its items, side by side. */
  readonly foreach?: string | readonly Json[]
  /** The node is done again until the condition holds, so many times at most. */
  readonly until?: { readonly condition: string; readonly limit: number }
  readonly retry?: Retry
  /** For each try on its own. */
  readonly timeout_ms?: number
  /** What follows from its failure: nothing more begins, or all goes on, or the node of that id does its part. */
  readonly on_failure?: 'stop' | 'continue' | (string & {})
  /** Sends earlier work back: the nodes that are done again, with all between them and this one, and how often at most. */
  readonly rework?: { readonly nodes: readonly string[]; readonly rounds: number }
}

/** What a node does, by its kind. Its texts may hold `{{context.key}}` and `{{item}}`. */
type NodeWork =
  | {
      readonly kind: 'agent'
      readonly with: {
        /** The role that takes the turn. */
        readonly agent: string
        /** Counts before the agent's own. */
        readonly backend?: string
        readonly instructions?: string
      } & { readonly [more: string]: Json }
    }
  | {
      readonly kind: 'command'
      readonly with: {
        /** A program and its arguments; with a shell, one text for it. */
        readonly command: string | readonly string[]
        /** Absolute once the run has begun. */
        readonly working_dir?: string
        readonly env?: Readonly<Record<string, string>>
        readonly shell?: boolean | Shell
      }
    }
  | {
      readonly kind: 'job'
      readonly with: {
        readonly job: string
        readonly params?: Readonly<Record<string, string>>
        readonly args?: readonly string[]
      }
    }
  | {
      /** Another orchestration, in the same run, in a context of its own. */
      readonly kind: 'orchestration'
      readonly with: { readonly orchestration: string; readonly goal?: string; readonly task?: string }
    }
  | {
      readonly kind: 'human'
      readonly with: {
        /** What is asked. */
        readonly text: string
        /** Without any, yes or no, and no is a failure. */
        readonly choices?: readonly string[]
        readonly addressee?: string
        /** A duration. */
        readonly deadline?: string
        /** Where the answer stands in the context. */
        readonly key?: string
      }
    }
  | { readonly kind: 'wait'; readonly with: { readonly for?: string; readonly until?: string } }

/** A graph with what it is called, as a run pins it. */
export type NamedGraph = {
  readonly name: string
  /** Each after all that it needs. */
  readonly nodes: readonly GraphNode[]
  /** The tasks that it is for. */
  readonly tasks: readonly string[]
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
  return node.kind === 'agent' ? node.with.agent : node.kind
}

/** The key under which a node leaves what is its own, such as `approve.answer`. */
export function ownKey(id: string, name: string): string {
  const word = id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
  return `${/^[a-z]/.test(word) ? word : `n_${word}`}.${name}`
}
