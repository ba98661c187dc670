import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { hasRawBytes, rawText } from '#base/raw-text.ts'
import { pathName } from './path-name.ts'

/** Links one after the other before it is a circle, as for most systems. */
const MOST_LINKS = 40

/** Where a path leads to once all links are followed; what is not there yet counts by its directory. */
export function real(path: string, links = 0): string {
  try {
    return rawText(realpathSync(pathName(path), { encoding: 'buffer' }))
  } catch {
    const target = links < MOST_LINKS ? linkTarget(path) : undefined
    if (target !== undefined) return real(resolve(dirname(path), target), links + 1)
    const above = dirname(path)
    // The runtime's own functions lose bytes that are no UTF-8.
    return above === path || hasRawBytes(path) ? path : join(real(above, links), basename(path))
  }
}

function linkTarget(path: string): string | undefined {
  try {
    if (!lstatSync(pathName(path)).isSymbolicLink()) return undefined
    return rawText(readlinkSync(pathName(path), { encoding: 'buffer' }))
  } catch {
    return undefined
  }
}
