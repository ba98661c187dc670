import { wrap } from '#base/text.ts'
import type { ArgumentSpec, CommandSpec, OptionSpec } from './command-spec.ts'
import { commands, globalOptions } from './command-table.ts'
import { argumentText, optionText, valueText } from './spec-texts.ts'

const USUAL_COLUMNS = 80
const LEAST_COLUMNS = 20
/** With less room beside it, what is said of a word stands below it. */
const BESIDE = 24

/**
 * Help for a command, for the commands that begin with a word, or for all, in at most 80 columns, or as many as the
 * terminal has; 0 where nobody knows. What is to be typed is never broken.
 */
export function helpText(command?: string, columns = 0): string {
  const width = columns === 0 ? USUAL_COLUMNS : Math.max(LEAST_COLUMNS, Math.min(USUAL_COLUMNS, columns))
  const rows: LayRows = (pairs) => laidRows(pairs, width)
  const spec = commands.find(({ name }) => name === command)
  const group = commands.filter(({ name }) => name.startsWith(`${command} `))
  const blocks =
    spec !== undefined
      ? commandHelp(spec, rows)
      : group.length > 0
        ? groupHelp(command ?? '', group, rows)
        : rootHelp(rows)
  return page(
    blocks.filter((block) => block.length > 0).map(([title = '', ...lines]) => [...wrap(title, width), ...lines]),
  )
}

type LayRows = (pairs: readonly Row[]) => readonly string[]
type Blocks = readonly (readonly string[])[]

function rootHelp(rows: LayRows): Blocks {
  return [
    ['orchastration: durable, provable runs of jobs, agents and decisions'],
    section('usage', ['orchastration [options] <command> [arguments]']),
    section('commands', rows(commands.map(commandRow))),
    section('options', rows(globalOptions.map(optionRow))),
    section('examples', ['orchastration run test', 'orchastration runs list --limit 5', 'orchastration verify']),
    ['more on a command: orchastration <command> --help'],
  ]
}

function groupHelp(word: string, group: readonly CommandSpec[], rows: LayRows): Blocks {
  return [
    section('usage', [`orchastration ${word} <command> [arguments]`]),
    section('commands', rows(group.map(commandRow))),
    section('options of every command', rows(globalOptions.map(optionRow))),
    section(
      'examples',
      group.flatMap(({ examples }) => examples.slice(0, 1)),
    ),
    [`more on a command: orchastration ${word} <command> --help`],
  ]
}

function commandHelp(spec: CommandSpec, rows: LayRows): Blocks {
  const { name, summary, arguments: words, rest, options, examples } = spec
  return [
    [`orchastration ${name}: ${summary}`],
    section('usage', [`orchastration ${usageOf(spec)}${options.length > 0 ? ' [options]' : ''}`]),
    section('arguments', rows([...words.map(argumentRow), ...(rest === undefined ? [] : [['-- ...', rest] as const])])),
    section('options', rows(options.map(optionRow))),
    section('options of every command', rows(globalOptions.map(optionRow))),
    section('examples', examples),
  ]
}

type Row = readonly [left: string, right: string]

function commandRow(spec: CommandSpec): Row {
  return [usageOf(spec), spec.summary]
}

function argumentRow(spec: ArgumentSpec): Row {
  return [argumentText(spec), spec.summary]
}

function usageOf({ name, arguments: words, rest }: CommandSpec): string {
  return [name, ...words.map(argumentText), ...(rest === undefined ? [] : ['[-- ...]'])].join(' ')
}

function optionRow(spec: OptionSpec): Row {
  const letter = spec.short === undefined ? '    ' : `-${spec.short}, `
  return [`${letter}--${spec.flag} ${valueText(spec)}`.trimEnd(), optionText(spec)]
}

/** Two columns, and what does not fit beside the first goes on below it; one above the other where there is no room. */
function laidRows(pairs: readonly Row[], columns: number): readonly string[] {
  const width = Math.max(0, ...pairs.map(([left]) => left.length))
  const beside = columns - 2 - width - 2
  if (beside < BESIDE) {
    return pairs.flatMap(([left, right]) => [
      left.trimStart(),
      ...wrap(right, columns - 6).map((line) => `    ${line}`),
    ])
  }
  return pairs.flatMap(([left, right]) => {
    const [first = '', ...others] = wrap(right, beside)
    return [`${left.padEnd(width)}  ${first}`, ...others.map((line) => `${' '.repeat(width)}  ${line}`)]
  })
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)]
}

function page(blocks: Blocks): string {
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}
