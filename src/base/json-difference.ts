import { canonicalJson, type Json } from './json.ts'

/** The first place at which two values differ. */
export interface JsonDifference {
  /** The keys that lead there, with dots between them; empty where the values themselves differ. */
  readonly at: string
  /** Undefined where there is nothing in that place. */
  readonly first: Json | undefined
  readonly second: Json | undefined
}

/** Where two values differ first, in the order of the first one's keys; undefined where they are the same to JSON. */
export function jsonDifference(first: Json, second: Json, at = ''): JsonDifference | undefined {
  const [left, right] = [entriesOf(first), entriesOf(second)]
  if (left === undefined || right === undefined || Array.isArray(first) !== Array.isArray(second))
    return canonicalJson(first) === canonicalJson(second) ? undefined : { at, first, second }
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const path = at === '' ? key : `${at}.${key}`
    const [was, is] = [left.get(key), right.get(key)]
    if (was === undefined && is === undefined) continue
    if (was === undefined || is === undefined) return { at: path, first: was, second: is }
    const difference = jsonDifference(was, is, path)
    if (difference !== undefined) return difference
  }
  return undefined
}

function entriesOf(value: Json): ReadonlyMap<string, Json | undefined> | undefined {
  return value === null || typeof value !== 'object' ? undefined : new Map(Object.entries(value))
}
