import { plannedRule } from '#domain/conductor/rule.ts'
import { ConductorRule } from '#domain/definition/conductor-rule.ts'
import { type Finding, valueAt } from './config-finding.ts'
import { valueText } from './config-phrases.ts'

/** Steps and roles are known only where all files come together: here every name will do. */
const OPEN = { nodes: [], isOpen: true } as const

/** What is wrong between the keys of the Conductor's rules, and with the words of their commands. */
export function ruleFindings(value: unknown): readonly Finding[] {
  const rules = valueAt(value, ['conductor', 'rules'])
  if (!Array.isArray(rules)) return []
  return rules.flatMap((rule, index): readonly Finding[] => {
    const parsed = ConductorRule.safeParse(rule)
    const planned = parsed.success ? plannedRule(parsed.data, index + 1, OPEN) : undefined
    if (planned === undefined || planned.ok) return []
    const path = ['conductor', 'rules', index, 'do']
    const { word, expected, nearest: meant } = planned.error
    const found = word === '' ? valueText(valueAt(rule, ['do'])) : JSON.stringify(word)
    const nearest = meant === undefined ? {} : { meant: { word, candidates: [meant] } }
    return [{ kind: 'bad_value', path, at: 'value', found, expected, ...nearest }]
  })
}
