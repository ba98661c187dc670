import { START_KEYS } from '#domain/context/key-types.ts'
import { ownKey } from '#domain/definition/orchestration-graph.ts'
import type { OrchestrationInput } from './input.ts'

/** All keys that may be written, so that conditions can ask for those that were not. */
export function writtenKeys({ agents, nodes, graphs = [] }: OrchestrationInput): readonly string[] {
  const own = [...nodes, ...graphs.flatMap((graph) => graph.nodes)].flatMap((node) => {
    if (node.kind === 'human') return [node.with.key ?? ownKey(node.id, 'answer')]
    return node.kind === 'orchestration' ? [ownKey(node.id, 'any')] : []
  })
  return [...START_KEYS, ...agents.flatMap(({ role }) => role.writes), ...own]
}
