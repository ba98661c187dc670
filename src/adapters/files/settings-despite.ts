import { readFileSync, statSync } from 'node:fs'
import type { LoadedFile } from '#app/config-port.ts'
import { valueAt } from './config-finding.ts'
import { parseToml } from './config-syntax.ts'

/**
 * What an invalid configuration still says of where the store lies: a mistake in a job must not keep anybody from the
 * runs. Undefined where the file cannot be read a second time.
 */
export function settingsDespite(path: string): Pick<LoadedFile, 'path' | 'config'> | undefined {
  try {
    if (!statSync(path).isFile()) return undefined
    const dir = stateDirectoryIn(readFileSync(path, 'utf8'))
    return { path, config: typeof dir === 'string' && dir !== '' ? { state: { dir } } : {} }
  } catch {
    return undefined
  }
}

/** Out of the whole text; where that is no TOML, out of the lines of its table `[state]` alone. */
function stateDirectoryIn(text: string): unknown {
  const whole = parseToml(text)
  if (whole.ok) return valueAt(whole.value, ['state', 'dir'])
  const table = /^[ \t]*\[[ \t]*state[ \t]*\].*(?:\n(?![ \t]*\[).*)*/m.exec(text)?.[0] ?? ''
  const state = parseToml(table)
  return state.ok ? valueAt(state.value, ['state', 'dir']) : undefined
}
