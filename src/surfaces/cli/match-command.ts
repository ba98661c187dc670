import type { CommandSpec } from './command-spec.ts'
import { commands } from './command-table.ts'

export interface CommandMatch {
  readonly command: CommandSpec | undefined
  /** The words after the command's name. */
  readonly rest: readonly string[]
}

/**
 * Finds the command that the first words name. cac matches one word only, so up to three are handed to it as one argument;
 * nothing else is, since it would rewrite what looks like a number. It is loaded here, for a command and not before.
 */
export async function matchCommand(words: readonly string[]): Promise<CommandMatch> {
  const { cac } = await import('cac')
  for (const length of [3, 2, 1]) {
    const name = words.slice(0, length).join(' ')
    const parser = cac('orchastration')
    for (const { name: known } of commands) parser.command(known)
    parser.parse(['', '', name], { run: false })
    const command = commands.find((each) => each.name === parser.matchedCommandName)
    if (command !== undefined && words.length >= length)
      return { command, rest: words.slice(command.name.split(' ').length) }
  }
  return { command: undefined, rest: words }
}
