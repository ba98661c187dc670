import { Environment } from '@marcbachmann/cel-js'
import type { KeyType, KnownKeys } from '../context/key-types.ts'
import { LIMITS } from './condition.ts'

/** What is wrong with an expression, and which part of its text. */
export interface ExpressionFault {
  readonly kind: 'syntax' | 'unknown_key' | 'type'
  /** In the words of the language. */
  readonly detail: string
  readonly from: number
  readonly to: number
}

/** What an expression must come to. */
export type Wanted = 'condition' | 'list'

/**
 * What is wrong with an expression over a context that may hold these keys; undefined where nothing is. No value is
 * needed: an expression that passes can only fail where a key was not written or a value of a free key is of another type.
 */
export function expressionFault(text: string, wanted: Wanted, keys: KnownKeys): ExpressionFault | undefined {
  const checked = environmentOf(keys).check(text)
  if (checked.error !== undefined) {
    const { summary: detail, code, range, name } = checked.error
    const at = { from: range?.start ?? 0, to: Math.max(range?.end ?? 0, (range?.start ?? 0) + 1) }
    if (name === 'ParseError') return { kind: 'syntax', detail, ...at }
    return { kind: code === 'unknown_variable' || code === 'no_such_key' ? 'unknown_key' : 'type', detail, ...at }
  }
  const type = String(checked.type)
  const fits = type === 'dyn' || (wanted === 'list' ? type.startsWith('list') : type === 'bool')
  return fits ? undefined : { kind: 'type', detail: `it gives ${articled(type)}`, from: 0, to: text.length }
}

function articled(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

/** A variable with fields, by the first word of its keys. */
interface Branch {
  type: KeyType | undefined
  readonly fields: Map<string, Branch>
}

function environmentOf(keys: KnownKeys): Environment {
  const environment = new Environment(LIMITS)
  for (const [name, branch] of treeOf(keys).fields) {
    try {
      const schema = schemaOf(branch)
      if (typeof schema === 'string') environment.registerVariable(name, schema)
      else environment.registerVariable({ name, schema })
    } catch {
      // A key that begins with a word of the language, such as `in`, cannot be named in it.
    }
  }
  return environment
}

function treeOf(keys: KnownKeys): Branch {
  const root: Branch = { type: undefined, fields: new Map() }
  for (const [key, type] of keys) {
    let at = root
    for (const part of key.split('.')) {
      const next: Branch = at.fields.get(part) ?? { type: undefined, fields: new Map() }
      at.fields.set(part, next)
      at = next
    }
    at.type = type
  }
  return root
}

type Schema = KeyType | { readonly [field: string]: Schema }

/** A key that is a value of its own and the beginning of others may hold anything. */
function schemaOf({ type, fields }: Branch): Schema {
  if (fields.size === 0) return type ?? 'dyn'
  if (type !== undefined) return 'dyn'
  return Object.fromEntries([...fields].map(([name, branch]) => [name, schemaOf(branch)]))
}
