import { type GraphNode, workerOf } from '../definition/orchestration-graph.ts'
import type { RunEvent } from '../run/event.ts'
import type { FlowOrigin } from './flow-origin.ts'
import type { ModelSetting } from './models.ts'

/** What of an orchestration's pinned input tells where its events belong. */
export interface PinnedRun {
  readonly name: string
  readonly goal?: string
  readonly nodes: readonly GraphNode[]
  readonly agents: readonly { readonly name: string; readonly backend: string; readonly model?: ModelSetting | null }[]
  readonly flow?: FlowOrigin
  /** Where its agents write. */
  readonly tools?: { readonly spaces: { readonly workspace: string } }
}

/** A step of the graph, as Orket's readers know it. */
export interface StepPlace {
  readonly node: string
  readonly role: string
  /** From 0; -1 where the step is none of the graph's own, as that of an orchestration within it. */
  readonly index: number
  /** Which model takes its turns; null where something else does, whatever the files say. */
  readonly model: ModelSetting | null
  readonly backend: string | null
}

/** The input of an orchestration's run; undefined where this is not its first event. */
export function pinnedRun(event: RunEvent | undefined): PinnedRun | undefined {
  if (event?.type !== 'run.queued' || event.body.workflow !== 'orchestration') return undefined
  // The workflow's name says what its input is.
  return event.body.input as unknown as PinnedRun
}

/** The steps of a run by the names of their nodes. */
export class StepPlaces {
  readonly #byNode: ReadonlyMap<string, StepPlace>

  constructor({ nodes, agents }: PinnedRun) {
    const byName = new Map(agents.map((agent) => [agent.name, agent]))
    this.#byNode = new Map(
      nodes.map((node, index) => {
        const role = workerOf(node)
        const agent = byName.get(role)
        const backend = (node.kind === 'agent' ? node.with.backend : undefined) ?? agent?.backend ?? null
        const model = backend === 'model' ? (agent?.model ?? null) : null
        return [node.id, { node: node.id, role, index, model, backend }]
      }),
    )
  }

  get all(): readonly StepPlace[] {
    return [...this.#byNode.values()]
  }

  /** The place of a node, of one that is none of the graph's own under the name that it has itself. */
  of(node: string, role: string | null = null): StepPlace {
    return this.#byNode.get(node) ?? { node, role: role ?? node, index: -1, model: null, backend: null }
  }
}
