import { hasRawBytes, rawBytes } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Algorithm } from '#domain/hashing/algorithm.ts'
import { printEntry } from '#domain/hashing/manifest-line.ts'
import type { Documents } from './documents-port.ts'
import { type HashPlan, type HashTarget, planHash } from './hash-plan.ts'
import type { Hashed, HashPort } from './hash-port.ts'
import type { FilesHashed, HashedFile } from './hash-report.ts'
import type { Progress } from './progress.ts'

export interface HashRequest {
  readonly names: readonly string[]
  readonly algorithm: Algorithm
  /** The algorithm as somebody wrote it. */
  readonly written: string
  /** The file that gets a line for each of them; `-` is left to the caller. */
  readonly manifest: string | undefined
  readonly tagged: boolean
}

export interface HashParts {
  readonly port: HashPort
  readonly documents: Documents
  readonly stop: AbortSignal
  readonly report: (progress: Progress) => void
}

/** Hashes what is named, and writes a manifest where one is asked for. */
export async function hashNamed(
  request: HashRequest,
  { port, documents, stop, report }: HashParts,
): Promise<Result<Pick<FilesHashed, 'files' | 'failures' | 'notEntered'>, Failure>> {
  const { names, algorithm, manifest, tagged } = request
  const target = manifest === undefined || manifest === '-' ? undefined : port.at(manifest)
  const leaveOut = target === undefined ? undefined : port.real(target)
  // It would be overwritten, and its line would be of what it was before.
  if (leaveOut !== undefined && names.some((name) => name !== '' && port.real(port.at(name)) === leaveOut))
    return err(hashedItself(manifest ?? ''))
  const found = (files: number) => report({ kind: 'hashing', files: 0, ofFiles: files, bytes: 0, ofBytes: undefined })
  const plan = await planHash(names, port, { stop, leaveOut, found })
  const { files, failures } = await hashTargets(plan, request, { port, stop, report })
  const all = [...plan.failures, ...failures]
  // A mistyped name must not empty a manifest that was good.
  const isWorthWriting = !stop.aborted && (files.length > 0 || all.length === 0)
  if (target !== undefined && isWorthWriting) {
    const lines = files.map(({ name, hash }) => printEntry({ name, algorithm, hash }, tagged))
    const written = await writeManifest(documents, target, lines)
    if (!written.ok) return written
  }
  return ok({ files, failures: all, notEntered: plan.notEntered })
}

function hashedItself(word: string): Failure {
  const expected = 'a file that is none of those to be hashed, which it would overwrite'
  return { code: 'usage', problem: 'bad_value', word, command: 'hash', expected }
}

interface Outcomes {
  readonly files: readonly HashedFile[]
  readonly failures: readonly Failure[]
}

async function hashTargets(
  { targets, bytes: ofBytes, failures: foundFailures }: HashPlan,
  { algorithm, written }: HashRequest,
  { port, stop, report }: Omit<HashParts, 'documents'>,
): Promise<Outcomes> {
  const files: HashedFile[] = []
  const failures: Failure[] = []
  let next = 0
  if (foundFailures.length > 0) report({ kind: 'hashed', algorithm: written, files: [], failures: foundFailures })
  const hashed = (results: readonly Hashed[]) => {
    const made = outcomes(targets.slice(next, next + results.length), results)
    next += results.length
    files.push(...made.files)
    failures.push(...made.failures)
    report({ kind: 'hashed', algorithm: written, ...made })
  }
  const moved = (bytes: number) => report({ kind: 'hashing', files: next, ofFiles: targets.length, bytes, ofBytes })
  const tasks = targets.map(({ path }) => ({ path, algorithm }))
  await port.hash(tasks, { stop, hashed, moved, expectedBytes: ofBytes })
  return { files, failures }
}

function outcomes(targets: readonly HashTarget[], results: readonly Hashed[]): Outcomes {
  const files: HashedFile[] = []
  const failures: Failure[] = []
  for (const [index, { name, path }] of targets.entries()) {
    const result = results[index]
    if (result === undefined) continue
    if ('failure' in result) failures.push(result.failure)
    else files.push({ name, path, ...result })
  }
  return { files, failures }
}

async function writeManifest(
  documents: Documents,
  path: string,
  lines: readonly string[],
): Promise<Result<number, Failure>> {
  if (hasRawBytes(path)) return err({ code: 'file_unwritable', path, reason: 'its name is no UTF-8' })
  async function* bytes() {
    for (const line of lines) yield ok(rawBytes(line))
  }
  return await documents.writeLines(path, bytes())
}
