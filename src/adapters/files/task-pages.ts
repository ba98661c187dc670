import { isUtf8 } from 'node:buffer'
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { TaskPages, TaskTexts, WrittenPages } from '#activities/task-pages-port.ts'
import type { PlaceFault, Workspace } from '#activities/workspace-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { FileChange } from '#domain/run/file-change.ts'

const README = 'README.md'

/** Does something while nobody else of ours does it with the same directory. */
export type Exclusively = <T>(directory: string, work: () => T) => T

/** Pages in a repository on disk. Each file is replaced as a whole or not at all. */
export function taskPages(exclusively: Exclusively, workspace: Pick<Workspace, 'replace' | 'takeBack'>): TaskPages {
  return {
    write: async (directory, texts, key) => {
      try {
        if (!isDirectory(directory)) return err({ code: 'working_dir_missing', directory })
        const root = realpathSync(directory)
        return exclusively(root, () => writePages({ root, directory, workspace, key }, texts))
      } catch (error) {
        return err({ code: 'file_unwritable', path: directory, reason: reasonOf(error) })
      }
    },
    takeBack: (key) => {
      const taken = Object.values(keysOf(key)).map((each) => workspace.takeBack(each))
      return taken.filter((back) => back.ok && back.value).length
    },
  }
}

/** Each file is changed under a key of its own. */
function keysOf(key: string): { readonly readme: string; readonly page: string } {
  return { readme: `${key}.readme`, page: `${key}.page` }
}

interface Writing {
  readonly root: string
  readonly directory: string
  readonly workspace: Pick<Workspace, 'replace' | 'takeBack'>
  readonly key: string
}

/** The README is looked at first, so that one that cannot be changed leaves no page behind. */
function writePages(writing: Writing, { page, section }: TaskTexts): Result<WrittenPages, Failure> {
  const { root, directory, workspace, key } = writing
  const keys = keysOf(key)
  for (const each of Object.values(keys)) workspace.takeBack(each)
  const readmePlace = placeIn(root, [README])
  if (!readmePlace.ok) return readmePlace
  const found = readText(readmePlace.value)
  const readme = found.ok ? withSection(found.value, section) : found
  if (!readme.ok) return err({ code: 'file_unwritable', path: join(directory, README), reason: readme.error })
  const pagePlace = placeIn(root, page.path)
  if (!pagePlace.ok) return pagePlace
  const changes: FileChange[] = []
  for (const [place, text, each] of [
    [pagePlace.value, page.text, keys.page],
    [readmePlace.value, readme.value, keys.readme],
  ] as const) {
    const written = replace(writing, place, { key: each, text })
    if (!written.ok) return written
    changes.push(written.value)
  }
  return ok({ paths: [join(directory, ...page.path), join(directory, README)], changes })
}

/** Where a path below the root really leads; refused where links lead it out of the root. Nothing is made. */
function placeIn(root: string, path: readonly string[]): Result<string, Failure> {
  let place = root
  for (const [index, name] of path.entries()) {
    const next = join(place, name)
    const found = lstatSync(next, { throwIfNoEntry: false })
    if (found === undefined) return ok(join(place, ...path.slice(index)))
    const real = found.isSymbolicLink() ? realPlace(next) : next
    if (real === undefined || !isBelow(root, real)) return err(leadsOut(next))
    place = real
  }
  if (statSync(place, { throwIfNoEntry: false })?.isFile() === true) return ok(place)
  return err({ code: 'file_unwritable', path: place, reason: 'it is no regular file' })
}

/** Undefined for a link to nothing: where that would lead, nobody has looked. */
function realPlace(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:|^[/\\]/.test(way)
}

function leadsOut(path: string): Failure {
  return { code: 'file_unwritable', path, reason: 'it is a link that leads out of the repository' }
}

function readText(path: string): Result<string, string> {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  return isUtf8(bytes) ? ok(bytes.toString()) : err('it is no text in UTF-8')
}

/** The text with the section where its marks stand, else at its end. What stands around it stays, byte by byte. */
function withSection(text: string, { begin, end, text: section }: TaskTexts['section']): Result<string, string> {
  if (text.trim() === '') return ok(`${section}\n`)
  const feed = text.includes('\r\n') ? '\r\n' : '\n'
  const own = section.replaceAll('\n', feed)
  const from = text.indexOf(begin)
  if (from < 0) {
    if (text.includes(end)) return err(`it has the mark ${end} without the one before it`)
    return ok(`${text}${text.endsWith('\n') ? '' : feed}${feed}${own}${feed}`)
  }
  const until = text.indexOf(end, from)
  if (until < 0) return err(`it has the mark ${begin} without the one behind it`)
  return ok(`${text.slice(0, from)}${own}${text.slice(until + end.length)}`)
}

function replace(
  { root, workspace }: Writing,
  place: string,
  { key, text }: { readonly key: string; readonly text: string },
): Result<FileChange, Failure> {
  const names = relative(root, place).split(sep)
  const spaces = { workspace: root, references: [], domain: root, read_scope: [], write_scope: [], allow: [] }
  const written = workspace.replace({ root, names, shown: place, spaces }, { key, content: Buffer.from(text) })
  if (written.ok) return written
  return err({ code: 'file_unwritable', path: place, reason: reasonFor(written.error) })
}

function reasonFor({ kind, detail }: PlaceFault): string {
  switch (kind) {
    case 'system':
      return detail
    case 'read_only':
      return 'it is write-protected'
    case 'changed_meanwhile':
      return 'somebody else is changing it'
    default:
      return 'it is no regular file'
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
