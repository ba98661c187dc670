import type { Clock } from '#base/clock.ts'
import { saltedDigest, sha256 } from '#base/digest.ts'
import { canonicalJson } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport, FileFault } from '#domain/run/command-report.ts'
import { reportOf } from '#domain/run/job-record.ts'
import { type Basis, type Looking, lookBefore } from './freshness.ts'
import { keepArtifacts } from './keep-artifacts.ts'
import type { KeepFault } from './kept-files-port.ts'
import { type SealParts, sealSuccess } from './seal-success.ts'
import { hidingNames } from './secret-names.ts'

export interface AmongFilesParts extends SealParts {
  readonly clock: Clock
}

type Ended = Result<CommandReport, Failure>

/** Runs a command that names files: not at all where they are as it left them, and with an eye on what it leaves. */
export async function amongFiles(
  parts: AmongFilesParts,
  looking: Looking,
  start: () => Promise<Ended>,
): Promise<Ended> {
  const startedAt = parts.clock.now()
  const before = await lookBefore(parts, looking)
  if (!before.ok) return err(earlyFailure(before.error, looking, notRun(parts, looking, startedAt)))
  if (before.value.kind === 'up_to_date') {
    const report = notRun(parts, looking, startedAt)
    return ok({ ...report, exit: 0, up_to_date: before.value.upToDate })
  }
  const { stale, basis } = before.value
  const notes = (basis?.unmatched ?? []).map((path) => ({ path, reason: 'no_match' }))
  const ended = adding(await start(), { ...(stale !== undefined && { stale }), ...noted(notes) })
  const kept = looking.rules.artifacts === undefined ? ended : await withArtifacts(parts, looking, ended)
  const sealed = basis === undefined ? kept : await withFingerprint(parts, { looking, basis }, kept)
  return hidingNames(sealed, looking.mask?.())
}

/** A failure of the command stays what it is; that its files could not be kept either is a note. */
async function withArtifacts(parts: AmongFilesParts, looking: Looking, ended: Ended): Promise<Ended> {
  const report = ended.ok ? ended.value : reportOf(ended.error)
  const hasRun = report !== undefined && (report.exit !== null || report.signal !== null)
  if (!hasRun) return ended
  const kept = await keepArtifacts(parts, looking)
  if (kept.ok) {
    const { artifacts, notes } = kept.value
    return adding(ended, { artifacts, ...noted([...(report.file_notes ?? []), ...notes]) })
  }
  if (ended.ok) return err(lateFailure('artifact', kept.error, { looking, report }))
  const { path, reason } = kept.error
  return adding(ended, noted([...(report.file_notes ?? []), { path, reason }]))
}

async function withFingerprint(
  parts: AmongFilesParts,
  { looking, basis }: { readonly looking: Looking; readonly basis: Basis },
  ended: Ended,
): Promise<Ended> {
  if (!ended.ok) return ended
  const sealed = await sealSuccess(parts, looking, basis)
  if (sealed.ok) return adding(ended, { fingerprint: sealed.value })
  const { isInput, ...fault } = sealed.error
  return err(lateFailure(isInput ? 'input' : 'output', fault, { looking, report: ended.value }))
}

function earlyFailure(error: Failure | FileFault, { attempt }: Looking, report: CommandReport): Failure {
  // The signal's reason is a failure by the contract of attempts.
  if (attempt.signal.aborted) return { ...(attempt.signal.reason as Failure), report } as Failure
  return 'code' in error ? error : { code: 'input_unusable', ...error, report }
}

function lateFailure(
  kind: 'input' | 'output' | 'artifact',
  { path, reason, isOurs }: KeepFault,
  { looking: { attempt }, report }: { readonly looking: Looking; readonly report: CommandReport },
): Failure {
  // The signal's reason is a failure by the contract of attempts.
  if (attempt.signal.aborted) return { ...(attempt.signal.reason as Failure), report } as Failure
  if (isOurs) return { code: 'output_lost', path, reason, report }
  return kind === 'input'
    ? { code: 'input_unusable', path, reason, report }
    : { code: 'result_unusable', kind, path, reason, report }
}

/** The same end with more in its report, where it has one. */
function adding(ended: Ended, more: Partial<CommandReport>): Ended {
  if (ended.ok) return ok({ ...ended.value, ...more })
  const report = reportOf(ended.error)
  return report === undefined ? ended : err({ ...ended.error, report: { ...report, ...more } } as Failure)
}

function noted(notes: readonly FileFault[]): Partial<CommandReport> {
  return notes.length === 0 ? {} : { file_notes: [...notes] }
}

/** The report of a command that was not started: it wrote nothing, and nothing was passed to it. */
function notRun(parts: AmongFilesParts, { input }: Looking, startedAt: number): CommandReport {
  const nothing = { digest: sha256(''), bytes: 0 }
  const salt = parts.salt()
  return {
    argv: [...input.argv],
    directory: input.directory,
    started_at: startedAt,
    ended_at: Math.max(startedAt, parts.clock.now()),
    exit: null,
    signal: null,
    stdout: nothing,
    stderr: nothing,
    environment: { salt, digest: saltedDigest(salt, canonicalJson({})), variables: 0 },
  }
}
