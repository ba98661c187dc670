import { readPlacedJson } from '#base/json-places.ts'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { shortName } from '#domain/agents/role.ts'
import { Script } from '#domain/agents/script.ts'
import { shapeProblems } from '#domain/agents/shape-problems.ts'
import type { Failure } from '#domain/failure.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { Documents } from './documents-port.ts'

/** The replies of a script file. Fails with everything that is wrong with it, each with its line and column. */
export async function readScript(
  documents: Pick<Documents, 'readText'>,
  path: string,
): Promise<Result<Script, Failure>> {
  const text = await documents.readText(path)
  if (!text.ok) return text
  const read = readPlacedJson(text.value.replace(/^\uFEFF/, ''))
  if ('reason' in read)
    return err({ code: 'script_invalid', path, problems: [`${placeText(read.at)}: ${read.reason}`] })
  const script = Script.safeParse(read.value)
  if (script.success) return ok(script.data)
  const { issues } = script.error
  const places = issues.map(({ path: at }) => read.valueAt(at.filter((part) => typeof part !== 'symbol'))?.start)
  const problems = shapeProblems(issues, 'the script').map((problem, index) => {
    const at = places[index]
    return at === undefined ? problem : `${placeText(at)}: ${problem}`
  })
  return err({ code: 'script_invalid', path, problems })
}

/** Whom a script has replies for, and who has no part in the run, with whom may be meant. */
export function strangersIn(
  { replies }: Script,
  { nodes, graphs = [], agents }: Pick<OrchestrationInput, 'nodes' | 'graphs' | 'agents'>,
): readonly string[] {
  const all = [...nodes, ...graphs.flatMap((graph) => graph.nodes)]
  const names = [...all.map(({ id }) => id), ...agents.map(({ name }) => name)]
  const known = new Set(names.map(shortName))
  const strangers = [...new Set(replies.map(({ agent }) => agent))].filter(
    (agent) => !known.has(shortName(agent.slice(agent.lastIndexOf('/') + 1))),
  )
  return strangers.map((agent) => {
    const meant = nearest(agent, names)
    return meant === undefined ? agent : `${agent} (did you mean ${meant}?)`
  })
}

/** For people, columns count from 1. */
function placeText({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column + 1}`
}
