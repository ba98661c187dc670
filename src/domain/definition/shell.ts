import type { Shell } from './job.ts'
import { readShellText } from './shell-text.ts'

/** The shells that hand further arguments to the text they read. */
export const POSIX_SHELLS: ReadonlySet<Shell> = new Set(['sh', 'bash', 'zsh'])

/** The shell that `shell = true` means on this platform. */
export function usualShell(platform: string): Shell {
  return platform === 'win32' ? 'cmd' : 'sh'
}

/**
 * The program and arguments with which a shell reads the text. Further arguments are `$@` there; a text that does not
 * mention them gets them behind its last command. Undefined where the shell cannot take any, or nobody can say where they
 * belong.
 */
export function shellArgv(
  shell: Shell,
  text: string,
  args: readonly string[],
): readonly [string, ...string[]] | undefined {
  if (POSIX_SHELLS.has(shell)) {
    const whole = args.length === 0 ? text : withArguments(text)
    return whole === undefined ? undefined : [shell, '-c', whole, shell, ...args]
  }
  if (args.length > 0) return undefined
  return shell === 'cmd' ? ['cmd', '/d', '/s', '/c', text] : [shell, '-NoProfile', '-NonInteractive', '-Command', text]
}

function withArguments(text: string): string | undefined {
  const { mentions, end } = readShellText(text)
  if (mentions) return text
  return end === undefined ? undefined : `${text.slice(0, end)} "$@"${text.slice(end)}`
}
