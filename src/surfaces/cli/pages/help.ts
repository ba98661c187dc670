import type { OptionSpec } from '../command-spec.ts'
import { commands, globalOptions } from '../command-table.ts'

/** `--help --json`: the table of commands, as far as it was asked for. */
export function helpDocument(command?: string): Readonly<Record<string, unknown>> {
  const asked = commands.filter(
    ({ name }) => command === undefined || name === command || name.startsWith(`${command} `),
  )
  return {
    commands: asked.map((spec) => ({ ...spec, options: spec.options.map(optionDocument) })),
    options: globalOptions.map(optionDocument),
  }
}

function optionDocument({ valueWhen, ...rest }: OptionSpec): object {
  return valueWhen === undefined ? rest : { ...rest, value_when: valueWhen.source }
}
