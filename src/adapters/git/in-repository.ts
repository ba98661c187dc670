import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whether the directory lies in the working tree of a repository, told without a process. */
export function isInRepository(directory: string): boolean {
  return repositoryAbove(directory) !== undefined
}

/** The nearest directory, that one or one above it, that says of itself to be the top of a working tree. */
export function repositoryAbove(directory: string): string | undefined {
  try {
    return nearest(realpathSync(directory))
  } catch {
    return undefined
  }
}

function nearest(directory: string): string | undefined {
  if (existsSync(join(directory, '.git'))) return directory
  const above = dirname(directory)
  return above === directory ? undefined : nearest(above)
}
