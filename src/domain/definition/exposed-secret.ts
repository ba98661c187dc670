import type { Json } from '#base/json.ts'
import type { Mask } from '#base/masker.ts'

/** The path of the first text in which the mask finds something to hide, names of keys included. */
export function exposedAt(value: Json | undefined, mask: Mask, path = ''): string | undefined {
  if (typeof value === 'string') return mask.text(value) === value ? undefined : path
  if (Array.isArray(value)) {
    // Words of a command count as one: people know them by the key.
    return value.map((item) => exposedAt(item, mask, path)).find((found) => found !== undefined)
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`
    if (mask.text(key) !== key) return path
    const found = exposedAt(item, mask, at)
    if (found !== undefined) return found
  }
  return undefined
}
