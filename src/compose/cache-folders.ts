import { join } from 'node:path'
import type { Directories } from '#app/config-port.ts'

/** The folders of what may be deleted at any time: `runs prune` empties them, so each is named here. */
export function cacheFolders({
  cache,
}: Pick<Directories, 'cache'>): Readonly<Record<'config' | 'plans' | 'files', string>> {
  return { config: join(cache, 'config'), plans: join(cache, 'plans'), files: join(cache, 'files') }
}
