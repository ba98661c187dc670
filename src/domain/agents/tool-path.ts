import { err, ok, type Result } from '#base/result.ts'
import { fileNameFault } from '#domain/run/file-name-fault.ts'

/** A path as an agent names it, taken apart. */
export interface ToolPath {
  /** The start of an absolute path, such as `/` or `C:/`; empty where it counts from the workspace. */
  readonly start: string
  readonly names: readonly string[]
}

const MOST_CHARACTERS = 4096
const MOST_NAME_BYTES = 255
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/

export type PathFault = 'control_character' | 'backslash' | 'parent' | 'home' | 'too_long' | 'name'

/**
 * Reads a path, `/` between names on every system. It never leads upwards: where links lie on the way, `a/..` need not
 * be where it looks to be, and nobody needs it who names paths from the workspace.
 */
export function readToolPath(text: string, platform: string): Result<ToolPath, PathFault> {
  if (CONTROL.test(text) || !text.isWellFormed()) return err('control_character')
  if (text.length > MOST_CHARACTERS) return err('too_long')
  const path = platform === 'win32' ? text.replaceAll('\\', '/') : text
  if (path.includes('\\')) return err('backslash')
  const start = (platform === 'win32' ? /^(?:[A-Za-z]:)?\/+/ : /^\/+/).exec(path)?.[0] ?? ''
  const names = path
    .slice(start.length)
    .split('/')
    .filter((name) => name !== '' && name !== '.')
  if (names.includes('..')) return err('parent')
  if (start === '' && names[0] === '~') return err('home')
  if (names.some((name) => Buffer.byteLength(name) > MOST_NAME_BYTES)) return err('too_long')
  if (names.length > 0 && fileNameFault(names.join('/'), platform) !== undefined) return err('name')
  return ok({ start: start.replace(/\/+$/, '/'), names })
}
