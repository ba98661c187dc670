import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import type { WorkTreeChange, WorkTreePlace, WorkTrees } from '#activities/work-trees-port.ts'
import { hasRawBytes, rawBytes, rawText } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import { systemCode } from '#base/system-error.ts'
import { repositoryAbove } from './in-repository.ts'
import { type AskGit, readGit } from './read-git.ts'
import { readStatus, STATUS } from './status.ts'
import { withoutFilters } from './without-filters.ts'

/** A file may be written again within the same tick of a file system's clock, and look as before. */
const TICK_MS = 1000
/** More is what somebody has forgotten to ignore, such as installed packages. */
const MOST_CHANGES = 5000

/**
 * Repositories as git sees them; nothing of theirs is written, not even the index. What lies below `own`, such as a store in
 * a home that is a repository, is none of them: whoever opens and closes a file gives up all locks on it.
 */
export function workTrees(environment: Readonly<Record<string, string>>, own: readonly string[]): WorkTrees {
  const places = new Map<string, WorkTreePlace>()
  return {
    topOf: async (directory, signal) => {
      const known = places.get(directory)
      if (known !== undefined && existsSync(join(known.root, '.git'))) return ok(known)
      const found = await topOf(
        directory,
        async (top, args) => await readGit({ directory: top, args, environment, signal }),
      )
      if (found.ok) places.set(directory, found.value)
      return found
    },
    look: async (root, signal) => {
      const ask: AskGit = async (args) => await readGit({ directory: root, args, environment, signal })
      const without = await withoutFilters(ask)
      const said = without.ok ? await ask([...without.value, ...STATUS]) : without
      if (!said.ok) return said
      const { head, branch, paths: all } = readStatus(said.value)
      const ways = own.flatMap((place) => wayTo(root, place) ?? [])
      const paths = all.filter((path) => !ways.some((way) => isAtOrBelow(path, way)))
      if (paths.length > MOST_CHANGES)
        return err(`${paths.length} files differ from its commit or are new and not ignored; ${MOST_CHANGES} are kept`)
      return ok({ head, branch, changes: paths.map((path) => changeAt(root, path)) })
    },
  }
}

type AskThere = (directory: string, args: readonly string[]) => Promise<Result<string, string>>

async function topOf(directory: string, ask: AskThere): Promise<Result<WorkTreePlace, string>> {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return err('it is not there')
  // Most directories without a repository are told from the others without a process; and asked at the top, git takes
  // none of the files below, which agents may have written, for a repository of its own.
  const above = repositoryAbove(directory)
  if (above === undefined) return err('it lies in no git repository')
  const said = await ask(above, ['rev-parse', '--show-toplevel'])
  if (!said.ok) return said
  const root = said.value.replace(/\n$/, '')
  const below = wayBelow(root, directory)
  return below === undefined ? err('the working tree of its repository lies elsewhere') : ok({ root, below })
}

/** Undefined where it is not there: the configuration of a repository may name any directory for its working tree. */
function wayBelow(root: string, directory: string): string | undefined {
  try {
    const way = relative(realpathSync(root), realpathSync(directory))
    const isElsewhere = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
    return isElsewhere || !existsSync(join(root, '.git')) ? undefined : way.replaceAll(sep, '/')
  } catch {
    return undefined
  }
}

/** Where a place of ours lies in a repository; undefined where it lies elsewhere, or is all of it. */
function wayTo(root: string, place: string): string | undefined {
  try {
    const way = relative(root, realpathSync(place))
    return way === '' || way.startsWith('..') || isAbsolute(way) ? undefined : way.replaceAll(sep, '/')
  } catch {
    return undefined
  }
}

/** Names that go on from it with a dot are older files of a log. */
function isAtOrBelow(path: string, way: string): boolean {
  return path === way || path.startsWith(`${way}/`) || path.startsWith(`${way}.`)
}

function changeAt(root: string, path: string): WorkTreeChange {
  if (path.endsWith('/')) return { path: path.slice(0, -1), kind: 'repository' }
  const file = rawPlace(root, path)
  try {
    const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined) return { path, kind: 'gone' }
    // In the place of a file of the commit, or a submodule that stands at another commit.
    if (stat.isDirectory()) return { path, kind: existsSync(rawPlace(root, `${path}/.git`)) ? 'repository' : 'gone' }
    if (stat.isSymbolicLink())
      return { path, kind: 'link', target: rawText(readlinkSync(file, { encoding: 'buffer' })) }
    if (!stat.isFile()) return { path, kind: 'special' }
    const { size, mode, mtimeNs, ctimeNs, mtimeMs, ctimeMs, ino } = stat
    const isOld = Number(mtimeMs) < Date.now() - TICK_MS && Number(ctimeMs) < Date.now() - TICK_MS
    const stamp = isOld ? `${size} ${mode} ${mtimeNs} ${ctimeNs} ${ino}` : undefined
    const executable = process.platform !== 'win32' && (mode & 0o100n) !== 0n
    return { path, kind: 'file', bytes: Number(size), executable, stamp }
  } catch (error) {
    return { path, kind: systemCode(error) === 'ENOTDIR' ? 'gone' : 'unreadable' }
  }
}

function rawPlace(root: string, path: string): string | Buffer {
  const file = `${root}/${path}`
  return hasRawBytes(file) ? Buffer.from(rawBytes(file)) : file
}
