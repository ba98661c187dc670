import { builtInRole } from '#domain/agents/role.ts'
import { BUILT_IN_AGENTS } from '#domain/definition/agent.ts'
import type { Orchestration } from '#domain/definition/orchestration.ts'
import type { Finding, Path } from './config-finding.ts'
import { valueText } from './config-phrases.ts'

/** What is wrong between the keys of an orchestration, and with the agents it names. */
export function orchestrationFindings(
  name: string,
  { agents: single, steps: groups, nodes }: Orchestration,
  own: readonly string[],
): readonly Finding[] {
  const [agents, steps] = [single ?? [], groups ?? []]
  const path = ['orchestrations', name]
  const candidates = [...BUILT_IN_AGENTS, ...own]
  const isEmpty = agents.length === 0 && steps.length === 0 && nodes === undefined
  if (isEmpty && (single ?? groups) !== undefined)
    return [emptyList([...path, groups === undefined ? 'agents' : 'steps'])]
  if (isEmpty)
    return [
      {
        kind: 'missing_key',
        path: [...path, 'agents'],
        at: 'table',
        expected: 'a list of agents, or "steps" or "nodes",',
      },
    ]
  return [
    ...unknownAgents(agents, [...path, 'agents'], candidates),
    ...steps.flatMap((group, index) => groupFindings(group, [...path, 'steps', index], candidates)),
  ]
}

function groupFindings(group: readonly string[], path: Path, candidates: readonly string[]): readonly Finding[] {
  if (group.length > 0) return unknownAgents(group, path, candidates)
  return [emptyList(path)]
}

function emptyList(path: Path): Finding {
  return { kind: 'bad_value', path, at: 'value', expected: 'at least one agent', found: 'an empty list' }
}

function unknownAgents(agents: readonly string[], path: Path, candidates: readonly string[]): readonly Finding[] {
  return agents.flatMap((agent, index): readonly Finding[] => {
    if (candidates.includes(agent) || builtInRole(agent) !== undefined) return []
    const expected = `one of ${BUILT_IN_AGENTS.join(', ')}, or a name in [agents],`
    const meant = { word: agent, candidates }
    return [{ kind: 'bad_value', path: [...path, index], at: 'value', found: valueText(agent), expected, meant }]
  })
}
