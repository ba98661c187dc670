import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileList, FoundFiles, JobFiles, JobFilesPort, JobFilesScope } from '#activities/job-files-port.ts'
import { type Breath, breath } from '#base/breath.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf, systemCode } from '#base/system-error.ts'
import type { FileFault } from '#domain/run/command-report.ts'
import { type FileMark, type ListedFile, listText } from '#domain/run/file-list.ts'
import { digestFile } from './digest-file.ts'
import { absolute, findFiles } from './find-files.ts'
import { type StatCache, statCache } from './stat-cache.ts'

interface JobFilesParts {
  /** A directory that anybody may empty: what is known of files is kept there. */
  readonly cache: string
  /** Directories of ours, whose files are none of any job. */
  readonly own: readonly string[]
}

/** The files of jobs on disk. */
export function jobFiles(parts: JobFilesParts): JobFilesPort {
  return { open: (scope) => openFiles(parts, scope) }
}

function openFiles({ cache, own }: JobFilesParts, { job, directory, believes, signal }: JobFilesScope): JobFiles {
  const air = breath(signal)
  const path = join(cache, `${sha256(JSON.stringify([job, directory]))}.files`)
  let known: StatCache | undefined
  return {
    find: async (patterns, without) => await findFiles(directory, patterns, { breath: air, without, own }),
    digest: async (found) => {
      known ??= statCache(path, { believes })
      return await digestFiles(found, { directory, known, air })
    },
    close: () => known?.write(),
  }
}

interface Digesting {
  readonly directory: string
  readonly known: StatCache
  readonly air: Breath
}

/** So many files are looked at between two breaths. */
const AT_ONCE = 64

async function digestFiles({ paths }: FoundFiles, parts: Digesting): Promise<Result<FileList, FileFault>> {
  const files: ListedFile[] = []
  for (const [index, path] of paths.entries()) {
    const seen = see(path, parts)
    // Most are known, and to wait for each of these would take as long as all else.
    const read = 'place' in seen ? await readContent(seen, parts) : seen
    if (!read.ok) return err(read.error)
    if (read.value !== undefined) files.push(read.value)
    if (index % AT_ONCE === 0 && (await parts.air.take())) return err({ path, reason: 'aborted' })
  }
  const text = listText(files)
  return ok({ count: files.length, text, digest: sha256(text) })
}

/** A file that must be read. */
interface Unread {
  readonly path: string
  readonly place: string | Buffer
}

/** What is known of a file without reading it; undefined for one that has gone in the meantime. */
function see(path: string, { directory, known }: Digesting): Result<ListedFile | undefined, FileFault> | Unread {
  const place = absolute(directory, path)
  try {
    const own = lstatSync(place, { throwIfNoEntry: false })
    if (own === undefined) return ok(undefined)
    const stat = own.isSymbolicLink() ? behind(place) : own
    // A link to a directory, or to nothing, is what it says; to follow it could lead anywhere, and round in circles.
    if (stat === undefined || stat.isDirectory()) return ok({ path, mark: 'l', digest: sha256(readlinkSync(place)) })
    if (!stat.isFile()) return err({ path, reason: 'special' })
    const digest = known.digestOf(path, stat)
    return digest === undefined ? { path, place } : ok({ path, mark: markOf(stat), digest })
  } catch (error) {
    return gone(error, path)
  }
}

async function readContent(
  { path, place }: Unread,
  { known, air }: Digesting,
): Promise<Result<ListedFile | undefined, FileFault>> {
  try {
    const read = await digestFile(place, air)
    if (!read.ok) return err({ path, reason: read.error })
    known.learn(path, read.value)
    return ok({ path, mark: markOf(read.value.stat), digest: read.value.digest })
  } catch (error) {
    return gone(error, path)
  }
}

function gone(error: unknown, path: string): Result<undefined, FileFault> {
  const reason = reasonOf(error)
  return reason === 'ENOENT' ? ok(undefined) : err({ path, reason })
}

function behind(place: string | Buffer): Stats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false })
  } catch (error) {
    // Links in a circle lead nowhere.
    if (systemCode(error) === 'ELOOP') return undefined
    throw error
  }
}

function markOf({ mode }: Stats): FileMark {
  return (mode & 0o100) === 0 || process.platform === 'win32' ? 'f' : 'x'
}
