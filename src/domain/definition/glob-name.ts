import { err, ok, type Result } from '#base/result.ts'

/** A part of a pattern for one name: a character that means itself, any one, any number of any, or one of a set. */
export type GlobPart = string | { readonly kind: 'one' } | { readonly kind: 'many' } | CharacterSet

interface CharacterSet {
  readonly kind: 'set'
  readonly isNegated: boolean
  /** First and last character of each range. */
  readonly ranges: readonly (readonly [string, string])[]
}

/** What a `\` may stand before; before anything else it is most likely a path as Windows writes it. */
const ESCAPABLE = new Set('*?[]{},!\\')

interface Read {
  readonly part: GlobPart
  /** The last of its characters. */
  readonly end: number
}

/** Reads a pattern for one name. */
export function readGlob(text: string): Result<readonly GlobPart[], string> {
  const characters = [...text]
  const parts: GlobPart[] = []
  for (let at = 0; at < characters.length; at++) {
    const read = readPart(characters, at)
    if (typeof read === 'string') return err(read)
    at = read.end
    // Two stars in a row mean no more than one.
    if (!(isMany(read.part) && isMany(parts.at(-1)))) parts.push(read.part)
  }
  return ok(parts)
}

/** A text says what is wrong. */
function readPart(characters: readonly string[], at: number): Read | string {
  const character = characters[at] ?? ''
  if (character === '*') return { part: { kind: 'many' }, end: at }
  if (character === '?') return { part: { kind: 'one' }, end: at }
  if (character === '[') return readSet(characters, at) ?? 'unclosed ['
  if (character !== '\\') return { part: character, end: at }
  const escaped = characters[at + 1] ?? ''
  return ESCAPABLE.has(escaped) ? { part: escaped, end: at + 1 } : '\\ between names'
}

function isMany(part: GlobPart | undefined): boolean {
  return typeof part === 'object' && part.kind === 'many'
}

/** `[a-z_]`, `[!a]`; a `]` that comes first is one of the set. */
function readSet(characters: readonly string[], start: number): Read | undefined {
  const isNegated = characters[start + 1] === '!' || characters[start + 1] === '^'
  const first = start + (isNegated ? 2 : 1)
  const end = characters.indexOf(']', first + 1)
  if (end < 0) return undefined
  const ranges: [string, string][] = []
  for (let at = first; at < end; at++) {
    const from = characters[at] ?? ''
    const isRange = characters[at + 1] === '-' && at + 2 < end
    ranges.push([from, isRange ? (characters[at + 2] ?? '') : from])
    if (isRange) at += 2
  }
  return { part: { kind: 'set', isNegated, ranges }, end }
}

/** Goes back to the last `*` only, so that no pattern takes long on any name. */
export function matchesGlob(parts: readonly GlobPart[], name: string): boolean {
  // Characters beyond the first 65,536 are two units each.
  const characters = /[\ud800-\udbff]/.test(name) ? [...name] : name
  let part = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < characters.length) {
    const current = parts[part]
    if (isMany(current)) {
      star = part
      starAt = at
      part += 1
    } else if (current !== undefined && matchesOne(current, characters[at] ?? '')) {
      part += 1
      at += 1
    } else if (star >= 0) {
      starAt += 1
      at = starAt
      part = star + 1
    } else return false
  }
  return parts.slice(part).every(isMany)
}

function matchesOne(part: GlobPart, character: string): boolean {
  if (typeof part === 'string') return part === character
  if (part.kind !== 'set') return true
  return part.isNegated !== part.ranges.some(([from, to]) => from <= character && character <= to)
}
