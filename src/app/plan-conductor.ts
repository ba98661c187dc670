import { err, ok, type Result } from '#base/result.ts'
import type { WordsFault } from '#domain/conductor/command-forms.ts'
import { type PlannedRule, plannedRule } from '#domain/conductor/rule.ts'
import { type SteeredGraph, steeredGraph } from '#domain/conductor/steered-graph.ts'
import type { ConductorRule } from '#domain/definition/conductor-rule.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { ConfigFiles } from './config-port.ts'
import { findOrchestration, orchestrationNames } from './orchestrations.ts'

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
  const graph = steeredGraph(nodes, graphs)
  const own = (config.conductor?.rules ?? []).map((rule, index) => ({ rule, number: index + 1 }))
  // What the configuration says of other orchestrations is none of this run's business.
  const general = own.flatMap(({ rule, number }): readonly PlannedRule[] => {
    const planned = isFor(rule, orchestration) ? plannedRule(rule, number, graph) : err(null)
    return planned.ok ? [planned.value] : []
  })
  const special = named.value.map((rule, index) => plannedRule(rule, own.length + index + 1, graph))
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
  const graphs = found.map(({ name, nodes }) => ({ name, graph: steeredGraph(nodes, found) }))
  const all: SteeredGraph = { nodes: graphs.flatMap(({ graph }) => graph.nodes) }
  return rules.flatMap((rule, index): readonly RuleFault[] => {
    const { orchestration } = rule
    if (orchestration !== undefined && !names.includes(orchestration))
      return [
        { rule: index + 1, problem: 'unknown_target', word: orchestration, expected: `one of ${names.join(', ')}` },
      ]
    const own = graphs.filter(({ name }) => isFor(rule, name)).map(({ graph }) => plannedRule(rule, index + 1, graph))
    if (own.some(({ ok }) => ok)) return []
    const [only] = own
    // Of one orchestration its own names are told, of several all there are.
    const fault = orchestration === undefined || only === undefined ? plannedRule(rule, index + 1, all) : only
    return fault.ok ? [] : [faultOf(index + 1, fault.error)]
  })
}

function isFor({ orchestration }: ConductorRule, name: string): boolean {
  return orchestration === undefined || orchestration === name
}

/** The rules of a file that holds nothing else. */
async function rulesOf(file: string, files: ConfigFiles): Promise<Result<readonly ConductorRule[], Failure>> {
  const read = await files.check(file)
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
