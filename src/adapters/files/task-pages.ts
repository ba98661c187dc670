import { isUtf8 } from 'node:buffer'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { TaskPages, TaskTexts } from '#activities/task-pages-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

const README = 'README.md'

/** Does something while nobody else of ours does it with the same directory. */
export type Exclusively = <T>(directory: string, work: () => T) => T

/** Pages in a repository on disk. Each file is replaced as a whole or not at all. */
export function taskPages(exclusively: Exclusively): TaskPages {
  return {
    write: async (directory, texts) => {
      try {
        if (!isDirectory(directory)) return err({ code: 'working_dir_missing', directory })
        const root = realpathSync(directory)
        return exclusively(root, () => writePages(root, directory, texts))
      } catch (error) {
        return err({ code: 'file_unwritable', path: directory, reason: reasonOf(error) })
      }
    },
  }
}

/** The README is looked at first, so that one that cannot be changed leaves no page behind. */
function writePages(root: string, directory: string, { page, section }: TaskTexts): Result<readonly string[], Failure> {
  const readmePlace = placeIn(root, [README])
  if (!readmePlace.ok) return readmePlace
  const found = readText(readmePlace.value)
  const readme = found.ok ? withSection(found.value, section) : found
  if (!readme.ok) return err({ code: 'file_unwritable', path: join(directory, README), reason: readme.error })
  const pagePlace = placeIn(root, page.path)
  if (!pagePlace.ok) return pagePlace
  for (const [place, text] of [
    [pagePlace.value, page.text],
    [readmePlace.value, readme.value],
  ] as const) {
    const written = replace(root, place, text)
    if (!written.ok) return written
  }
  return ok([join(directory, ...page.path), join(directory, README)])
}

/** Where a path below the root really leads; refused where links lead it out of the root. Its directories are made. */
function placeIn(root: string, path: readonly string[]): Result<string, Failure> {
  const folder = path.slice(0, -1).reduce<Result<string, Failure>>((parent, name) => {
    return parent.ok ? folderIn(root, join(parent.value, name)) : parent
  }, ok(root))
  if (!folder.ok) return folder
  const place = join(folder.value, path.at(-1) ?? '')
  const found = lstatSync(place, { throwIfNoEntry: false })
  if (found === undefined) return ok(place)
  const real = found.isSymbolicLink() ? realPlace(place) : place
  if (real === undefined || !isBelow(root, real)) return err(leadsOut(place))
  if (statSync(real, { throwIfNoEntry: false })?.isFile() === false) {
    return err({ code: 'file_unwritable', path: place, reason: 'it is no regular file' })
  }
  return ok(real)
}

function folderIn(root: string, folder: string): Result<string, Failure> {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined) mkdirSync(folder)
  const real = realPlace(folder)
  return real !== undefined && isBelow(root, real) ? ok(real) : err(leadsOut(folder))
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

/** By a draft in the same directory, which is looked at once more: somebody may have put a link in its way. */
function replace(root: string, place: string, text: string): Result<void, Failure> {
  const draft = join(dirname(place), `.${basename(place)}.${process.pid}.tmp`)
  const mode = statSync(place, { throwIfNoEntry: false })?.mode
  rmSync(draft, { force: true })
  try {
    writeFileSync(draft, text, { flag: 'wx', ...(mode !== undefined && { mode }) })
    if (!isBelow(root, realpathSync(draft))) return err(leadsOut(place))
    renameSync(draft, place)
    return ok()
  } finally {
    rmSync(draft, { force: true })
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
