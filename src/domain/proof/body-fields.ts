import type { StoredEvent } from './chain.ts'

/** What stands in an event's body by name. Nobody has looked at it yet: it may be anything, or nothing. */
export function bodyFields({ body }: StoredEvent): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
