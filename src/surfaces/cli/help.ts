import { wrap } from '#base/text.ts'
import { type ArgumentSpec, type CommandSpec, commands, globalOptions, type OptionSpec } from './command-table.ts'

const WIDTH = 80

/** Help for a command, for the commands that begin with a word, or for all; lines of at most 80 columns. */
export function helpText(command?: string): string {
  const spec = commands.find(({ name }) => name === command)
  if (spec !== undefined) return commandHelp(spec)
  const group = commands.filter(({ name }) => name.startsWith(`${command} `))
  return group.length > 0 ? groupHelp(command ?? '', group) : rootHelp()
}

function rootHelp(): string {
  return page(
    ['orchastration: durable, provable runs of jobs, agents and decisions'],
    section('usage', ['orchastration [options] <command> [arguments]']),
    section('commands', rows(commands.map(commandRow))),
    section('options', rows(globalOptions.map(optionRow))),
    section('examples', ['orchastration run test', 'orchastration runs list --limit 5', 'orchastration verify']),
    ['more on a command: orchastration <command> --help'],
  )
}

function groupHelp(word: string, group: readonly CommandSpec[]): string {
  return page(
    section('usage', [`orchastration ${word} <command> [arguments]`]),
    section('commands', rows(group.map(commandRow))),
    [`more on a command: orchastration ${word} <command> --help`],
  )
}

function commandHelp(spec: CommandSpec): string {
  const { name, summary, arguments: words, options, examples } = spec
  return page(
    [`orchastration ${name}: ${summary}`],
    section('usage', [`orchastration ${usageOf(spec)}${options.length > 0 ? ' [options]' : ''}`]),
    section('arguments', rows(words.map((word) => [argumentText(word), word.summary]))),
    section('options', rows(options.map(optionRow))),
    section('options of every command', rows(globalOptions.map(optionRow))),
    section('examples', examples),
  )
}

type Row = readonly [left: string, right: string]

function commandRow(spec: CommandSpec): Row {
  return [usageOf(spec), spec.summary]
}

function usageOf({ name, arguments: words, rest }: CommandSpec): string {
  return [name, ...words.map(argumentText), ...(rest === undefined ? [] : ['[-- ...]'])].join(' ')
}

function argumentText({ name, required, variadic }: ArgumentSpec): string {
  const text = `${name}${variadic ? '...' : ''}`
  return required ? `<${text}>` : `[${text}]`
}

function optionRow({ flag, short, value, valueWhen, choices, summary, repeatable }: OptionSpec): Row {
  const left = `${short === undefined ? '    ' : `-${short}, `}--${flag}${value === undefined ? '' : valueWhen === undefined ? ` ${value}` : ` [${value}]`}`
  const values = Array.isArray(choices) && flag !== 'color' ? `: ${choices.join(', ')}` : ''
  return [left, `${summary}${values}${repeatable ? '; may be repeated' : ''}`]
}

/** Two columns; what does not fit beside the first goes on below it. */
function rows(pairs: readonly Row[]): readonly string[] {
  const width = Math.max(0, ...pairs.map(([left]) => left.length))
  return pairs.flatMap(([left, right]) => {
    const [first = '', ...others] = wrap(right, WIDTH - 2 - width - 2)
    return [`${left.padEnd(width)}  ${first}`, ...others.map((line) => `${' '.repeat(width)}  ${line}`)]
  })
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)]
}

function page(...blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}
