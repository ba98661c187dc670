/** What is wrong in a file of a flow though each key by itself is right. Its place is the path of a key or a value. */
export interface FlowFault {
  readonly kind: 'unknown_key' | 'missing_key' | 'bad_value'
  readonly path: readonly (string | number)[]
  /** What to point at: the key, its value, or what holds a missing one. */
  readonly at: 'key' | 'value' | 'table'
  readonly found?: string
  readonly expected?: string
  readonly meant?: { readonly word: string; readonly candidates: readonly string[] }
}

type Table = Readonly<Record<string, unknown>>

/** Of several keys for one thing exactly one is to be there. */
export function exactlyOne(table: Table, keys: readonly string[], path: FlowFault['path'] = []): readonly FlowFault[] {
  const there = keys.filter((key) => table[key] !== undefined)
  const [first = '', ...others] = there.length === 0 ? keys : there
  if (there.length === 0) {
    const expected = others.length === 0 ? 'it' : `it, or ${others.map((key) => `"${key}"`).join(' or ')},`
    return [{ kind: 'missing_key', path: [...path, first], at: 'table', expected }]
  }
  return others.map((key): FlowFault => {
    return {
      kind: 'bad_value',
      path: [...path, key],
      at: 'key',
      expected: `one of ${keys.join(', ')}`,
      found: `more than one, "${first}" stands here, too`,
    }
  })
}

/** Of several keys for one thing at most one is to be there. */
export function atMostOne(table: Table, keys: readonly string[], path: FlowFault['path'] = []): readonly FlowFault[] {
  return keys.some((key) => table[key] !== undefined) ? exactlyOne(table, keys, path) : []
}
