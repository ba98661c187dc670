import type { Json } from '#base/json.ts'
import { type ContextWrites, grows, isList } from './orch-context.ts'

/** What a step has written in several rounds: a later round counts over an earlier one, but for lists that grow. */
export function mergedWrites(before: ContextWrites, writes: ContextWrites): ContextWrites {
  const merged: Record<string, Json> = { ...before }
  for (const [key, value] of Object.entries(writes)) {
    const known = merged[key]
    merged[key] = grows(key) && Array.isArray(known) && Array.isArray(value) ? union(known, value) : value
  }
  return merged
}

/** What a step has written for several items, in their order: lists come together, of anything else a list is made. */
export function writesOfItems(items: readonly ContextWrites[]): ContextWrites {
  const merged: Record<string, Json[]> = {}
  for (const writes of items) {
    for (const [key, value] of Object.entries(writes)) {
      const list = merged[key] ?? []
      merged[key] = list
      if (isList(key) && Array.isArray(value)) list.push(...(value as readonly Json[]))
      else list.push(value)
    }
  }
  return merged
}

function union(before: readonly Json[], after: readonly Json[]): readonly Json[] {
  const seen = new Set<Json>(before)
  return [...before, ...after.filter((item) => typeof item !== 'string' || !seen.has(item))]
}
