import { type FilePattern, fits, type PatternName, readPattern } from './file-pattern.ts'

/** Whether one of the patterns stands for a path of these names; a later one that excludes takes it out again. */
export function matchesPath(patterns: readonly string[], names: readonly string[]): boolean {
  let isMatched = false
  for (const source of patterns) {
    const read = readPattern(source)
    if (read.ok && read.value.some((pattern) => standsFor(pattern, names))) isMatched = !source.startsWith('!')
  }
  return isMatched
}

/** A pattern that is one path stands for all below it, too. */
function standsFor({ base, rest, isPath }: FilePattern, names: readonly string[]): boolean {
  if (!base.every((name, at) => names[at] === name)) return false
  return isPath || reaches(rest, names.slice(base.length))
}

/** Two marks of any depth in a row mean no more than one, so this is quick for every pattern that people write. */
function reaches(rest: readonly PatternName[], names: readonly string[]): boolean {
  // The places of the pattern that may be reached after so many names.
  let places = closed(new Set([0]), rest)
  for (const text of names) {
    const next = new Set<number>()
    for (const at of places) {
      const name = rest[at]
      if (name === undefined || !fits(name, text)) continue
      next.add(name.kind === 'any_depth' ? at : at + 1)
    }
    places = closed(next, rest)
    if (places.size === 0) return false
  }
  return places.has(rest.length)
}

/** Any depth may be none at all. */
function closed(places: Set<number>, rest: readonly PatternName[]): Set<number> {
  for (const at of places) if (rest[at]?.kind === 'any_depth') places.add(at + 1)
  return places
}
