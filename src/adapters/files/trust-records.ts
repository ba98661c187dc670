import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustedProject } from '#app/project-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf, systemCode } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { quietly, readOwn, writeOwn } from './own-file.ts'

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
    read: (directory) => readRecord(pathOf(directory), directory),
    write: (project) =>
      attempt(folder, () => {
        const { trustedAt: trusted_at, ...rest } = project
        writeOwn(pathOf(project.directory), `${JSON.stringify({ rules: RULES, ...rest, trusted_at })}\n`)
      }),
    list: () =>
      attempt(folder, () => {
        const found = namesIn(folder).flatMap((name) => readRecord(join(folder, name)) ?? [])
        return found.sort((left, right) => (left.directory < right.directory ? -1 : 1))
      }),
    remove: (directory) =>
      attempt(folder, () => {
        const found = readRecord(pathOf(directory), directory)
        if (found !== undefined) rmSync(pathOf(directory))
        return found
      }),
  }
}

/** It says what may be run, so a file that others could have written says nothing. */
function readRecord(path: string, directory?: string): TrustedProject | undefined {
  return quietly(() => {
    const { rules, trusted_at: trustedAt, ...rest } = JSON.parse(readOwn(path)?.toString() ?? '{}')
    const isFit = rules === RULES && (directory === undefined || rest.directory === directory)
    return isFit && Array.isArray(rest.files) ? { ...rest, trustedAt } : undefined
  })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

function attempt<T>(path: string, work: () => T): Result<T, Failure> {
  try {
    return ok(work())
  } catch (error) {
    const reason = reasonOf(error)
    return err({ code: 'file_unwritable', path, reason })
  }
}
