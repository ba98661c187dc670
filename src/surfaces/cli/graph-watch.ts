import { actionWords, outcomeWords } from '#app/course/step-words.ts'
import { Workers } from '#app/course/workers.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { recordedExit, reportOf } from '#domain/run/job-record.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import { type FoldedNode, OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import { TREE_ACTIVITY } from '#domain/run/recorded-tree.ts'
import type { Doing } from './graph-region.ts'
import type { FailedStep } from './node-failures.ts'
import { nodeLabel } from './node-lines.ts'

/** A step that is going on. */
export interface OpenStep extends Doing {
  /** The node and round that it is of; `run` where nobody can say. */
  readonly label: string
  readonly since: number
  readonly attempt: number
}

/** So many failed commands are kept to be told in full. */
const MOST_FAILED = 100
const MOST_RECENT = 5

/** How an orchestration stands while its events come: its nodes, and what each of them does. */
export class GraphWatch {
  readonly #fold: OrchestrationFold
  readonly #graph: readonly GraphNode[]
  /** Nodes whose labels are as long as any that may come, so that all rows stand in the same columns. */
  readonly widest: readonly NodeState[]
  readonly #workers: Workers
  readonly #steps = new Map<number, OpenStep>()
  readonly #failed: FailedStep[] = []
  /** What nodes at work did last, by their labels. */
  readonly #recent = new Map<string, readonly string[]>()

  private constructor(fold: OrchestrationFold, graph: readonly GraphNode[], workers: Workers) {
    this.#fold = fold
    this.#workers = workers
    this.#graph = graph
    this.widest = widestNodes(fold, graph)
  }

  /** Undefined where this is not the first event of an orchestration's run. */
  static begin(event: RunEvent): GraphWatch | undefined {
    const fold = OrchestrationFold.begin(event)
    if (fold === undefined || event.type !== 'run.queued') return undefined
    // The workflow's name says what its input is.
    const { nodes } = event.body.input as unknown as { readonly nodes: readonly GraphNode[] }
    return new GraphWatch(fold, nodes, new Workers(event))
  }

  get fold(): OrchestrationFold {
    return this.#fold
  }

  get nodes(): readonly FoldedNode[] {
    return this.#fold.nodes
  }

  /** What failed commands of nodes left behind. */
  get failed(): readonly FailedStep[] {
    return this.#failed
  }

  needs(node: string): readonly string[] {
    return this.#graph.find(({ id }) => id === node)?.needs ?? []
  }

  /** For how many items a node is done, where that is known before. */
  items(node: string): number | undefined {
    const { foreach } = this.#graph.find(({ id }) => id === node) ?? {}
    return Array.isArray(foreach) ? foreach.length : undefined
  }

  /** What a node does at this moment: its latest step that goes on. */
  doing(node: NodeState): Doing | undefined {
    const label = nodeLabel({ ...node, node: node.id })
    return [...this.#steps.values()].findLast((step) => step.label === label)
  }

  /** What a node did last, as long as it is at work. */
  recent(node: NodeState): readonly string[] {
    return this.#recent.get(nodeLabel({ ...node, node: node.id })) ?? []
  }

  /** The steps that go on, by their numbers. */
  get running(): Iterable<readonly [number, { readonly name: string; readonly attempt: number }]> {
    return [...this.#steps].map(([number, { label, attempt }]) => [number, { name: label, attempt }] as const)
  }

  step(number: number): OpenStep | undefined {
    return this.#steps.get(number)
  }

  add(event: RunEvent): void {
    this.#fold.add(event)
    switch (event.type) {
      case 'node.started':
        this.#workers.begin(event)
        return
      case 'node.ended':
        this.#workers.finish(event)
        this.#recent.delete(nodeLabel(event.body))
        return
      case 'step.started':
        this.#begin(event)
        return
      case 'step.retried':
        this.#retry(event.body)
        return
      case 'step.succeeded':
        this.#succeed(event.body)
        return
      case 'step.failed':
        this.#fail(event.body)
        return
      default:
        return
    }
  }

  #begin({ at, body }: EventOf<'step.started'>): void {
    // The engine's own, beside what the agents do.
    if (body.activity === TREE_ACTIVITY) return
    const { number, name } = body
    const place = this.#workers.ofStep(name)
    const label = place.node === null ? 'run' : nodeLabel({ ...place, node: place.node })
    this.#steps.set(number, { number, label, action: actionWords(body, place.node), since: at, attempt: 1 })
  }

  #retry({ number, attempt }: EventOf<'step.retried'>['body']): void {
    const step = this.#steps.get(number)
    if (step !== undefined) this.#steps.set(number, { ...step, attempt })
  }

  #succeed(body: EventOf<'step.succeeded'>['body']): void {
    const step = this.#steps.get(body.number)
    this.#steps.delete(body.number)
    if (step === undefined) return
    const { note } = outcomeWords(body)
    // What an agent said speaks for itself.
    const parts = body.activity === 'reply' && note !== '' ? [note] : [step.action, note]
    const line = parts.filter((part) => part !== '').join(': ')
    this.#recent.set(step.label, [...(this.#recent.get(step.label) ?? []), line].slice(-MOST_RECENT))
  }

  #fail({ number, name, failure }: EventOf<'step.failed'>['body']): void {
    const label = this.#steps.get(number)?.label ?? ''
    this.#steps.delete(number)
    const report = reportOf(failure)
    if (report === undefined || this.#failed.length >= MOST_FAILED) return
    this.#failed.push({ job: name, label, number, report, exit: recordedExit(report, failure), failure })
  }
}

function widestNodes(fold: OrchestrationFold, graph: readonly GraphNode[]): readonly NodeState[] {
  const round = graph.some(({ rework }) => rework !== undefined) ? 2 : 1
  const hasItems = new Set(graph.filter(({ foreach }) => foreach !== undefined).map(({ id }) => id))
  return fold.nodes.map((node) => ({ ...node, round, item: hasItems.has(node.id) ? 9 : null }))
}
