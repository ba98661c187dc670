import type { SHELLS } from './commands/program.ts'
import bash from './completions/orchastration.bash' with { type: 'text' }
import fish from './completions/orchastration.fish' with { type: 'text' }
import powershell from './completions/orchastration.ps1' with { type: 'text' }
import zsh from './completions/orchastration.zsh' with { type: 'text' }

export type Shell = (typeof SHELLS)[number]

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell }

/**
 * A shell's completion script. It knows no command: it hands the line to `orchastration complete`, which answers from
 * the table of commands, so that a script is never older than the program beside it.
 */
export function completionScript(shell: Shell): string {
  return scripts[shell]
}
