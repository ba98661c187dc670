import { homedir } from 'node:os'
import type { Paths } from 'env-paths'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variables this process was started with: a copy, so that nothing changes under its reader. */
export function environment(): Environment {
  return { ...process.env }
}

/** The directory this process was started in; it may have been removed since. */
export function currentDirectory(): Result<string, Failure> {
  try {
    return ok(process.cwd())
  } catch {
    return err({ code: 'working_dir_missing', directory: process.env['PWD'] ?? '.' })
  }
}

/** The user's home directory; undefined where the system knows none. */
export function homeDirectory(): string | undefined {
  try {
    return homedir()
  } catch {
    return undefined
  }
}

/** The operating system's usual places. Loaded late: env-paths asks for the home directory when it is imported. */
export async function usualPaths(): Promise<Result<Paths, Failure>> {
  if (homeDirectory() === undefined) return err({ code: 'directory_invalid', setting: 'HOME', value: '' })
  const { default: envPaths } = await import('env-paths')
  return ok(envPaths('orchastration', { suffix: '' }))
}

/** What turns a Bun program into something else must not reach a child that is one, too. */
const NOT_INHERITED = ['BUN_OPTIONS', 'BUN_BE_BUN']

/** The variables that children of jobs get. */
export function inheritedEnvironment(own: Environment): Record<string, string> {
  const inherited: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && !NOT_INHERITED.includes(name)) inherited[name] = value
  }
  return inherited
}
