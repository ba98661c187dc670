import { existsSync, statSync } from 'node:fs'
import type { KeptContent } from '#activities/kept-content-port.ts'
import type { Place, Workspace } from '#activities/workspace-port.ts'
import { systemCode } from '#base/system-error.ts'
import { list, walk } from './browse.ts'
import { attempt, type Entering, type FolderKind, inside, partsOf, settled, usualFolderKind } from './enter.ts'
import { idOf } from './folder.ts'
import { locate, type OwnPlaces, ownFor, permitsBelow } from './locate.ts'
import { digestIn, readFile } from './read-file.ts'
import { replace } from './replace.ts'
import { takeBack } from './take-back.ts'

export interface WorkspaceParts {
  readonly own: OwnPlaces
  readonly kept: KeptContent
  /** Where the note of a step lies while it changes a file. */
  readonly notePath: (key: string) => string
  readonly platform: string
  /** Default: the stronger one that the system can. */
  readonly folders?: FolderKind
}

/** Files on disk, reached by directories that are held open where the system can. */
export function workspace({ own, kept, notePath, platform, folders = usualFolderKind() }: WorkspaceParts): Workspace {
  const entering = (root: string): Entering => ({ kind: folders, refused: idsOf(ownFor(root, own)) })
  const changing = { entering, kept, notePath }
  const browsing = (place: Place) => ({ entering: entering(place.root), permits: permitsBelow(place) })
  return {
    locate: (path, access, spaces) => locate(path, { access, spaces, own, platform }),
    read: (place, mostBytes) => {
      return attempt(() => {
        const { folder, name } = partsOf(place.names)
        const allowsOtherNames = permitsBelow(place).isAllowed([])
        return inside({ root: place.root, names: folder, entering: entering(place.root) }, (open) => {
          return readFile(open, name, { mostBytes, allowsOtherNames }).content
        })
      })
    },
    digest: (place) => attempt(() => digest(entering(place.root), place)),
    list: (place, how) => attempt(() => list(browsing(place), place, how)),
    walk: async (place, how) => await settled(walk(browsing(place), place, how)),
    replace: (place, change) => {
      return attempt(() => {
        takeBack(changing, change.key)
        return replace(changing, place, change)
      })
    },
    takeBack: (key) => attempt(() => takeBack(changing, key)),
  }
}

function digest(entering: Entering, { root, names }: Place): string | null {
  const { folder, name } = partsOf(names)
  try {
    return inside({ root, names: folder, entering }, (open) => digestIn(open, name))
  } catch (error) {
    if (names.length > 1 && systemCode(error) === 'ENOENT' && existsSync(root)) return null
    throw error
  }
}

/** Those that are there: nobody enters them by whatever name. */
function idsOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(
    paths.flatMap((path) => {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
      return stats?.isDirectory() === true ? [idOf(stats)] : []
    }),
  )
}
