import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FoundProject } from '#app/project-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'

export const PROJECT_FILE = 'orchastration.toml'

/**
 * The nearest project file in the directory or above it. The search ends at the home directory, and where another file
 * system begins: what lies beyond is not what anybody works on.
 */
export function findProject(from: string, home: string | undefined): Result<FoundProject | undefined, Failure> {
  try {
    const start = realpathSync(from)
    const last = home === undefined ? undefined : realPath(home)
    const { dev } = statSync(start)
    for (let directory = start; ; directory = dirname(directory)) {
      const path = join(directory, PROJECT_FILE)
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return ok({ directory, path })
      const above = dirname(directory)
      if (directory === last || above === directory || statSync(above).dev !== dev) return ok(undefined)
    }
  } catch (error) {
    const reason = reasonOf(error)
    return err({ code: 'file_unreadable', path: from, reason })
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
