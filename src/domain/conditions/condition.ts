import { type Context, Environment } from '@marcbachmann/cel-js'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'

/** Of one expression. */
export const LIMITS = { limits: { maxAstNodes: 1000, maxDepth: 50 } }

type Compiled = (context: Context) => unknown

/** Expressions as they are evaluated in a run: each is read once. */
export class Expressions {
  readonly #environment = new Environment({ ...LIMITS, unlistedVariablesAreDyn: true })
  readonly #compiled = new Map<string, Compiled>()
  readonly #tables: readonly string[]

  /** Of these keys, those that are not written can be asked for by `has`. */
  constructor(keys: Iterable<string>) {
    this.#tables = [...new Set([...keys].flatMap((key) => (key.includes('.') ? [key.slice(0, key.indexOf('.'))] : [])))]
  }

  /** Whether the condition holds; fails with why nobody can say. */
  holds(text: string, values: Readonly<Record<string, Json>>): Result<boolean, string> {
    const value = this.#evaluate(text, values)
    if (!value.ok) return value
    return typeof value.value === 'boolean' ? ok(value.value) : err('it gives neither true nor false')
  }

  /** The items that the expression gives. */
  items(text: string, values: Readonly<Record<string, Json>>): Result<readonly Json[], string> {
    const value = this.#evaluate(text, values)
    if (!value.ok) return value
    return Array.isArray(value.value) ? ok(value.value.map(toJson)) : err('it gives no list')
  }

  #evaluate(text: string, values: Readonly<Record<string, Json>>): Result<unknown, string> {
    try {
      const compiled = this.#compiled.get(text) ?? this.#environment.parse(text)
      this.#compiled.set(text, compiled)
      // Of all keys, this one alone has no table in which `has` could look for it.
      return ok(compiled(nested({ goal: '', ...values }, this.#tables)))
    } catch (error) {
      // What the language throws says in its summary what was wrong with the values.
      const { summary } = error as { readonly summary?: unknown }
      return err(typeof summary === 'string' ? summary : String(error))
    }
  }
}

type Nested = { [key: string]: unknown }

/** Values by dotted keys as tables within tables: `review.status` is `status` of `review`. */
function nested(values: Readonly<Record<string, Json>>, tables: readonly string[]): Context {
  const root: Nested = {}
  for (const [key, value] of Object.entries(values)) {
    const parts = key.split('.')
    const last = parts.pop() ?? key
    const table = parts.reduce(tableIn, root)
    const before = Object.hasOwn(table, last) ? table[last] : undefined
    if (!isTable(before) || isTable(value)) table[last] = merged(before, toValue(value))
  }
  for (const name of tables) if (!Object.hasOwn(root, name)) root[name] = {}
  return root
}

/** The table of that name, made where there is none. */
function tableIn(at: Nested, name: string): Nested {
  const known = Object.hasOwn(at, name) ? at[name] : undefined
  const table: Nested = isTable(known) ? known : {}
  at[name] = table
  return table
}

/** A value that is a table of its own and the beginning of other keys holds both. */
function merged(before: unknown, value: unknown): unknown {
  return isTable(before) && isTable(value) ? { ...value, ...before } : value
}

function isTable(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whole numbers are integers in the language, and those are big ones here. */
function toValue(value: Json | undefined): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(toValue)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toValue(each)]))
}

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), toJson(each)]))
  if (isTable(value) && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]))
  return typeof value === 'object' && value !== null ? String(value) : ((value as Json | undefined) ?? null)
}
