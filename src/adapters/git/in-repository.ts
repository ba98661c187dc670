import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whether the directory lies in the working tree of a repository, told without a process. */
export function isInRepository(directory: string): boolean {
  try {
    return hasRepositoryAbove(realpathSync(directory))
  } catch {
    return false
  }
}

function hasRepositoryAbove(directory: string): boolean {
  if (existsSync(join(directory, '.git'))) return true
  const above = dirname(directory)
  return above !== directory && hasRepositoryAbove(above)
}
