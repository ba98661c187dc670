import { err, ok, type Result } from '#base/result.ts'
import { expressionFault } from '#domain/conditions/expression-fault.ts'
import { notAmong, type WordsFault } from '#domain/conductor/command-forms.ts'
import { type PlannedRule, plannedRule } from '#domain/conductor/rule.ts'
import { type SteeredGraph, steeredGraph } from '#domain/conductor/steered-graph.ts'
import { START_KEYS, typeOfKey } from '#domain/context/key-types.ts'
import type { ConductorRule } from '#domain/definition/conductor-rule.ts'
import type { Config } from '#domain/definition/config.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { ConfigFiles } from './config-port.ts'
import { findOrchestration, orchestrationNames, roleOf } from './orchestrations.ts'

type RuleFault = FailureOf<'rules_invalid'>['faults'][number]

/** How a run is to be governed, as its caller said it. */
interface Asked {
  readonly config: Config
  readonly interactive: boolean
  /** A file of rules for this run alone; they come after those of the configuration. */
  readonly rules: string | undefined
  readonly configFiles: ConfigFiles
}

type Governed = Pick<OrchestrationInput, 'conductor'>

/** How a run is governed by itself, as part of its input. */
export async function planConductor(
  { name: orchestration, nodes, graphs }: Pick<OrchestrationInput, 'name' | 'nodes' | 'graphs'>,
  { config, interactive, rules: file, configFiles: files }: Asked,
): Promise<Result<Governed, Failure>> {
  const named = file === undefined ? ok([]) : await rulesOf(file, files)
  if (!named.ok) return named
  const misplaced = ruleFaults(config, config.conductor?.rules ?? [])
  if (misplaced.length > 0) return err({ code: 'rules_invalid', faults: [...misplaced] })
  const played = { nodes, graph: steeredGraph(nodes, graphs) }
  const own = (config.conductor?.rules ?? []).map((rule, index) => ({ rule, number: index + 1 }))
  // What the configuration says of other orchestrations is none of this run's business.
  const general = own.flatMap(({ rule, number }): readonly PlannedRule[] => {
    const planned = isFor(rule, orchestration) ? fitted(config, played, { rule, number }) : err(null)
    return planned.ok ? [planned.value] : []
  })
  const special = named.value.map((rule, index) => fitted(config, played, { rule, number: own.length + index + 1 }))
  const faults = special.flatMap((each, index) => (each.ok ? [] : [faultOf(index + 1, each.error)]))
  if (faults.length > 0) return err({ code: 'rules_invalid', ...(file !== undefined && { file }), faults })
  const rules = [...general, ...special.flatMap((each) => (each.ok ? [each.value] : []))]
  if (rules.length === 0 && !interactive) return ok({})
  return ok({ conductor: { ...(interactive && { interactive }), ...(rules.length > 0 && { rules }) } })
}

/** Everything that is wrong with rules of a configuration: each must fit into an orchestration that it may be for. */
export function ruleFaults(config: Config, rules: readonly ConductorRule[]): readonly RuleFault[] {
  const names = orchestrationNames(config)
  const found = names.flatMap((name) => {
    const each = findOrchestration(config, name)
    return each.ok ? [each.value] : []
  })
  const graphs = found.map(({ name, nodes }) => ({ name, nodes, graph: steeredGraph(nodes, found) }))
  const all: Played = {
    nodes: graphs.flatMap(({ nodes }) => nodes),
    graph: { nodes: graphs.flatMap(({ graph }) => graph.nodes) },
  }
  return rules.flatMap((rule, index): readonly RuleFault[] => {
    const { orchestration } = rule
    if (orchestration !== undefined && !names.includes(orchestration))
      return [
        { rule: index + 1, problem: 'unknown_target', word: orchestration, expected: `one of ${names.join(', ')}` },
      ]
    const numbered = { rule, number: index + 1 }
    const own = graphs.filter(({ name }) => isFor(rule, name)).map((each) => fitted(config, each, numbered))
    if (own.some(({ ok }) => ok)) return []
    const [only] = own
    // Of one orchestration its own names are told, of several all there are.
    const fault = orchestration === undefined || only === undefined ? fitted(config, all, numbered) : only
    return fault.ok ? [] : [faultOf(index + 1, fault.error)]
  })
}

interface Played {
  readonly nodes: readonly GraphNode[]
  readonly graph: SteeredGraph
}

interface Numbered {
  readonly rule: ConductorRule
  readonly number: number
}

/** What the rule means in this graph, its condition included. */
function fitted(config: Config, { nodes, graph }: Played, { rule, number }: Numbered): Result<PlannedRule, WordsFault> {
  const planned = plannedRule(rule, number, graph)
  const fault = planned.ok ? conditionFault(config, nodes, rule) : undefined
  return fault === undefined ? planned : err(fault)
}

/** Where something else than agents writes, too, nobody knows all keys. */
function conditionFault(config: Config, nodes: readonly GraphNode[], { when }: ConductorRule): WordsFault | undefined {
  if (when === undefined) return undefined
  const roles = nodes.map((node) => (node.kind === 'agent' ? roleOf(config, node.with.agent) : undefined))
  const keys = [...START_KEYS, 'notes', ...roles.flatMap((role) => role?.writes ?? [])]
  const fault = expressionFault(when, 'condition', new Map(keys.map((key) => [key, typeOfKey(key)])))
  if (fault === undefined || (fault.kind === 'unknown_key' && roles.includes(undefined))) return undefined
  if (fault.kind === 'unknown_key') return notAmong('unknown_target', when.slice(fault.from, fault.to), keys)
  return { problem: 'bad_value', word: when, expected: `a condition in CEL (${fault.detail})` }
}

function isFor({ orchestration }: ConductorRule, name: string): boolean {
  return orchestration === undefined || orchestration === name
}

/** The rules of a file that holds nothing else. */
async function rulesOf(file: string, files: ConfigFiles): Promise<Result<readonly ConductorRule[], Failure>> {
  const read = await files.check(file)
  if (!read.ok && read.error.code === 'config_missing')
    return err({ code: 'file_unreadable', path: file, reason: 'ENOENT' })
  if (!read.ok) return read
  const { conductor, ...more } = read.value.config
  const [other] = Object.keys(more)
  const wanted = { rule: 0, expected: 'a file of [[conductor.rules]] and nothing else' } as const
  if (other !== undefined)
    return err({ code: 'rules_invalid', file, faults: [{ ...wanted, problem: 'unexpected', word: other }] })
  const rules = conductor?.rules ?? []
  if (rules.length > 0) return ok(rules)
  return err({ code: 'rules_invalid', file, faults: [{ ...wanted, problem: 'missing', word: '' }] })
}

function faultOf(rule: number, fault: WordsFault): RuleFault {
  return { rule, ...fault }
}
