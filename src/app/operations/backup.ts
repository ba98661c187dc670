import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import {
  type BackupDraft,
  type BackupSize,
  type Backups,
  CHECKPOINT_FILE,
  type OpenedBackup,
  PUBLIC_KEY_FILE,
} from '../backup-port.ts'
import type { Call, Operation } from '../operation.ts'
import type { Marks } from '../proof-port.ts'
import type { LogReader } from '../store-port.ts'
import { type VerifyRequest, verifyStore } from '../verify.ts'
import type { VerifyReport } from '../verify-report.ts'

const Input = z.object({
  directory: z.string(),
  check: z.optional(z.boolean()),
  key: z.optional(z.string()),
})
type Input = z.infer<typeof Input>

export interface BackedUp {
  /** Whether it was made now, or was there and is checked. */
  readonly isNew: boolean
  /** Absolute. */
  readonly directory: string
  readonly artifacts: number | null
  readonly bytes: number | null
  /** What is wrong with the files beside what the log says. */
  readonly faults: readonly string[]
  /** What a verification of the copied log and its outputs says. */
  readonly report: VerifyReport
}

/** Makes a copy of the store that stands on its own, and verifies it; or checks one that was made. */
export const backup: Operation<Input, BackedUp> = {
  name: 'backup',
  effect: 'write',
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => (input.check === true ? await check(input, call) : await make(input, call)),
}

async function make({ directory, key }: Input, { services, stop }: Call): Promise<Result<BackedUp, Failure>> {
  const begun = await services.backups.begin(directory)
  if (!begun.ok) return begun
  const draft = begun.value
  const stopListening = stop.onRequest((signal) => draft.stop(signal))
  try {
    const made = await fill(draft, services, key)
    if (!made.ok) draft.discard()
    return made
  } catch (error) {
    draft.discard()
    throw error
  } finally {
    stopListening()
  }
}

async function fill(
  draft: BackupDraft,
  { backups, key, log }: Call['services'],
  keyFile: string | undefined,
): Promise<Result<BackedUp, Failure>> {
  const copied = await draft.copyLog()
  if (!copied.ok) return copied
  if (draft.failure !== undefined) return err(draft.failure)
  // What the copied log names is copied while it is verified; what ends in the store later belongs to a later backup.
  const report = await verified(backups, draft.path, { key, keyFile, outputs: draft.copyArtifact })
  if (!report.ok) return report
  const { verdict, key: trusted, checkpoint } = report.value
  if (verdict.state === 'unreadable') return err({ code: 'store_damaged', path: draft.path, reason: verdict.reason })
  if (trusted !== null) draft.write(PUBLIC_KEY_FILE, trusted.pem)
  if (checkpoint !== null) draft.write(CHECKPOINT_FILE, checkpoint.note)
  const size: Result<BackupSize, Failure> = await draft.finish()
  if (!size.ok) return size
  const fields = { directory: size.value.directory, artifacts: size.value.artifacts, verdict: verdict.state }
  log.write({ level: 'info', message: 'backup made', fields })
  return ok({ isNew: true, ...size.value, faults: [], report: report.value })
}

async function check({ directory, key: keyFile }: Input, { services }: Call): Promise<Result<BackedUp, Failure>> {
  const { backups, key, documents } = services
  const manifest = await backups.check(directory)
  if (!manifest.ok) return manifest
  const path = `${manifest.value.directory}/${CHECKPOINT_FILE}`
  const note = await documents.readText(path)
  const outputs = await backups.artifactFault(directory)
  const known = note.ok ? { path, note: note.value } : undefined
  const report = await verified(backups, directory, { key, keyFile, outputs, known })
  if (!report.ok) return report
  const { directory: found, faults } = manifest.value
  return ok({ isNew: false, directory: found, artifacts: null, bytes: null, faults, report: report.value })
}

/** A backup is as old as it is: how far this machine has signed since says nothing against it. */
const NO_MARKS: Marks = {
  highest: () => ok(undefined),
  others: () => ok([]),
  raise: () => ok(),
  forget: () => ok(),
}

async function verified(
  backups: Backups,
  directory: string,
  request: Pick<VerifyRequest, 'key' | 'keyFile' | 'known' | 'outputs'>,
): Promise<Result<VerifyReport, Failure>> {
  const opened = await backups.open(directory)
  try {
    const open = async () => (opened.ok ? ok({ log: comparable(opened.value) }) : opened)
    const report = await verifyStore({ ...request, marks: NO_MARKS, open })
    // That no mark was asked for is how a backup is looked at, and no news.
    return report.ok ? ok(withoutMarkRemark(report.value)) : report
  } finally {
    if (opened.ok) opened.value.close()
  }
}

function withoutMarkRemark(report: VerifyReport): VerifyReport {
  return { ...report, remarks: report.remarks.filter(({ kind }) => kind !== 'no_mark') }
}

/** Tables that another version made differ from ours, and are made anew by whoever uses the copy. */
function comparable({ log, isCurrent }: OpenedBackup): LogReader {
  if (isCurrent) return log
  const nothing = { fold: () => undefined, end: async () => ok([]), [Symbol.dispose]: () => undefined }
  return { ...log, checkProjections: async () => ok(nothing) }
}
