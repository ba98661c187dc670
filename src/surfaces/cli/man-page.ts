import { wrap } from '#base/text.ts'
import type { CommandSpec, OptionSpec } from './command-spec.ts'
import { commands, globalOptions } from './command-table.ts'
import { exitCodes, files, type ManualRow, PURPOSE, variables } from './manual.ts'
import { argumentText, optionText, valueText } from './spec-texts.ts'

const SOURCE_COLUMNS = 70

/** The manual page `orchastration(1)` in the man macros of roff, from the table of commands. */
export function manPage({ version, date }: { readonly version: string; readonly date: string }): string {
  return [
    `.TH ORCHASTRATION 1 "${date}" ${quoted(`orchastration ${version}`)} "User Commands"`,
    '.nh',
    '.SH NAME',
    `orchastration \\- ${escaped(PURPOSE)}`,
    '.SH SYNOPSIS',
    ...synopsis(['orchastration'], '[options] <command> [arguments]'),
    '.SH DESCRIPTION',
    ...prose('Jobs are commands of a configuration. Each run of them is recorded in an append-only, signed log:'),
    ...prose('a run that was killed goes on after its last recorded step, and what ran can be proven afterwards.'),
    '.PP',
    ...prose('Options may stand before and after the name of a command; two dashes end them.'),
    ...prose('Answers go to standard output, all else to standard error.'),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH OPTIONS',
    ...prose('Every command takes these.'),
    ...globalOptions.flatMap(optionItem),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(item),
    '.SH ENVIRONMENT',
    ...variables.flatMap(item),
    '.SH FILES',
    ...files.flatMap(item),
    '.PP',
    ...prose('On Windows and macOS they lie elsewhere: USAGE.md lists where.'),
    '.SH EXAMPLES',
    ...commands.flatMap(({ summary, examples }) => example(summary, examples[0])).slice(1),
    '.SH SEE ALSO',
    '.BR make (1),',
    '.BR sh (1)',
    '',
  ].join('\n')
}

function commandSection(spec: CommandSpec): readonly string[] {
  const { name, summary, arguments: words, options, rest, examples } = spec
  const behind = rest === undefined ? [] : ['[-- ...]']
  return [
    `.SS ${quoted(name)}`,
    ...synopsis(['orchastration', ...name.split(' ')], [...words.map(argumentText), ...behind, '[options]'].join(' ')),
    '.PP',
    ...prose(`${capital(summary)}.`),
    ...words.flatMap((word) => item([argumentText(word), word.summary])),
    ...(rest === undefined ? [] : item(['-- ...', rest])),
    ...options.flatMap(optionItem),
    '.PP',
    line(examples.length === 1 ? 'Example:' : 'Examples:'),
    ...literal(examples),
  ]
}

function synopsis(program: readonly string[], rest: string): readonly string[] {
  return [`.B ${escaped(program.join(' '))}`, line(rest)]
}

function optionItem(spec: OptionSpec): readonly string[] {
  const { flag, short } = spec
  const names = [...(short === undefined ? [] : [`-${short}`]), `--${flag}`].map((name) => `\\fB${escaped(name)}\\fR`)
  const value = valueText(spec)
  return ['.TP', `${names.join(', ')}${value === '' ? '' : ` \\fI${escaped(value)}\\fR`}`, ...prose(optionText(spec))]
}

function item([left, right]: ManualRow): readonly string[] {
  return ['.TP', `.B ${escaped(left)}`, ...prose(right)]
}

function example(summary: string, command: string | undefined): readonly string[] {
  return command === undefined ? [] : ['.PP', ...prose(`${capital(summary)}:`), ...literal([command])]
}

function literal(lines: readonly string[]): readonly string[] {
  return ['.PP', '.RS 4', '.nf', ...lines.map(line), '.fi', '.RE']
}

/** Text that is filled, in lines that a person can read in the source, too. */
function prose(text: string): readonly string[] {
  return wrap(text, SOURCE_COLUMNS).map(line)
}

/** A line of text: one that began with a dot or an apostrophe would be a request. */
function line(text: string): string {
  const safe = escaped(text)
  return /^[.']/.test(safe) ? `\\&${safe}` : safe
}

/** As an argument of a macro, spaces included. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\(dq')}"`
}

/** Characters that roff would take for something else, or print as a typographer's: a hyphen is to be copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
