import { unheededText } from '#app/flow-words.ts'
import type { FlowSource } from '#app/flows.ts'
import { cut, onOneLine } from '#base/text.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { ImportedRole } from '#domain/orket/flow-import.ts'

/** What the files of a flow say beside its graph, for people. */
export function flowLines(
  { path, task, spaces, roles, unheeded }: FlowSource,
  nodes: readonly GraphNode[],
): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['flow', path],
    ...(task === undefined ? [] : [['task', task] as const]),
    ['workspace', spaces.workspace],
    ...spaces.references.map((each) => ['reference', each] as const),
    ['domain', spaces.domain],
    ['may read', spaces.readScope.join(', ') || 'nothing'],
    ['may write', spaces.writeScope.join(', ') || 'nothing'],
  ]
  return [
    ...facts.map(([name, value]) => `${name.padEnd(10)}  ${onOneLine(value)}`),
    ...roles.map(roleLine),
    ...nodes.flatMap(noteLine),
    ...unheeded.map(unheededText),
  ]
}

function roleLine({ name, tools, model, requires }: ImportedRole): string {
  const must = [...(requires.read ? ['read'] : []), ...(requires.write ? ['write'] : []), ...requires.tools]
  const parts = [
    `tools ${tools.join(', ') || 'none'}`,
    ...(must.length === 0 ? [] : [`must ${must.join(', ')}`]),
    ...(model === null ? [] : [modelText(model)]),
  ]
  return `${'role'.padEnd(10)}  ${onOneLine(name)}: ${parts.map(onOneLine).join('; ')}`
}

/** What a step is told beside its role's instructions. */
function noteLine({ id, with: about }: GraphNode): readonly string[] {
  const note = 'note' in about ? about['note'] : undefined
  return typeof note === 'string' ? [`${'note'.padEnd(10)}  ${id}: ${cut(note, MOST_NOTE)}`] : []
}

const MOST_NOTE = 100

function modelText({ model, temperature, seed }: NonNullable<ImportedRole['model']>): string {
  const how = [
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
  ]
  return [`model ${model}`, ...how].join(', ')
}
