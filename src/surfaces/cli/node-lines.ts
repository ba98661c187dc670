import { formatDuration } from '#base/duration.ts'
import { onOneLine } from '#base/text.ts'
import { shortName } from '#domain/agents/role.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import type { Paint } from './io.ts'
import { NARROW } from './job-lines.ts'
import { below, widest } from './rows.ts'

/** Which round of which node. */
export interface NodeLabel {
  readonly node: string
  readonly round: number | null
  readonly item: number | null
}

interface NodeLayout {
  /** 0 where rows are as long as what they say. */
  readonly columns: number
  readonly paint: Paint
  /** Whose rows stand in the same columns, where these are not all. */
  readonly among?: readonly NodeState[]
}

/** In fewer columns nothing is said twice. */
const WIDE = 100
const MOST_LABEL = 24
const MOST_NAME = 16
const LEAST_BACKEND = 'scripted'.length
const TIME = 6
const BEFORE = '  '
const INDENT = 8

/** `ok`, `FAIL`: words first, so that colour says nothing on its own. */
const WORDS: Readonly<Record<NodeState['status'], string>> = {
  waiting: '-',
  running: 'run',
  success: 'ok',
  rejected: 'no',
  failed: 'FAIL',
  skipped: '-',
}

/** `builder`, `builder round 2`, `each item 3`: items are counted from 1 for people. */
export function nodeLabel({ node, round, item }: NodeLabel): string {
  const ofList = item === null ? '' : ` item ${item + 1}`
  return onOneLine(`${node}${ofList}${round !== null && round > 1 ? ` round ${round}` : ''}`)
}

export function statusWord(status: NodeState['status'], paint: Paint): string {
  const word = WORDS[status]
  if (status === 'success') return paint.good(word)
  return status === 'failed' || status === 'rejected' ? paint.bad(word) : word
}

/** A row a node: how it stands, who does it with which backend, how long it took, and what it says of itself. */
export function nodeLines(
  nodes: readonly NodeState[],
  { columns, paint, among = nodes }: NodeLayout,
): readonly string[] {
  return nodes.flatMap((node) => {
    const plain = nodeHead(node, { among, columns, time: timeOf(node) })
    const word = WORDS[node.status]
    const head = `${BEFORE}${statusWord(node.status, paint)}${plain.slice(BEFORE.length + word.length)}`
    return below(INDENT, { head, width: plain.length, text: onOneLine(node.message), columns })
  })
}

/** What stands in columns, up to what is said behind. */
export function nodeHead(
  node: NodeState,
  { among, columns, time }: { readonly among: readonly NodeState[]; readonly columns: number; readonly time: string },
): string {
  const isNarrow = columns > 0 && columns < NARROW
  const hasNames = columns === 0 || columns >= WIDE || !among.every(isNamedAfterRole)
  const cellsIn = (each: NodeState) => (hasNames ? cellsOf(each) : cellsOf(each).toSpliced(1, 1))
  const widths = isNarrow ? [] : widthsOf(among.map(cellsIn))
  const cells = cellsIn(node).map((cell, index) => cell.padEnd(widths[index] ?? 0))
  const who = cells.filter((cell) => cell !== '').join('  ')
  return `${BEFORE}${WORDS[node.status].padEnd(6)}${who}  ${time.padStart(isNarrow ? 0 : TIME)}   `
}

/** The last one is the backend's, which nodes have only once they begin. */
function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const [first = []] = rows
  return first.map((_, index) => {
    const width = widest(
      rows.map((row) => row[index] ?? ''),
      index === 0 ? MOST_LABEL : MOST_NAME,
    )
    return index === first.length - 1 ? Math.max(LEAST_BACKEND, width) : width
  })
}

/** Whether its id says already which role takes it. */
function isNamedAfterRole({ id, name }: NodeState): boolean {
  return shortName(name) === id.toLowerCase()
}

function cellsOf({ id, round, item, name, backend }: NodeState): readonly string[] {
  return [nodeLabel({ node: id, round, item }), onOneLine(name), backend ?? '']
}

function timeOf({ started_at, ended_at }: NodeState): string {
  return started_at === null || ended_at === null ? '' : formatDuration(ended_at - started_at)
}
