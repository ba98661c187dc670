import type { Json } from '#base/json.ts'
import type { Failure } from '#domain/failure.ts'

/**
 * Facts that a workflow records about its own course, by type: what the engine cannot know. Nothing ends or begins by
 * them; views, records and transcripts are folded from them.
 */
export interface RecordedBodies {
  /** A node of an orchestration's graph begins. */
  'node.started': NodePlace & {
    /** Such as `agent` or `job`. */
    readonly kind: string
    /** Of an agent's turn: who takes it, and where its work comes from. */
    readonly role: string | null
    readonly backend: string | null
  }
  /** A node has ended; one that never began has only this fact, with `skipped`. */
  'node.ended': NodePlace & {
    readonly status: NodeStatus
    /** One line for people. */
    readonly message: string
    /** What it put into the shared context, by key. */
    readonly writes: Readonly<Record<string, Json>>
    readonly failure: Failure | null
  }
  /** A command of the Conductor took effect. */
  'conductor.obeyed': {
    /** Null where it concerns the whole run. */
    readonly node: string | null
    /** A principal such as `person:ada`, or the rule: `rule:2`. */
    readonly by: string
    readonly command: Json
  }
  /** A command of the Conductor came too late, or had nothing to change; nothing was done. */
  'conductor.refused': {
    readonly node: string | null
    readonly by: string
    readonly command: Json
    /** For people. */
    readonly reason: string
  }
}

/** `rejected`: it did its work, and its verdict sends the work back. */
export type NodeStatus = 'success' | 'rejected' | 'failed' | 'skipped'

/** Which node, and the how manieth time. */
type NodePlace = {
  readonly node: string
  /** From 1; rises where the node is repeated. */
  readonly round: number
  /** The place in the list that it is done for, from 0; null where it is done once. */
  readonly item: number | null
}

export type RecordedType = keyof RecordedBodies

/** A fact as workflow code gives it. */
export type RecordedFact = {
  [Type in RecordedType]: { readonly type: Type; readonly body: RecordedBodies[Type] }
}[RecordedType]

/** Whether an event of this type was recorded by workflow code. */
export function isRecorded(type: string): type is RecordedType {
  return Object.hasOwn(RECORDED, type)
}

/** The compiler leaves none out. */
const RECORDED: Readonly<Record<RecordedType, true>> = {
  'node.started': true,
  'node.ended': true,
  'conductor.obeyed': true,
  'conductor.refused': true,
}
