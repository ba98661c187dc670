import { nearest } from '#base/text.ts'
import type { ConfigProblem } from '#domain/definition/config-problem.ts'
import type { FailureOf } from '#domain/failure.ts'
import { type Finding, keyText, type Path } from './config-finding.ts'
import { linesOf, sourceLine } from './source-line.ts'
import { type Places, placesOf, type Span } from './toml-places.ts'

const MOST_PROBLEMS = 100

type Located = Pick<FailureOf<'config_invalid'>, 'problems' | 'more'>

/** Gives each finding its line and column, in the order of the file. Loaded only where there are findings. */
export function locate(text: string, findings: readonly Finding[], read: () => Places = () => placesOf(text)): Located {
  const lines = linesOf(text)
  const places = readPlaces(read)
  const placed = findings.map((finding) => ({ finding, span: partOf(finding, spanOf(finding, places), lines) }))
  placed.sort(
    ({ span: { start: left } }, { span: { start: right } }) => left.line - right.line || left.column - right.column,
  )
  const problems = placed.slice(0, MOST_PROBLEMS).map(({ finding, span }) => problemOf(finding, span, lines))
  return { problems, ...(placed.length > problems.length && { more: placed.length - problems.length }) }
}

/** Two parsers read the file; should they ever disagree, the mistake is still told, without its place. */
function readPlaces(read: () => Places): Places | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function spanOf({ path, at }: Finding, places: Places | undefined): Span {
  if (places === undefined) return BEGINNING
  const own = at === 'table' ? undefined : at === 'key' ? places.key(path) : places.value(path)
  return own ?? ownerSpan(at === 'table' ? path.slice(0, -1) : path, places)
}

/** The part of a text that is meant, where the text stands in the file as it is: on one line, and without escapes. */
function partOf({ part }: Finding, span: Span, lines: readonly string[]): Span {
  const { start, end } = span
  if (part === undefined || start.line !== end.line) return span
  const line = start.line
  const written = sourceLine(lines, line).slice(start.column, end.column)
  const offset = written.indexOf(part.text)
  if (offset < 1 || written.length !== part.text.length + 2 * offset) return span
  const column = (at: number) => start.column + offset + Math.min(at, part.text.length)
  return { start: { line, column: column(part.from) }, end: { line, column: column(part.to) } }
}

const BEGINNING: Span = { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }

/** What has no place of its own, such as a table made by its own subtables, is shown at what holds it. */
function ownerSpan(path: Path, places: Places): Span {
  for (let length = path.length; length > 0; length--) {
    const owner = path.slice(0, length)
    const span = places.header(owner) ?? places.key(owner) ?? places.value(owner)
    if (span !== undefined) return span
  }
  return BEGINNING
}

function problemOf(finding: Finding, { start, end }: Span, lines: readonly string[]): ConfigProblem {
  const { kind, path, found, expected, meant } = finding
  const source = sourceLine(lines, start.line)
  const suggestion = meant && nearest(meant.word.slice(0, 100), meant.candidates)
  return {
    kind,
    line: start.line,
    column: start.column + 1,
    width: Math.max(1, (end.line === start.line ? end.column : source.length) - start.column),
    source,
    key: keyText(path),
    table: keyText(path.slice(0, -1)),
    ...(found !== undefined && { found }),
    ...(expected !== undefined && { expected }),
    ...(suggestion !== undefined && { nearest: suggestion }),
  }
}
