import { fits, type PatternName } from '#domain/definition/file-pattern.ts'

/** How far into a pattern a path has come. */
export interface Progress {
  /** The pattern as it was written. */
  readonly source: string
  readonly names: readonly PatternName[]
  readonly at: number
}

export interface Advanced {
  /** Those that the path matches to its end. */
  readonly matches: readonly Progress[]
  /** Those that something below may match. */
  readonly next: readonly Progress[]
}

/** One name further; `byNameOnly` where wildcards do not count. */
export function advance(before: readonly Progress[], text: string, byNameOnly = false): Advanced {
  const matches: Progress[] = []
  const next: Progress[] = []
  for (const progress of before) {
    const { names } = progress
    for (const { at, isWhole } of stepsOf(progress, text, byNameOnly)) {
      if (isWhole) matches.push(progress)
      const isThere = next.some((other) => other.names === names && other.at === at)
      if (at < names.length && !isThere) next.push({ ...progress, at })
    }
  }
  return { matches, next }
}

interface Step {
  readonly at: number
  /** Whether nothing more of the pattern is needed. */
  readonly isWhole: boolean
}

/** Each `**` that the path stands before takes the name and stays; what follows them may take it, too. */
function stepsOf({ names, at }: Progress, text: string, byNameOnly: boolean): readonly Step[] {
  const steps: Step[] = []
  let end = at
  for (; names[end]?.kind === 'any_depth'; end++) {
    if (!byNameOnly) steps.push({ at: end, isWhole: end === names.length - 1 })
  }
  const name = names[end]
  const isFit = name !== undefined && (name.kind === 'name' || !byNameOnly) && fits(name, text)
  if (isFit) steps.push({ at: end + 1, isWhole: end === names.length - 1 })
  return steps
}

/** A directory that is left out is left out with all below it. */
export function isAllUnwanted({ matches, next }: Advanced): boolean {
  return matches.length > 0 || next.some(({ names, at }) => at === names.length - 1 && names[at]?.kind === 'any_depth')
}
