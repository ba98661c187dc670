import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { TrustedProject } from '#app/project-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** Which files of a project are covered; other rules mean that a person must look again. */
const RULES = 1

/** Who was trusted, one file a project. */
export interface TrustRecords {
  /** Undefined where there is none, or any doubt about it. */
  read(directory: string): TrustedProject | undefined
  write(project: TrustedProject): Result<void, Failure>
  list(): Result<readonly TrustedProject[], Failure>
  remove(directory: string): Result<TrustedProject | undefined, Failure>
}

/** Records in `folder`, which lies beside the keys and not in any project. */
export function trustRecords(folder: string): TrustRecords {
  const pathOf = (directory: string) => join(folder, `${sha256(directory).slice(0, 32)}.json`)
  return {
    read: (directory) => readOwn(pathOf(directory), directory),
    write: (project) =>
      attempt(folder, () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        const draft = join(folder, `.${process.pid}.tmp`)
        const { trustedAt: trusted_at, ...rest } = project
        rmSync(draft, { force: true })
        writeFileSync(draft, `${JSON.stringify({ rules: RULES, ...rest, trusted_at })}\n`, { mode: 0o600, flag: 'wx' })
        renameSync(draft, pathOf(project.directory))
      }),
    list: () =>
      attempt(folder, () => {
        const found = namesIn(folder).flatMap((name) => readOwn(join(folder, name)) ?? [])
        return found.sort((left, right) => (left.directory < right.directory ? -1 : 1))
      }),
    remove: (directory) =>
      attempt(folder, () => {
        const found = readOwn(pathOf(directory), directory)
        if (found !== undefined) rmSync(pathOf(directory))
        return found
      }),
  }
}

/** It says what may be run, so a file that others could have written is none of ours. */
function readOwn(path: string, directory?: string): TrustedProject | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      const { uid, mode } = fstatSync(file)
      if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined
      const { rules, trusted_at: trustedAt, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
      const isFit = rules === RULES && (directory === undefined || rest.directory === directory)
      return isFit && Array.isArray(rest.files) ? { ...rest, trustedAt } : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function attempt<T>(path: string, work: () => T): Result<T, Failure> {
  try {
    return ok(work())
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return err({ code: 'file_unwritable', path, reason })
  }
}
