import { type ExpressionFault, expressionFault } from '#domain/conditions/expression-fault.ts'
import { plannedRule } from '#domain/conductor/rule.ts'
import type { KnownKeys } from '#domain/context/key-types.ts'
import { ConductorRule } from '#domain/definition/conductor-rule.ts'
import { type Finding, valueAt } from './config-finding.ts'
import { valueText } from './config-phrases.ts'

const NO_KEYS: KnownKeys = new Map()

/** Steps and roles are known only where all files come together: here every name will do. */
const OPEN = { nodes: [], isOpen: true } as const

/** What is wrong between the keys of the Conductor's rules, and with the words of their commands. */
export function ruleFindings(value: unknown): readonly Finding[] {
  const rules = valueAt(value, ['conductor', 'rules'])
  if (!Array.isArray(rules)) return []
  return rules.flatMap((rule, index): readonly Finding[] => {
    const parsed = ConductorRule.safeParse(rule)
    return parsed.success ? findingsIn(parsed.data, index) : []
  })
}

function findingsIn(rule: ConductorRule, index: number): readonly Finding[] {
  const { when } = rule
  const fault = when === undefined ? undefined : expressionFault(when, 'condition', NO_KEYS)
  if (when !== undefined && fault?.kind === 'syntax') return [badCondition(index, when, fault)]
  const moment = momentFinding(rule, index)
  if (moment !== undefined) return [moment]
  const planned = plannedRule(rule, index + 1, OPEN)
  if (planned.ok) return []
  const path = ['conductor', 'rules', index, 'do']
  const { word, expected, nearest: meant } = planned.error
  const found = word === '' ? valueText(rule.do) : JSON.stringify(word)
  const nearest = meant === undefined ? {} : { meant: { word, candidates: [meant] } }
  return [{ kind: 'bad_value', path, at: 'value', found, expected, ...nearest }]
}

/** A rule applies before a turn or after one. */
function momentFinding({ before, after }: ConductorRule, index: number): Finding | undefined {
  const path = ['conductor', 'rules', index]
  if (before === undefined && after === undefined)
    return { kind: 'missing_key', path: [...path, 'before'], at: 'table', expected: 'either before or after' }
  if (before === undefined || after === undefined) return undefined
  const expected = 'either before or after, and not both,'
  return { kind: 'bad_value', path: [...path, 'after'], at: 'value', found: valueText(after), expected }
}

function badCondition(index: number, text: string, { detail, from, to }: ExpressionFault): Finding {
  const path = ['conductor', 'rules', index, 'when']
  const part = { text, from, to }
  return { kind: 'bad_expression', path, at: 'value', found: detail, expected: 'a condition in CEL', part }
}
