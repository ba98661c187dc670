import { grouped, onOneLine } from '#base/text.ts'
import type { FailureCode, FailureOf } from '#domain/failure.ts'

/** A failure in words. Every text that comes from elsewhere is made printable before it stands here. */
export interface FailureText {
  readonly headline: string
  readonly detail: readonly string[]
  /** What to do next, a command each where there is one. */
  readonly todo: readonly string[]
}

/** The words for some of the codes. */
export type TextsFor<Code extends FailureCode> = {
  readonly [Each in Code]: (failure: FailureOf<Each>, home: string | undefined) => FailureText
}

/** The parts of a failure's text that are there. */
export function words(
  headline: string,
  parts: { detail?: readonly string[]; todo?: readonly string[] } = {},
): FailureText {
  return { headline, detail: parts.detail ?? [], todo: parts.todo ?? [] }
}

/** A path as people write it. */
export function pathText(path: string, home: string | undefined): string {
  const below = home !== undefined && home.length > 1 && (path.startsWith(`${home}/`) || path.startsWith(`${home}\\`))
  return onOneLine(below ? `~${path.slice(home.length)}` : path)
}

/** Someone's word in quotes, shortened, on one line. */
export function quoted(word: string): string {
  return `"${onOneLine(word.length > 80 ? `${word.slice(0, 79)}…` : word)}"`
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '' : `; did you mean ${quoted(nearest)}?`
}

/** The first of many names, and how many there are more. */
export function listed(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map(onOneLine).join(', ')
  return names.length > most ? `${shown} and ${grouped(names.length - most)} more` : shown
}

/** Lines of what to do and the command for it, the commands in one column. */
export function steps(...pairs: readonly (readonly [purpose: string, command: string])[]): readonly string[] {
  const width = Math.max(...pairs.map(([purpose]) => purpose.length)) + 1
  return pairs.map(([purpose, command]) => `${`${purpose}:`.padEnd(width)}  ${command}`)
}

/** A word as it must be typed into a shell. */
export function shellWord(word: string): string {
  const shown = onOneLine(word)
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`
}

/** Why the operating system refused, by its code; anything else as it came. */
export function reasonText(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? reason) : onOneLine(reason)
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the operating system does not permit it',
  ENOENT: 'it is not there',
  ENOTDIR: 'part of the path is not a directory',
  EISDIR: 'it is a directory, a file is expected',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the machine has too many files open',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EIO: 'an input or output error of the device',
  EAGAIN: 'the machine has no process or memory left for it',
  ENOMEM: 'the machine has no memory left for it',
  E2BIG: 'its arguments and environment are too large together',
  ENOEXEC: 'it is no program of this machine',
  ENAMETOOLONG: 'the path is too long',
  ETXTBSY: 'it is being written to',
  too_large: 'it is larger than 5 MiB',
  not_a_file: 'it is no regular file',
  not_text: 'it is no text in UTF-8',
  empty: 'there is nothing in it',
}
