import { type BigIntStats, lstatSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileList, FoundFiles, JobFiles, JobFilesPort, JobFilesScope } from '#activities/job-files-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { FileFault } from '#domain/failure.ts'
import { type FileMark, type ListedFile, listText } from '#domain/run/file-list.ts'
import { type Breath, breath } from './breath.ts'
import { digestFile } from './digest-file.ts'
import { absolute, findFiles } from './find-files.ts'
import { type StatCache, statCache } from './stat-cache.ts'

/** The files of jobs on disk. What is known of them is kept in `cache`, a directory that anybody may empty. */
export function jobFiles(cache: string): JobFilesPort {
  return { open: (scope) => openFiles(cache, scope) }
}

function openFiles(cache: string, { job, directory, believes, signal }: JobFilesScope): JobFiles {
  const air = breath(signal)
  const path = join(cache, `${sha256(JSON.stringify([job, directory]))}.files`)
  let known: StatCache | undefined
  return {
    find: async (patterns, without) => await findFiles(directory, patterns, { breath: air, without }),
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

async function digestFiles({ paths }: FoundFiles, parts: Digesting): Promise<Result<FileList, FileFault>> {
  const files: ListedFile[] = []
  for (const path of paths) {
    const read = await readListed(path, parts)
    if (!read.ok) return err(read.error)
    if (read.value !== undefined) files.push(read.value)
    if (await parts.air.take()) return err({ path, reason: 'aborted' })
  }
  const text = listText(files)
  return ok({ count: files.length, text, digest: sha256(text) })
}

/** Undefined for a file that has gone in the meantime. */
async function readListed(path: string, parts: Digesting): Promise<Result<ListedFile | undefined, FileFault>> {
  const place = absolute(parts.directory, path)
  try {
    const own = lstatSync(place, { bigint: true, throwIfNoEntry: false })
    if (own === undefined) return path.includes('\ufffd') ? err({ path, reason: 'not_utf8' }) : ok(undefined)
    const stat = own.isSymbolicLink() ? behind(place) : own
    // A link to a directory, or to nothing, is what it says; to follow it could lead anywhere, and round in circles.
    if (stat === undefined || stat.isDirectory()) return ok({ path, mark: 'l', digest: sha256(readlinkSync(place)) })
    return await readContent({ path, place, stat }, parts)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return reason === 'ENOENT' ? ok(undefined) : err({ path, reason })
  }
}

async function readContent(
  { path, place, stat }: { readonly path: string; readonly place: string; readonly stat: BigIntStats },
  { known, air }: Digesting,
): Promise<Result<ListedFile, FileFault>> {
  if (!stat.isFile()) return err({ path, reason: 'special' })
  const before = known.digestOf(path, stat)
  if (before !== undefined) return ok({ path, mark: markOf(stat), digest: before })
  const read = await digestFile(place, air)
  if (!read.ok) return err({ path, reason: read.error })
  known.learn(path, read.value)
  return ok({ path, mark: markOf(read.value.stat), digest: read.value.digest })
}

function behind(place: string): BigIntStats | undefined {
  try {
    return statSync(place, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    // Links in a circle lead nowhere.
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return undefined
    throw error
  }
}

function markOf({ mode }: BigIntStats): FileMark {
  return (mode & 0o100n) === 0n || process.platform === 'win32' ? 'f' : 'x'
}
