import type { Json } from '#base/json.ts'

/** A directory that something else takes the place of. */
export interface Move {
  readonly from: string
  readonly to: string
}

/** The value with every mention of one of these directories, alone or as the beginning of a path, moved. */
export function rebased<Value extends Json>(value: Value, moves: readonly Move[]): Value {
  const targets = new Map(moves.map(({ from, to }) => [from, to]))
  const longestFirst = [...targets.keys()].toSorted((left, right) => right.length - left.length)
  if (longestFirst.length === 0) return value
  const paths = longestFirst.map((path) => path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const mention = new RegExp(`(?<![A-Za-z0-9_./\\\\-])(?:${paths})(?![A-Za-z0-9_-]|\\.[A-Za-z0-9_])`, 'g')
  const moved = (text: string) => text.replaceAll(mention, (path) => targets.get(path) ?? path)
  // Texts stay texts, so the value keeps its shape.
  return mapTexts(value, moved) as Value
}

function mapTexts(value: Json | undefined, change: (text: string) => string): Json | undefined {
  if (typeof value === 'string') return change(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change) ?? null)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]))
}
