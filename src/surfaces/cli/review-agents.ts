import { shellWord } from '#app/failure-texts/text.ts'
import { cut } from '#base/text.ts'
import type { Agent } from '#domain/definition/agent.ts'
import type { ConductorRule } from '#domain/definition/conductor-rule.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Job } from '#domain/definition/job.ts'
import type { Orchestration } from '#domain/definition/orchestration.ts'
import type { OrchestrationNode } from '#domain/definition/orchestration-node.ts'

type Section = readonly [title: string, rows: readonly string[]]

/** What agents and orchestrations of a project file would run, and where they may work. */
export function agentSections({ agents = {}, orchestrations = {}, conductor }: Config): readonly Section[] {
  const graphs = Object.entries(orchestrations)
  return [
    ['for its agents:', Object.entries(agents).flatMap(([name, agent]) => agentLines(name, agent))],
    [
      'for its orchestrations:',
      graphs.flatMap(([name, { nodes = [] }]) => nodes.flatMap((each) => nodeLines(name, each))),
    ],
    ['its agents work where, and with what:', graphs.flatMap(([name, graph]) => spaceLines(name, graph))],
    ['its runs are steered by:', (conductor?.rules ?? []).map(ruleLine)],
  ]
}

export function commandText(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

/** A text for a shell, marked as one. */
export function shellText(text: string, shell: Job['shell'] | undefined): string {
  return `${typeof shell === 'string' ? shell : 'shell'}: ${text}`
}

function agentLines(name: string, { command, working_dir, variables = [] }: Agent): readonly string[] {
  if (command === undefined) return []
  return [
    `${name}: ${commandText(command)}`,
    ...(working_dir === undefined ? [] : [`  in ${working_dir}`]),
    ...(variables.length === 0 ? [] : [`  gives it ${variables.join(', ')}`]),
  ]
}

function nodeLines(name: string, { id, with: given = {} }: OrchestrationNode): readonly string[] {
  const { command, shell, working_dir, env = {} } = given
  if (command === undefined) return []
  return [
    `${name}, ${id}: ${typeof command === 'string' ? shellText(command, shell) : commandText(command)}`,
    ...(working_dir === undefined ? [] : [`  in ${working_dir}`]),
    ...Object.entries(env).map(([variable, value]) => `  sets ${variable} to ${cut(value, LONGEST)}`),
  ]
}

/** Only what is wider than, or other than, what every orchestration may. */
function spaceLines(name: string, graph: Orchestration): readonly string[] {
  const { workspace, references = [], domain, write_scope = [], allow = [], commands = [], variables = [] } = graph
  const rows = [
    ...(workspace === undefined ? [] : [`  in ${workspace}`]),
    ...(references.length === 0 ? [] : [`  look at ${references.join(', ')}`]),
    ...(domain === undefined ? [] : [`  about ${domain}`]),
    ...(write_scope.length === 0 ? [] : [`  may write ${write_scope.join(', ')}`]),
    ...(allow.length === 0 ? [] : [`  although refused for their names: ${allow.join(', ')}`]),
    ...(commands.length === 0 ? [] : [`  may run the jobs ${commands.join(', ')}`]),
    ...(variables.length === 0 ? [] : [`  which are given ${variables.join(', ')}`]),
  ]
  return rows.length === 0 ? [] : [`${name}:`, ...rows]
}

function ruleLine({ orchestration, before, after, tools = [], do: said }: ConductorRule): string {
  const moment = before === undefined ? `after ${after ?? ''}` : `before ${before}`
  const where = orchestration === undefined ? moment : `${orchestration}, ${moment}`
  return `${where}${tools.length === 0 ? '' : `, ${tools.join(', ')}`}: ${[said].flat().join('; ')}`
}

const LONGEST = 200
