import type { Json } from '#base/json.ts'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import { CONDUCTOR_STEP, type ContextEntry, type ContextWrites } from '#domain/context/orch-context.ts'
import { type PlacedEdit, placedEdits } from '#domain/context/placed-edits.ts'
import { type GraphNode, type NamedGraph, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import { borrowedEvents } from './borrow.ts'
import type { EventOf, RunEvent } from './event.ts'
import type { NodeState } from './node-state.ts'

/** A value that was written into the shared context, and when. */
export type TimedEntry = ContextEntry & {
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What of an orchestration's pinned input its course is told by. */
interface PinnedGraph {
  readonly name: string
  readonly goal?: string
  readonly task?: string
  readonly nodes: readonly GraphNode[]
  /** The orchestrations that are played within it. */
  readonly graphs?: readonly NamedGraph[]
}

/** One round of a node, as far as it has come. */
export interface FoldedNode extends NodeState {
  readonly failure: Failure | null
}

interface Row {
  state: FoldedNode
  /** The place in the run of the fact that it began. */
  readonly since: number
  writes: ContextWrites
}

interface PlacedEntry {
  readonly entry: TimedEntry
  /** When what wrote it had begun, as a place in the run. */
  readonly since: number
}

/**
 * The course of an orchestration's run, folded from its facts one by one: how its nodes stand and what they have
 * written, at any time and however the run ends.
 */
export class OrchestrationFold {
  readonly name: string
  readonly startedAt: number
  readonly #graph: PinnedGraph
  readonly #rows = new Map<string, Row[]>()
  readonly #edits: PlacedEdit<PlacedEntry>[] = []
  #end: EventOf<'run.succeeded' | 'run.failed' | 'run.cancelled' | 'run.timed_out'> | undefined

  private constructor(queued: EventOf<'run.queued'>) {
    // The workflow's name says what its input is.
    this.#graph = queued.body.input as unknown as PinnedGraph
    this.name = this.#graph.name
    this.startedAt = queued.at
    for (const { id } of this.#graph.nodes) this.#rows.set(id, [])
  }

  /** Begins with the first event of a run; undefined where that is none of an orchestration. */
  static begin(event: RunEvent | undefined): OrchestrationFold | undefined {
    if (event?.type !== 'run.queued' || event.body.workflow !== 'orchestration') return undefined
    return new OrchestrationFold(event)
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case 'run.borrowed':
        for (const each of borrowedEvents(event)) this.add(each)
        return
      case 'node.started':
        this.#start(event)
        return
      case 'node.ended':
        this.#finish(event)
        return
      case 'conductor.obeyed':
        this.#edit(event)
        return
      case 'run.succeeded':
      case 'run.failed':
      case 'run.cancelled':
      case 'run.timed_out':
        this.#end = event
        return
      default:
        return
    }
  }

  get endedAt(): number | null {
    return this.#end?.at ?? null
  }

  get succeeded(): boolean {
    return this.#end?.type === 'run.succeeded'
  }

  /** Each round of each node, in the order of the graph; one for each node that was not reached. */
  get nodes(): readonly FoldedNode[] {
    return this.#inOrder().flatMap(([id, rows]): readonly FoldedNode[] =>
      rows.length === 0 ? [this.#unreached(id)] : rows.map(({ state }) => this.#settled(state)),
    )
  }

  /** Nodes of orchestrations within this one come after the node that plays them. */
  #inOrder(): readonly (readonly [string, Row[]])[] {
    const places = new Map(this.#graph.nodes.map(({ id }, index) => [id, index]))
    const placeOf = (id: string) => places.get(id) ?? places.get(id.replace(/[[/].*/, '')) ?? places.size
    return [...this.#rows].toSorted(([left], [right]) => placeOf(left) - placeOf(right))
  }

  /** One round of a node, of one item or of all; undefined where it has neither begun nor been passed over. */
  roundOf(id: string, round: number, item: number | null): FoldedNode | undefined {
    const row = this.#rows.get(id)?.findLast(({ state }) => state.round === round && state.item === item)
    return row === undefined ? undefined : this.#settled(row.state)
  }

  /** Everything that was written into the run's own context, in the order of the graph, which is that of merging. */
  get writes(): readonly TimedEntry[] {
    const { goal, task, nodes } = this.#graph
    const start = { ...(goal !== undefined && { goal }), ...(task !== undefined && { 'task.name': task }) }
    const own = nodes.flatMap(({ id }) => (this.#rows.get(id) ?? []).flatMap(writesOf))
    const begun = entriesOf(start, { writer: 'run', step: '', at: this.startedAt }).map((entry) => ({
      entry,
      since: 0,
    }))
    return placedEdits([...begun, ...own], this.#edits).map(({ entry }) => entry)
  }

  #edit({ runSeq, at, body }: EventOf<'conductor.obeyed'>): void {
    // Only commands stand there.
    const command = body.command as SteeringCommand
    if (command.do !== 'set') return
    const { key, value } = command
    const entry = { key, value, writer: body.by, step: CONDUCTOR_STEP, at }
    this.#edits.push({ entry: { entry, since: runSeq }, isBefore: ({ since }) => since > runSeq })
  }

  #start({ at, runSeq, body }: EventOf<'node.started'>): void {
    const { node, round, item, kind, role, backend } = body
    const about = { id: node, name: role ?? kind, backend, round, item }
    const state = { ...about, status: 'running', message: '', started_at: at, ended_at: null, failure: null } as const
    this.#rowsOf(node).push({ state, since: runSeq, writes: {} })
  }

  #finish({ at, body }: EventOf<'node.ended'>): void {
    const { node, round, item, status, message, writes, failure } = body
    const rows = this.#rowsOf(node)
    const found = rows.findLast(({ state }) => state.round === round && state.item === item && state.ended_at === null)
    const row = found ?? this.#neverBegan(body)
    if (found === undefined) rows.push(row)
    const endedAt = row.state.started_at === null ? null : at
    row.state = { ...row.state, status, message, failure, ended_at: endedAt }
    row.writes = writes
  }

  #neverBegan({ node, round, item }: EventOf<'node.ended'>['body']): Row {
    return { state: { ...this.#unreached(node), round, item }, since: 0, writes: {} }
  }

  #rowsOf(node: string): Row[] {
    const known = this.#rows.get(node)
    if (known !== undefined) return known
    const rows: Row[] = []
    this.#rows.set(node, rows)
    return rows
  }

  #unreached(id: string): FoldedNode {
    const node = nodeAt(this.#graph, id)
    const about = { id, name: node === undefined ? id : workerOf(node), backend: null, round: 1, item: null }
    const rest = { started_at: null, ended_at: null, failure: null }
    if (this.#end === undefined) return { ...about, ...rest, status: 'waiting', message: '' }
    return { ...about, ...rest, status: 'skipped', message: 'never reached' }
  }

  /** What was at work when its run was ended from outside has not succeeded. */
  #settled(state: FoldedNode): FoldedNode {
    if (this.#end === undefined || state.status !== 'running') return state
    const failure = 'failure' in this.#end.body ? this.#end.body.failure : null
    return { ...state, status: 'failed', message: failure?.code ?? '', ended_at: this.#end.at, failure }
  }
}

function writesOf({ state, since, writes }: Row): readonly PlacedEntry[] {
  // What was done for an item is part of what its node wrote.
  if (state.item !== null) return []
  const entries = entriesOf(writes, { writer: state.name, step: state.id, at: state.ended_at ?? 0 })
  return entries.map((entry) => ({ entry, since }))
}

function entriesOf(
  writes: Readonly<Record<string, Json>>,
  about: { readonly writer: string; readonly step: string; readonly at: number },
): readonly TimedEntry[] {
  return Object.entries(writes).map(([key, value]) => ({ key, value, ...about }))
}

/** The node at such a place: `inner/scout` is one of the orchestration that `inner` plays. */
function nodeAt({ nodes, graphs = [] }: Pick<PinnedGraph, 'nodes' | 'graphs'>, id: string): GraphNode | undefined {
  const [first = '', ...rest] = id.split('/')
  const node = nodes.find((each) => each.id === first.replace(/\[\d+\]$/, ''))
  if (rest.length === 0 || node?.kind !== 'orchestration') return rest.length === 0 ? node : undefined
  const graph = graphs.find(({ name }) => name === node.with.orchestration)
  return graph && nodeAt({ nodes: graph.nodes, graphs }, rest.join('/'))
}
