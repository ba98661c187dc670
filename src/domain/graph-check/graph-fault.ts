/** Something wrong with an orchestration, found before it runs. */
export interface GraphFault {
  readonly kind:
    | 'missing_key'
    | 'unknown_key'
    | 'bad_value'
    | 'unknown_need'
    | 'cycle'
    | 'two_writers'
    | 'duplicate'
    | 'bad_expression'
  /** Where it stands, within the orchestration. */
  readonly path: Path
  /** What to point at there: the key, its value, or the table in which it is missing. */
  readonly at: 'key' | 'value' | 'table'
  readonly found?: string
  readonly expected?: string
  /** What the word could have been meant to be. */
  readonly meant?: { readonly word: string; readonly candidates: readonly string[] }
  /** The part of the text there that is meant. */
  readonly part?: { readonly text: string; readonly from: number; readonly to: number }
}

export type Path = readonly (string | number)[]

/** A word as it could stand in a file, shortened. */
export function worded(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text)
}
