import { err, ok, type Result } from '#base/result.ts'
import type { CommandReport, FileFault } from '#domain/run/command-report.ts'
import type { Looking } from './freshness.ts'
import type { JobFilesPort } from './job-files-port.ts'
import type { KeepFault, KeptFilesPort } from './kept-files-port.ts'
import { secretName } from './secret-names.ts'

/** More is no list that an event should hold, nor a store of records. */
const MOST_FILES = 10_000
const MOST_BYTES = 1024 ** 3
/** All paths together, in characters; an event may have 4 MiB. */
const MOST_PATH_LENGTH = 1_000_000

export interface Kept {
  readonly artifacts: NonNullable<CommandReport['artifacts']>
  readonly notes: readonly FileFault[]
}

/** Keeps what a job declares as artifacts, all of it or nothing: a list that is silently cut would be a lie. */
export async function keepArtifacts(
  { files, kept }: { readonly files: JobFilesPort; readonly kept: KeptFilesPort },
  { input: { directory }, rules, attempt, mask: maskOfStart }: Looking,
): Promise<Result<Kept, KeepFault>> {
  // After a timeout there is still time for this: it is when one wants to see what was left.
  const signal = attempt.signal.aborted ? attempt.hurry : attempt.signal
  const look = files.open({ job: attempt.step, directory, believes: true, signal })
  const found = await look.find(rules.artifacts ?? [])
  if (!found.ok) return err({ ...found.error, isOurs: false })
  const { paths, missing, unmatched } = found.value
  const mask = maskOfStart?.()
  const fault = listFault(paths) ?? secretName(paths, mask)
  if (fault !== undefined) return err({ ...fault, isOurs: false })
  const copied = await kept.keepFiles({ directory, paths, start: attempt, mostBytes: MOST_BYTES, mask, signal })
  if (!copied.ok) return copied
  const notes = [...missing, ...unmatched].map((path) => ({ path, reason: 'no_match' }))
  const links = copied.value.links.map((path) => ({ path, reason: 'link' }))
  return ok({ artifacts: [...copied.value.files], notes: [...notes, ...links] })
}

function listFault(paths: readonly string[]): FileFault | undefined {
  const stray = paths.find((path) => /^(?:[A-Za-z]:)?\//.test(path) || path.split('/').includes('..'))
  if (stray !== undefined) return { path: stray, reason: 'outside' }
  const isTooLong = paths.reduce((sum, { length }) => sum + length, 0) > MOST_PATH_LENGTH
  const one = paths[Math.min(MOST_FILES, paths.length - 1)]
  return one !== undefined && (paths.length > MOST_FILES || isTooLong) ? { path: one, reason: 'too_many' } : undefined
}
