import { parse, TomlError } from 'smol-toml'
import { err, ok, type Result } from '#base/result.ts'
import type { ConfigProblem } from '#domain/definition/config-problem.ts'
import { linesOf, sourceLine } from './source-line.ts'

/** The value of a TOML text, or the first place where it is none; the parser goes no further. */
export function parseToml(text: string): Result<unknown, ConfigProblem> {
  try {
    return ok(parse(text, { integersAsBigInt: 'asNeeded' }))
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    return err(syntaxProblem(text, { line: error.line, column: error.column, found: reasonOf(error.message) }))
  }
}

export interface SyntaxPlace {
  readonly line: number
  readonly column: number
  readonly found: string
}

/** A problem of the text itself, where no key is known yet. */
export function syntaxProblem(text: string, { line, column, found }: SyntaxPlace): ConfigProblem {
  const source = sourceLine(linesOf(text), line)
  return { kind: 'syntax', line, column, width: 1, source, key: '', table: '', found }
}

/** The parser's own sentence, without its introduction and its drawing. */
function reasonOf(message: string): string {
  const sentence = (message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '')
  return sentence.startsWith('trying to redefine') ? 'this key or table is defined before' : sentence
}
