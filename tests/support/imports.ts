/** One place in a source text that names, or tries to name, another module. */
export interface ImportSite {
  readonly text: string
  /** `undefined` where the name is computed, so that nobody can judge it. */
  readonly specifier: string | undefined
}

// Strings are matched only to be kept: what looks like a comment inside one is none.
const STRING_OR_COMMENT =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|(?<![\\[/])\/\/[^\n]*|\/\*[\s\S]*?\*\//g
const NAMED = /(?:^|[;}\n])\s*(?:import|export)\b[\w$*\s{},]*?\bfrom\s*(['"])([^'"\n]+)\1/g
const BARE = /(?:^|[;}\n])\s*import\s*(['"])([^'"\n]+)\1/g
const CALLED = /\b(?:import|require)\s*\(\s*(?:(['"`])([^'"`\n]*)\1\s*[,)])?/g

export function withoutComments(source: string): string {
  return source.replace(STRING_OR_COMMENT, (match, literal: string | undefined) => (literal ? match : ' '))
}

/** Every `from '…'`, `import '…'`, `import('…')` and `require('…')`, of types and values alike. */
export function importsOf(code: string): ImportSite[] {
  return [NAMED, BARE, CALLED].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([text, , specifier]) => ({
      text: text.trim(),
      specifier: specifier?.includes('${') ? undefined : specifier,
    })),
  )
}
