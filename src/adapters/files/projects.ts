import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Distrust } from '#app/config-port.ts'
import type { FoundProject, ProjectReview, Projects, TrustedProject } from '#app/project-port.ts'
import type { Clock } from '#base/clock.ts'
import type { Digest } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { coveredFiles, fileDigest, openToAll } from './covered-files.ts'
import { findProject, PROJECT_FILE } from './find-project.ts'
import { loadFile } from './load-file.ts'
import type { TrustRecords } from './trust-records.ts'

export interface ProjectsOptions {
  readonly currentDirectory: string
  readonly home: string | undefined
  readonly records: TrustRecords
  readonly clock: Clock
}

/** Project files as they lie in directories, and the trust in them as it is recorded. */
export function projects({ currentDirectory, home, records, clock }: ProjectsOptions): Projects {
  return {
    find: (directory = '.') => findProject(resolve(currentDirectory, directory), home),
    review: async (project) => await review(project, records),
    trust: ({ directory, path, covered }) => {
      const open = openToAll(directory, covered)
      if (open.length > 0) return err({ code: 'trust_refused', path, files: [...open] })
      return records.write({ directory, trustedAt: clock.now(), files: covered })
    },
    trusted: () => {
      const found = records.list()
      return found.ok
        ? ok(found.value.map((project) => ({ ...project, distrust: distrustOf(project, records) })))
        : found
    },
    revoke: (directory) => records.remove(realPath(resolve(currentDirectory, directory))),
  }
}

async function review(project: FoundProject, records: TrustRecords): Promise<Result<ProjectReview, Failure>> {
  const file = await loadFile(project.path, { isProject: true })
  if (!file.ok) return file
  const { config, digest } = file.value
  const distrust = distrustIn(project.directory, digest, records)
  return ok({ ...project, file: file.value, distrust, ...coveredFiles(project.directory, config, digest) })
}

/** Why the project is not trusted as it is now; undefined where it is. `digest` is that of the bytes that would count. */
export function distrustIn(
  directory: string,
  digest: Digest,
  records: TrustRecords,
): { readonly reason: Distrust; readonly files: readonly string[] } | undefined {
  const record = records.read(directory)
  if (record === undefined) return { reason: 'new', files: [] }
  const changed = record.files.filter(({ path, digest: trusted }) => {
    return trusted !== (path === PROJECT_FILE ? digest : fileDigest(join(directory, path)))
  })
  if (changed.length > 0) return { reason: 'changed', files: changed.map(({ path }) => path) }
  const open = openToAll(directory, record.files)
  return open.length > 0 ? { reason: 'open', files: open } : undefined
}

function distrustOf({ directory }: TrustedProject, records: TrustRecords): ProjectReview['distrust'] {
  const digest = fileDigest(join(directory, PROJECT_FILE))
  return digest === null ? { reason: 'changed', files: [PROJECT_FILE] } : distrustIn(directory, digest, records)
}

/** Trust in a directory that is gone can be taken back, too. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
