import { onOneLine, printable } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { ConfigProblem } from '#domain/definition/config-problem.ts'
import { didYouMean, quoted } from './text.ts'

/** How much of a long source line is shown, in characters. */
const WINDOW = 100
/** How much of it is shown before the place, at most. */
const BEFORE = 60

/** A place in the file, its line, and a caret line with what is wrong there. */
export function problemLines(problem: ConfigProblem, path: string): readonly string[] {
  const number = String(problem.line)
  const { shown, indent, width } = caretView(problem)
  const caret = `${' '.repeat(indent)}${'^'.repeat(width)}`
  return [
    `  ${path}:${problem.line}:${problem.column}`,
    `  ${number} | ${shown}`.trimEnd(),
    `  ${' '.repeat(number.length)} | ${caret} ${problemText(problem)}`,
  ]
}

interface CaretView {
  readonly shown: string
  /** In columns of the terminal, as `width`. */
  readonly indent: number
  readonly width: number
}

/** The source line cut to a window around the place, and where the caret stands below it. */
function caretView({ source, column, width }: ConfigProblem): CaretView {
  const at = Math.min(column - 1, source.length)
  const start = at + Math.min(width, WINDOW - BEFORE) <= WINDOW ? 0 : at - BEFORE
  const end = Math.min(source.length, start + WINDOW)
  const lead = start > 0 ? '…' : ''
  const tail = end < source.length ? '…' : ''
  const marked = source.slice(at, Math.min(at + width, end))
  return {
    shown: `${lead}${lineText(source.slice(start, end))}${tail}`,
    indent: Bun.stringWidth(`${lead}${lineText(source.slice(start, at))}`),
    width: Math.max(1, Bun.stringWidth(lineText(marked))),
  }
}

/** A tab would be as wide as the terminal likes, so it becomes one space. */
function lineText(text: string): string {
  return printable(text).replaceAll('\t', ' ')
}

/** What is wrong at a place, in words. */
export function problemText(problem: Omit<ConfigProblem, 'line' | 'column' | 'width' | 'source'>): string {
  const { kind, found = '', expected = '', nearest } = problem
  const noun = nounOf(problem.key)
  const known = expected === '' ? '; none are known here' : `; known here: ${onOneLine(expected)}`
  switch (kind) {
    case 'syntax':
      return `not valid TOML: ${onOneLine(found)}`
    case 'not_json':
      return `not valid JSON: ${onOneLine(found)}`
    case 'unknown_key':
      return `unknown key ${place(problem)}${nearest === undefined ? known : didYouMean(nearest)}`
    case 'wrong_type':
      return `${onOneLine(expected)} is expected, this is ${onOneLine(found)}`
    case 'bad_value':
      return `${onOneLine(expected)} is expected, this is ${onOneLine(found)}${didYouMean(nearest)}`
    case 'missing_key':
      return `${quoted(keyOf(problem))} is missing ${place(problem)}; ${onOneLine(expected)} is expected`
    case 'bad_name':
      return `${onOneLine(found)} is no name; expected is ${onOneLine(expected)}`
    case 'name_clash':
      return `differs from ${onOneLine(found)} in letter case only, and names become file names`
    case 'unknown_need':
      return `no ${noun} ${onOneLine(found)} is ${noun === 'node' ? 'there' : 'configured'}${didYouMean(nearest)}`
    case 'cycle':
      return `these ${noun}s need each other in a circle: ${onOneLine(found)}`
    case 'two_writers':
      return `${onOneLine(found)} would write ${quoted(expected)} side by side`
    case 'duplicate':
      return `another ${noun} is called ${onOneLine(found)} already`
    case 'bad_expression':
      return `${onOneLine(expected)} is expected: ${onOneLine(found)}`
    case 'not_here':
      return `${quoted(keyOf(problem))} concerns the runs of every project, so it stands in your own configuration only`
    default:
      return unreachable(kind)
  }
}

function nounOf(key: string): string {
  if (key.startsWith('tasks.')) return 'task'
  if (!/^(?:orchestrations|nodes|steps|agents)\b/.test(key)) return 'job'
  return key.endsWith('.with.orchestration') ? 'orchestration' : 'node'
}

function place({ table }: Pick<ConfigProblem, 'table'>): string {
  return table === ''
    ? 'at the top of the file'
    : `in [${onOneLine(table.length > 80 ? `${table.slice(0, 79)}…` : table)}]`
}

function keyOf({ key, table }: Pick<ConfigProblem, 'key' | 'table'>): string {
  return table === '' ? key : key.slice(table.length + 1)
}
