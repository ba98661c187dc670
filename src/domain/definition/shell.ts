import type { Shell } from './job.ts'

/** The shells that hand further arguments to the text they read. */
const POSIX: ReadonlySet<Shell> = new Set(['sh', 'bash', 'zsh'])

/** Whether a text mentions its arguments: `$1`, `$@`, `$*`, `$#`, `${1}`. */
const MENTIONS_ARGUMENTS = /\$(?:[1-9@*#]|\{[#!]?[1-9@*])/

/** The shell that `shell = true` means on this platform. */
export function usualShell(platform: string): Shell {
  return platform === 'win32' ? 'cmd' : 'sh'
}

/**
 * The program and arguments with which a shell reads the text. Further arguments are `$@` there; a text that does not
 * mention them gets them at its end, as npm does it. Undefined where the shell cannot take any.
 */
export function shellArgv(
  shell: Shell,
  text: string,
  args: readonly string[],
): readonly [string, ...string[]] | undefined {
  if (POSIX.has(shell)) {
    const whole = args.length === 0 || MENTIONS_ARGUMENTS.test(text) ? text : `${text} "$@"`
    return [shell, '-c', whole, shell, ...args]
  }
  if (args.length > 0) return undefined
  return shell === 'cmd' ? ['cmd', '/d', '/s', '/c', text] : [shell, '-NoProfile', '-NonInteractive', '-Command', text]
}
