import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import { borrowedEvents } from '#domain/run/borrow.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { notDone, skippedFor } from '#domain/run/node-state.ts'
import { type FoldedNode, OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import { isEnded } from '#domain/run/run.ts'
import { inWords } from '../orchestration-end.ts'
import type { BegunRun } from '../read-run.ts'
import type { AskedQuestion } from '../store-port.ts'
import { evidenceOf, standstill } from './explain-job.ts'
import type { Explanation, Fact, Verdict } from './explanation.ts'

interface Decided {
  readonly verdict: Verdict
  readonly fact: Fact
  readonly shownBy: readonly (RunEvent | undefined)[]
}

/** The nodes of an orchestration's run that can be asked about. */
export function nodesOf(run: BegunRun): readonly string[] {
  return [...new Set(foldOf(run).map(({ id }) => id))]
}

/**
 * Why the run of an orchestration, or a node of it, did what it did or does what it does: pure, from the events alone.
 * Undefined where the run has no such node.
 */
export function explainOrchestration(
  run: BegunRun,
  id: string | undefined,
  questions: readonly AskedQuestion[],
): Explanation | undefined {
  const nodes = foldOf(run)
  const node = id === undefined ? decidingNode(run, nodes) : nodes.findLast((each) => each.id === id)
  if (id !== undefined && node === undefined) return undefined
  const decided = ofTheWhole(run, node, questions) ?? ofNode(run, node, questions)
  const { verdict, fact, shownBy } = decided
  return { job: node?.id ?? null, run: run.run, verdict, fact, evidence: shownBy.flatMap(evidenceOf) }
}

function foldOf({ events, queued }: BegunRun): readonly FoldedNode[] {
  const fold = OrchestrationFold.begin(queued)
  for (const event of events) fold?.add(event)
  return fold?.nodes ?? []
}

/** Of a run that did not succeed, the node whose failure is the run's own; of one that goes on, a node at work. */
function decidingNode({ run, events }: BegunRun, nodes: readonly FoldedNode[]): FoldedNode | undefined {
  if (!isEnded(run.status)) return nodes.findLast(({ status }) => status === 'running')
  const end = events.findLast((event) => event.type === 'run.failed')
  if (end === undefined) return undefined
  const told = JSON.stringify(end.body.failure)
  return nodes.find(({ failure }) => JSON.stringify(failure) === told) ?? nodes.find(hasFailed)
}

function hasFailed({ status }: FoldedNode): boolean {
  return status === 'failed'
}

/** Why nothing at all goes on, or who is waited for. A node that is over has its own reasons. */
function ofTheWhole(
  run: BegunRun,
  node: FoldedNode | undefined,
  questions: readonly AskedQuestion[],
): Decided | undefined {
  if (node !== undefined && node.status !== 'running' && node.status !== 'waiting') return undefined
  const open = questions.find(({ asker }) => node === undefined || asker === node.id)
  if (open === undefined) return standstill(run)
  const { number, text, askedAt: at, deadline, choices } = open
  const asked = run.events.find((event) => event.type === 'wait.opened' && event.body.question?.id === open.id)
  return { verdict: 'waiting', fact: { kind: 'question', number, text, at, deadline, choices }, shownBy: [asked] }
}

function ofNode(run: BegunRun, node: FoldedNode | undefined, questions: readonly AskedQuestion[]): Decided {
  const { events, queued } = run
  if (node === undefined) return ofRun(run)
  const ended = endOf(events, node)
  switch (node.status) {
    case 'success':
      return { verdict: 'succeeded', fact: askedFor(queued), shownBy: [queued, ended] }
    case 'failed': {
      const { failure } = node
      if (failure === null) return { verdict: 'failed', fact: told(node), shownBy: [ended] }
      const verdict = failure.code === 'timed_out' || failure.code === 'cancelled' ? failure.code : 'failed'
      return { verdict, fact: { kind: 'failure', failure, attempts: 1 }, shownBy: [ended ?? events.at(-1)] }
    }
    case 'skipped':
      return { verdict: 'skipped', ...keptBack(run, node), shownBy: [ended ?? events.at(-1)] }
    case 'rejected':
      return { verdict: node.status, fact: told(node), shownBy: [ended ?? events.at(-1)] }
    case 'running':
      return { verdict: 'running', fact: { kind: 'in_flight', since: node.started_at ?? queued.at }, shownBy: [] }
    case 'waiting':
      return { ...waiting(run, questions), shownBy: [queued] }
  }
}

function told(node: FoldedNode): Fact {
  return { kind: 'node', node: node.id, message: inWords(node).message }
}

/** Down the needs to the node that did not succeed by itself; another node says itself why it was left out. */
function keptBack(run: BegunRun, node: FoldedNode): { readonly fact: Fact } {
  const nodes = foldOf(run)
  const need = needOf(run, node)
  if (need === undefined) return { fact: told(node) }
  let root = need
  let found = nodes.findLast(({ id }) => id === root)
  for (let below = found && needOf(run, found); below !== undefined; below = found && needOf(run, found)) {
    root = below
    found = nodes.findLast(({ id }) => id === root)
  }
  return { fact: { kind: 'need', need, root, failure: found?.failure ?? null } }
}

/** The need that kept a node from beginning. */
function needOf({ queued }: BegunRun, { id, message }: FoldedNode): string | undefined {
  // The workflow's name says what its input is.
  const { nodes } = queued.body.input as unknown as { readonly nodes: readonly GraphNode[] }
  const needs = nodes.find((node) => node.id === id)?.needs ?? []
  return needs.find((need) => message === skippedFor(notDone(need)))
}

/** A node that has not begun waits for what is at work. */
function waiting(run: BegunRun, questions: readonly AskedQuestion[]): Omit<Decided, 'shownBy'> {
  const need = decidingNode(run, foldOf(run))?.id
  if (need !== undefined) return { verdict: 'waiting', fact: { kind: 'need_open', need } }
  const [open] = questions
  if (open !== undefined) return { verdict: 'waiting', fact: { kind: 'need_open', need: open.asker } }
  return { verdict: 'waiting', fact: { kind: 'not_claimed', since: run.queued.at } }
}

/** No node decides: the run is over as it should be, was ended from outside, or has yet to begin. */
function ofRun({ run, events, queued }: BegunRun): Decided {
  const end = events.at(-1)
  if (end?.type === 'run.cancelled') {
    const request = events.findLast(({ type }) => type === 'run.cancel_requested') ?? end
    return { verdict: 'cancelled', fact: { kind: 'cancelled', by: request.actor, at: end.at }, shownBy: [end] }
  }
  if (end?.type === 'run.failed') {
    return { verdict: 'failed', fact: { kind: 'failure', failure: end.body.failure, attempts: 1 }, shownBy: [end] }
  }
  return { verdict: run.status, fact: askedFor(queued), shownBy: [queued] }
}

function askedFor({ actor, at }: EventOf<'run.queued'>): Fact {
  return { kind: 'asked_for', by: actor, at }
}

function endOf(events: readonly RunEvent[], { id, round, item }: FoldedNode): RunEvent | undefined {
  const all = events.flatMap((event) => (event.type === 'run.borrowed' ? borrowedEvents(event) : [event]))
  return all.findLast(
    ({ type, body }) =>
      type === 'node.ended' && 'node' in body && body.node === id && body.round === round && body.item === item,
  )
}
