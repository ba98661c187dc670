import { err, ok, type Result } from '#base/result.ts'
import { expandBraces } from './braces.ts'
import { type GlobPart, matchesGlob, readGlob } from './glob-name.ts'

/**
 * A pattern for paths, `/` between names on every platform: `*` and `?` within a name, `[a-z]`, `{a,b}`, `**` for any
 * number of names, a leading `!` for what is left out, `\` before a character that means itself. A path without any
 * of these names a file, or a directory and all below it; so does a pattern that ends in `/`.
 */
export interface FilePattern {
  /** As it was written. */
  readonly source: string
  readonly isExcluded: boolean
  /** Whether it is a path: then something must be there. */
  readonly isPath: boolean
  /** The names in front that are no patterns; the first one of an absolute path is its root. */
  readonly base: readonly string[]
  /** What follows; nothing where the whole pattern is one path. */
  readonly rest: readonly PatternName[]
}

export type PatternName =
  | { readonly kind: 'any_depth' }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'glob'; readonly parts: readonly GlobPart[] }

/** What a written pattern stands for: several where it has alternatives in braces. An error says what is wrong. */
export function readPattern(source: string): Result<readonly FilePattern[], string> {
  const isExcluded = source.startsWith('!')
  const expanded = expandBraces(isExcluded ? source.slice(1) : source)
  if (!expanded.ok) return expanded
  const patterns: FilePattern[] = []
  for (const text of expanded.value) {
    const read = readAlternative(text)
    if (!read.ok) return read
    const isPath = read.value.rest.length === 0 && expanded.value.length === 1
    patterns.push({ source, isExcluded, isPath, ...read.value })
  }
  return ok(patterns)
}

/** Whether a name of a path fits. */
export function fits(name: PatternName, text: string): boolean {
  if (name.kind === 'name') return name.text === text
  return name.kind === 'any_depth' || matchesGlob(name.parts, text)
}

function readAlternative(text: string): Result<Pick<FilePattern, 'base' | 'rest'>, string> {
  if (text === '') return err('empty')
  const root = /^(?:[A-Za-z]:)?\//.exec(text)?.[0] ?? ''
  const names: PatternName[] = []
  for (const part of text.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue
    const name = readName(part)
    if (!name.ok) return name
    names.push(name.value)
  }
  if (text.endsWith('/') && names.length > 0) names.push({ kind: 'any_depth' })
  const first = names.findIndex(({ kind }) => kind !== 'name')
  const base = first < 0 ? names : names.slice(0, first)
  const literal = base.flatMap((name) => (name.kind === 'name' ? [name.text] : []))
  return ok({ base: root === '' ? literal : [root, ...literal], rest: first < 0 ? [] : names.slice(first) })
}

function readName(text: string): Result<PatternName, string> {
  if (text === '**') return ok({ kind: 'any_depth' })
  const parts = readGlob(text)
  if (!parts.ok) return parts
  const isPlain = parts.value.every((part) => typeof part === 'string')
  return ok(isPlain ? { kind: 'name', text: parts.value.join('') } : { kind: 'glob', parts: parts.value })
}
