import { err, ok, type Result } from '#base/result.ts'

/** So many alternatives has one pattern at most: a few braces in a row multiply. */
const MOST_ALTERNATIVES = 1000

/** `a{b,c}d` as `abd` and `acd`, braces within braces too. Braces without a comma in them stand for themselves. */
export function expandBraces(text: string): Result<readonly string[], string> {
  const done: string[] = []
  const open = [text]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = firstBraces(next)
    if (braces === 'unclosed') return err('unclosed {')
    if (braces === undefined) done.push(next)
    else {
      const { before, choices, after } = braces
      for (const choice of choices.toReversed()) open.push(before + choice + after)
    }
    if (done.length + open.length > MOST_ALTERNATIVES) return err('too many alternatives')
  }
  return ok(done)
}

interface Braces {
  readonly before: string
  readonly choices: readonly string[]
  readonly after: string
}

/** The first braces from the left that hold a comma of their own. */
function firstBraces(text: string): Braces | 'unclosed' | undefined {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') {
      const commas = commasUntilEnd(text, at)
      if (commas === undefined) return 'unclosed'
      const { end, places } = commas
      if (places.length === 0) continue
      const edges = [at, ...places, end]
      const choices = edges.slice(1).map((edge, index) => text.slice((edges[index] ?? 0) + 1, edge))
      return { before: text.slice(0, at), choices, after: text.slice(end + 1) }
    }
  }
  return undefined
}

function commasUntilEnd(
  text: string,
  start: number,
): { readonly end: number; readonly places: readonly number[] } | undefined {
  const places: number[] = []
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at += 1
    else if (character === '{') depth += 1
    else if (character === ',' && depth === 1) places.push(at)
    else if (character === '}') {
      depth -= 1
      if (depth === 0) return { end: at, places }
    }
  }
  return undefined
}
