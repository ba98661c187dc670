import type { ConfigProblem } from '#domain/definition/config-problem.ts'

export type Path = readonly (string | number)[]
export type Table = Readonly<Record<string, unknown>>

/** One mistake of a configuration before its place in the file is known. */
export interface Finding {
  readonly kind: ConfigProblem['kind']
  /** The whole path of the key or value, a missing one included. */
  readonly path: Path
  /** What to point at: the key, its value, or the header of the table in which it is missing. */
  readonly at: 'key' | 'value' | 'table'
  readonly found?: string
  readonly expected?: string
  /** The part of the text there that is meant. */
  readonly part?: { readonly text: string; readonly from: number; readonly to: number }
  /** What the word could have been meant to be; the nearest is looked up only for what is shown. */
  readonly meant?: { readonly word: string; readonly candidates: readonly string[] }
}

/** The path as it stands in a file: `jobs.test.command`, `jobs."a b".needs[0]`. */
export function keyText(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += `${text === '' ? '' : '.'}${/^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part)}`
  }
  return text
}

/** The value at a path, undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[part]
  }, root)
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
