import type { Mask } from '#base/masker.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport, FileFault } from '#domain/run/command-report.ts'
import { reportOf } from '#domain/run/job-record.ts'

/** The first of these names in which there is a secret, itself masked: a list of them may be kept nowhere. */
export function secretName(paths: readonly string[], mask: Mask | undefined): FileFault | undefined {
  if (mask === undefined) return undefined
  const path = paths.find((each) => mask.text(each) !== each)
  return path === undefined ? undefined : { path: mask.text(path), reason: 'secret' }
}

/** The same end, with the secrets hidden in all names of files that it tells: a command may have made them of one. */
export function hidingNames<E extends Result<CommandReport, Failure>>(ended: E, mask: Mask | undefined): E {
  if (mask === undefined) return ended
  if (ended.ok) return { ...ended, value: hiddenIn(ended.value, mask) }
  const report = reportOf(ended.error)
  const error = {
    ...ended.error,
    ...('path' in ended.error && { path: mask.text(ended.error.path) }),
    ...(report !== undefined && { report: hiddenIn(report, mask) }),
  }
  return { ...ended, error }
}

function hiddenIn(report: CommandReport, mask: Mask): CommandReport {
  const { stale, file_notes: notes, fingerprint } = report
  const all = (names: readonly string[]) => names.map((name) => mask.text(name))
  const changed = fingerprint?.changed
  return {
    ...report,
    ...(stale !== undefined && { stale: { ...stale, names: all(stale.names) } }),
    ...(notes !== undefined && { file_notes: notes.map((note) => ({ ...note, path: mask.text(note.path) })) }),
    ...(fingerprint !== undefined &&
      changed !== undefined && { fingerprint: { ...fingerprint, changed: { ...changed, names: all(changed.names) } } }),
  }
}
