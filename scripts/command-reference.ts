import type { ArgumentSpec, CommandSpec, OptionSpec } from '#surfaces/cli/command-spec.ts'
import { commands, globalOptions } from '#surfaces/cli/command-table.ts'
import { exitCodes, type ManualRow, variables } from '#surfaces/cli/manual.ts'
import { argumentText, optionText, valueText } from '#surfaces/cli/spec-texts.ts'

/** The part of USAGE.md that is made from the table of commands. */
export function commandReference(): string {
  return [
    'Options may stand before and after the name of a command; `--` ends them. These belong to every command:',
    table(['option', 'meaning'], globalOptions.map(optionRow)),
    ...commands.map(commandText),
    '### Exit codes',
    exitCodeTable(),
    '### Environment',
    table(
      ['variable', 'meaning'],
      variables.map(([name, meaning]) => [name.split(', ').map(code).join(', '), meaning]),
    ),
  ].join('\n\n')
}

/** One table for README, USAGE and the manual page. */
export function exitCodeTable(): string {
  return table(['code', 'meaning'], exitCodes)
}

function commandText(spec: CommandSpec): string {
  const { name, summary, arguments: words, options, rest, examples } = spec
  const behind: readonly ManualRow[] = rest === undefined ? [] : [[code('-- argument...'), rest]]
  const rows = [...words.map(argumentRow), ...behind, ...options.map(optionRow)]
  return [
    `### ${name}`,
    `\`orchastration ${[name, ...words.map(argumentText)].join(' ')}\`: ${summary}.`,
    ...(rows.length === 0 ? [] : [table(['argument or option', 'meaning'], rows)]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n')
}

function argumentRow(spec: ArgumentSpec): ManualRow {
  return [code(argumentText(spec)), spec.summary]
}

function optionRow(spec: OptionSpec): ManualRow {
  const { flag, short } = spec
  const names = [...(short === undefined ? [] : [`-${short}`]), `--${flag} ${valueText(spec)}`.trimEnd()]
  return [names.map(code).join(', '), optionText(spec)]
}

function table(head: ManualRow, rows: readonly ManualRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), '|---|---|', ...rows.map(line)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
