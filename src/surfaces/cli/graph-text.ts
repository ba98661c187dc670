import { formatDuration } from '#base/duration.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'

/** A line for each node, and below it what more there is to say of it. */
export function graphLines(nodes: readonly GraphNode[]): readonly string[] {
  const width = Math.max(0, ...nodes.map(({ id }) => id.length))
  const workers = Math.max(0, ...nodes.map((node) => workerOf(node).length))
  return nodes.flatMap((node) => {
    const after = node.needs.length === 0 ? '' : `after ${node.needs.join(', ')}`
    const line = `  ${node.id.padEnd(width)}  ${onOneLine(workerOf(node)).padEnd(workers)}  ${after}`.trimEnd()
    return [line, ...detailsOf(node).map((detail) => `  ${' '.repeat(width)}  ${detail}`)]
  })
}

function detailsOf(node: GraphNode): readonly string[] {
  const { when, foreach, until, retry, timeout_ms: timeoutMs, on_failure: then, rework } = node
  return [
    ...(when === undefined ? [] : [`when ${onOneLine(when)}`]),
    ...workLines(node),
    ...(foreach === undefined ? [] : [`for each of ${listText(foreach)}`]),
    ...(until === undefined ? [] : [`until ${onOneLine(until.condition)}, ${count(until.limit, 'time')} at most`]),
    ...(retry === undefined ? [] : [`tried ${count(retry.attempts, 'time')} at most`]),
    ...(timeoutMs === undefined ? [] : [`within ${formatDuration(timeoutMs)}`]),
    ...(rework === undefined
      ? []
      : [`sends back to ${rework.nodes.join(', ')}, ${count(rework.rounds, 'time')} at most`]),
    ...(then === undefined || then === 'stop' ? [] : [failureText(then)]),
  ]
}

function failureText(then: string): string {
  return then === 'continue' ? 'goes on after a failure' : `${then} takes its place on failure`
}

function listText(foreach: NonNullable<GraphNode['foreach']>): string {
  return onOneLine(typeof foreach === 'string' ? foreach : foreach.map((item) => JSON.stringify(item)).join(', '))
}

/** What the node does, where its worker's name does not say it. */
function workLines(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case 'agent':
      return []
    case 'command': {
      const { command } = node.with
      return [`runs ${onOneLine(typeof command === 'string' ? command : command.join(' '))}`]
    }
    case 'job': {
      const { job, params = {}, args = [] } = node.with
      const given = [...Object.entries(params).map(([name, value]) => `${name}=${value}`), ...args]
      return [onOneLine(`runs the job ${[job, ...given].join(' ')}`)]
    }
    case 'orchestration': {
      const { orchestration, task, goal } = node.with
      const about = task === undefined ? (goal === undefined ? '' : ` for ${goal}`) : ` for the task ${task}`
      return [onOneLine(`plays ${orchestration}${about}`)]
    }
    case 'human':
      return [onOneLine(`asks ${node.with.text} (${(node.with.choices ?? ['yes', 'no']).join(' | ')})`)]
    case 'wait':
      return [node.with.for === undefined ? `waits until ${node.with.until}` : `waits ${node.with.for}`]
  }
}

/** The graph as a diagram. Ids and texts of the user's stand in quotes only, where nothing of them means anything. */
export function mermaidOf(nodes: readonly GraphNode[]): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]))
  const arrow = (from: string, to: string, line: string) => {
    const [start, end] = [names.get(from), names.get(to)]
    return start === undefined || end === undefined ? [] : [`  ${start} ${line} ${end}`]
  }
  return `${[
    'flowchart TD',
    ...nodes.map((node) => `  ${names.get(node.id)}[${label(node)}]`),
    ...nodes.flatMap(({ id, needs }) => needs.flatMap((need) => arrow(need, id, '-->'))),
    ...nodes.flatMap(({ id, rework }) => (rework?.nodes ?? []).flatMap((to) => arrow(id, to, '-. rejected .->'))),
    ...nodes.flatMap(({ id, on_failure: then = '' }) => arrow(id, then, '-. failed .->')),
  ].join('\n')}\n`
}

/** A line of a box has room for so much. */
const BOX_WIDTH = 60

/** What the arrows show is not said again. */
function label(node: GraphNode): string {
  const { rework: _sent, on_failure: then, ...own } = node
  const details = detailsOf(then === 'continue' ? { ...own, on_failure: then } : own)
  const lines = [`${node.id}: ${workerOf(node)}`, ...details]
  return `"${lines.map((line) => quotable(cut(onOneLine(line), BOX_WIDTH))).join('<br>')}"`
}

/** The text as entities wherever the language of diagrams, or of the page that shows it, would read something into it. */
function quotable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:;=_+*/()-]/gu, (character) => `#${character.codePointAt(0)};`)
}
