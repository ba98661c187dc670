import { err, ok, type Result } from '#base/result.ts'
import type { ConfigProblem } from '#domain/definition/config-problem.ts'
import { syntaxProblem } from './config-syntax.ts'

/** The text of a file in UTF-8, without its byte order mark, or the place of the first byte that is none. */
export function decodeText(bytes: Uint8Array): Result<string, ConfigProblem> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return err(firstWrongByte(new TextDecoder('utf-8').decode(bytes)))
  }
}

/** The decoder puts U+FFFD where it cannot read; one that was in the file already is as good a place to look. */
function firstWrongByte(text: string): ConfigProblem {
  const before = text.slice(0, Math.max(0, text.indexOf('\ufffd')))
  const line = before.split('\n').length
  return syntaxProblem(text, {
    line,
    column: before.length - before.lastIndexOf('\n'),
    found: 'this byte is not UTF-8 text',
  })
}
