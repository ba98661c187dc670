import { rawText } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Algorithm } from '#domain/hashing/algorithm.ts'
import { type Manifest, readManifest } from '#domain/hashing/manifest.ts'
import type { ManifestEntry } from '#domain/hashing/manifest-line.ts'
import type { Hashed, HashPort, HashTask } from './hash-port.ts'
import type { CheckedFile, FilesChecked, FoundDigest } from './hash-report.ts'
import type { Progress } from './progress.ts'

export interface CheckRequest {
  readonly manifest: string
  /** Only lines of this one count; without it each line tells its own. */
  readonly algorithm: Algorithm | undefined
  readonly isStrict: boolean
  readonly ignoreMissing: boolean
}

export interface CheckCall {
  readonly port: HashPort
  readonly stop: AbortSignal
  readonly report: (progress: Progress) => void
}

/** Compares files with what a manifest says of them. */
export async function checkManifest(
  request: CheckRequest,
  { port, stop, report }: CheckCall,
): Promise<Result<Omit<FilesChecked, 'stopped'>, Failure>> {
  const read = await port.readManifest(request.manifest, stop)
  if (read === undefined) return ok(nothingChecked(request))
  if (!read.ok) return read
  const manifest = readManifest(rawText(read.value), request.algorithm)
  const lines = manifest.entries.map((entry) => lookAt(entry, port))
  const wanted = request.ignoreMissing ? lines.filter((line) => !isMissing(line)) : lines
  const passedOver = lines.length - wanted.length
  if (wanted.length === 0) return err(unusable(request.manifest, manifest, passedOver))
  const files: CheckedFile[] = []
  const take = (checked: readonly CheckedFile[]) => {
    files.push(...checked)
    report({ kind: 'checked', files: checked })
  }
  await checkLines(wanted, take, { port, stop, report })
  const { malformed } = manifest
  return ok({ kind: 'checked', manifest: request.manifest, files, malformed, isStrict: request.isStrict, passedOver })
}

function nothingChecked({ manifest, isStrict }: CheckRequest): Omit<FilesChecked, 'stopped'> {
  return { kind: 'checked', manifest, files: [], malformed: [], isStrict, passedOver: 0 }
}

interface Line {
  readonly entry: ManifestEntry & { readonly line: number }
  readonly path: string
  readonly bytes: number
  readonly failure: Failure | undefined
}

function lookAt(entry: Line['entry'], port: HashPort): Line {
  const path = port.at(entry.name)
  const looked = port.look(path)
  if (looked.kind === 'file') return { entry, path, bytes: looked.bytes, failure: undefined }
  const isDirectory = { code: 'file_unreadable', path, reason: 'EISDIR' } as const
  return { entry, path, bytes: 0, failure: looked.kind === 'failure' ? looked.failure : isDirectory }
}

function isMissing({ failure }: Line): boolean {
  return failure?.code === 'file_missing'
}

function unusable(path: string, { malformed }: Manifest, passedOver: number): Failure {
  const [first] = malformed
  const data = { path, malformed: malformed.length, passed_over: passedOver }
  return { code: 'manifest_unusable', ...data, ...(first !== undefined && { first }) }
}

/** Lines whose file cannot be hashed have their place among the others, whose files are hashed meanwhile. */
async function checkLines(
  lines: readonly Line[],
  take: (files: readonly CheckedFile[]) => void,
  { port, stop, report }: CheckCall,
): Promise<void> {
  const hashable = lines.filter(({ failure }) => failure === undefined)
  const expectedBytes = hashable.reduce((sum, { bytes }) => sum + bytes, 0)
  const tasks = hashable.map(({ entry, path }): HashTask => ({ path, algorithm: entry.algorithm }))
  let next = 0
  const takeFailed = (checked: CheckedFile[]) => {
    for (let line = lines[next]; line?.failure !== undefined; line = lines[++next]) {
      checked.push(checkedFile(line, { state: 'failed', failure: line.failure }))
    }
    return checked
  }
  const hashed = (results: readonly Hashed[]) => {
    const checked = takeFailed([])
    for (const result of results) {
      const line = lines[next++]
      if (line !== undefined) checked.push(checkedFile(line, compared(result, line.entry.hash)))
      takeFailed(checked)
    }
    if (checked.length > 0) take(checked)
  }
  const moved = (bytes: number) =>
    report({ kind: 'hashing', files: next, ofFiles: lines.length, bytes, ofBytes: expectedBytes })
  await port.hash(tasks, { stop, hashed, moved, expectedBytes })
  hashed([])
}

function compared(result: Hashed, expected: string): FoundDigest {
  if ('failure' in result) return { state: 'failed', failure: result.failure }
  return { state: result.hash === expected ? 'ok' : 'differs', ...result }
}

function checkedFile({ entry, path }: Line, found: FoundDigest): CheckedFile {
  const { name, line, algorithm, hash: expected } = entry
  return { name, path, line, algorithm, expected, found }
}
