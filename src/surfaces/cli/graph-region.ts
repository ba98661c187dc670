import { formatDuration } from '#base/duration.ts'
import { alternatives, count, grouped, onOneLine } from '#base/text.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import type { Size } from './io.ts'
import { LEAST_WIDTH, movingLine, NARROW } from './job-lines.ts'
import { nodeHead, nodeLabel } from './node-lines.ts'
import { cutToWidth } from './terminal-text.ts'

/** More rows would be more than anybody reads while they move. */
const MOST_ROWS = 20
/** So many nodes that wait are named. */
const MOST_WAITING = 6
/** Rows of output that one node alone has, and each of several. */
const TAIL_OF_ONE = 5
const TAIL_OF_FEW = 2
const FEW = 3
/** Terminals have at least so many rows. */
const USUAL_ROWS = 24
const INDENT = '        '

/** What a node that is at work does at this moment. */
export interface Doing {
  /** Of the step. */
  readonly number: number
  /** Such as `write src/a.ts`. */
  readonly action: string
}

interface AskedHere {
  readonly number: number
  readonly asker: string
  readonly text: string
  readonly choices: readonly string[]
}

export interface GraphShown {
  /** Each round of each node. */
  readonly nodes: readonly NodeState[]
  /** Whose rows stand in the same columns. */
  readonly among: readonly NodeState[]
  readonly now: number
  readonly doing: (node: NodeState) => Doing | undefined
  readonly needs: (node: string) => readonly string[]
  /** For how many items a node is done; undefined where nobody knows. */
  readonly items: (node: string) => number | undefined
  readonly questions: readonly AskedHere[]
  /** The last lines that a node's command wrote, or what it did last, at most so many. */
  readonly tail: (node: NodeState, most: number) => readonly string[]
}

/**
 * What moves while an orchestration goes on: each node at work with what it does and the end of what that writes,
 * questions with the command that answers them, the nodes that are next, and how far all is. Never more rows than the
 * terminal has, and none wider than it; one line where its size is unknown.
 */
export function graphLines(shown: GraphShown, { columns, rows }: Size): readonly string[] {
  const { nodes, now, questions } = shown
  const working = nodes.filter(({ status }) => status === 'running')
  if (working.length + questions.length === 0) return []
  const height = Math.min(MOST_ROWS, (rows || USUAL_ROWS) - 2)
  const room = columns - 3
  if (columns === 0 || height < 4 || room < 12) {
    const running = working.map((node) => ({ name: labelOf(node), runsMs: now - (node.started_at ?? now) }))
    return [movingLine(running, { width: LEAST_WIDTH, columns: columns || 80 })].filter((line) => line !== '')
  }
  const asked = questions.flatMap((question) => questionRows(question, columns)).slice(0, height - 2)
  const left = height - asked.length - 1
  const named = working.slice(0, left)
  const waiting = waitingRows(shown, Math.min(MOST_WAITING, left - named.length), columns)
  const spare = left - named.length - waiting.length
  const most = Math.min(tailRows(named.length), Math.floor(spare / Math.max(1, named.length)))
  const lines = [
    ...named.flatMap((node) => workingRows(node, shown, { columns, most })),
    ...waiting,
    ...asked,
    progressRow(shown, working.length - named.length),
  ]
  return lines.map((line) => cutToWidth(line, room))
}

function tailRows(nodes: number): number {
  if (nodes <= 1) return TAIL_OF_ONE
  return nodes <= FEW ? TAIL_OF_FEW : 1
}

function workingRows(
  node: NodeState,
  shown: GraphShown,
  { columns, most }: { readonly columns: number; readonly most: number },
): readonly string[] {
  const { among, now, doing, tail } = shown
  const { action = itemsDone(node, shown) } = doing(node) ?? {}
  const time = formatDuration(now - (node.started_at ?? now))
  const written = most === 0 ? [] : tail(node, most)
  const tailOf = written.map((line) => `${columns < NARROW ? '  | ' : `${INDENT}| `}${line}`)
  if (columns < NARROW) return [`run ${labelOf(node)} ${time} ${action}`.trimEnd(), ...tailOf]
  return [`${nodeHead(node, { among, columns, time })}${action}`.trimEnd(), ...tailOf]
}

/** Those that come next; of more than have room, how many they are. */
function waitingRows({ nodes, among, needs }: GraphShown, most: number, columns: number): readonly string[] {
  const waiting = nodes.filter(({ status }) => status === 'waiting')
  if (waiting.length === 0 || most < 1) return []
  const isAll = waiting.length <= most
  const named = isAll ? waiting : waiting.slice(0, most - 1)
  const rows = named.map((node) => {
    const after = needs(node.id).length === 0 ? '' : `after ${needs(node.id).join(', ')}`
    const head = columns < NARROW ? `-   ${onOneLine(node.id)} ` : nodeHead(node, { among, columns, time: '' })
    return `${head}${after}`.trimEnd()
  })
  return isAll ? rows : [...rows, `  -     ${count(waiting.length - named.length, 'more node')}`]
}

function questionRows({ number, asker, text, choices }: AskedHere, columns: number): readonly string[] {
  const asks = `  ?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}`
  const answer = `orchastration answer ${number} ${alternatives(choices)}`
  const isOne = asks.length + answer.length + 6 < columns
  return isOne ? [`${asks}   ${answer}`] : [asks, `${columns < NARROW ? '  ' : INDENT}${answer}`]
}

/** Of a node that is done for each of a list. */
function itemsDone({ id, round, item }: NodeState, { nodes, items }: GraphShown): string {
  const own = nodes.filter((node) => node.id === id && node.item !== null && node.round === round)
  if (item !== null || own.length === 0) return ''
  const done = own.filter(({ ended_at }) => ended_at !== null).length
  const all = items(id)
  return all === undefined ? `${count(done, 'item')} done` : `${grouped(done)} of ${count(all, 'item')} done`
}

/** By the nodes of the graph itself: items, and nodes within other ones, are part of theirs. */
function progressRow({ nodes, questions }: GraphShown, unnamed: number): string {
  const own = nodes.filter(({ id, item }) => item === null && !id.includes('/'))
  const last = [...new Map(own.map((node) => [node.id, node.status])).values()]
  const those = (...wanted: readonly NodeState['status'][]) => last.filter((status) => wanted.includes(status)).length
  const [failed, running] = [those('failed'), those('running')]
  const parts = [
    `${grouped(last.length - those('waiting', 'running'))} of ${grouped(last.length)} done`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    ...(running > 0 ? [`${grouped(running)} at work`] : []),
    ...(unnamed > 0 ? [`${count(unnamed, 'more row')}`] : []),
    ...(questions.length > 0 ? [count(questions.length, 'question')] : []),
  ]
  return `  ${parts.join(' · ')}`
}

function labelOf({ id, round, item }: NodeState): string {
  return nodeLabel({ node: id, round, item })
}
