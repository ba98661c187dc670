import { err, ok, type Result } from '#base/result.ts'
import { grouped } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { type Audit, type Audited, audit } from '#domain/proof/audit.ts'
import { type ExportHeader, readHeader, readLine } from '#domain/proof/export-line.ts'
import { type FaultList, faultList } from '#domain/proof/verdict.ts'
import { type Line, linesOf } from './lines.ts'
import {
  judgeOutside,
  knownAnchors,
  makeReport,
  readTrust,
  type Trust,
  type TrustRequest,
  unreadableReport,
  type VerifyReport,
} from './verify-report.ts'

export interface VerifyExportRequest extends TrustRequest {
  readonly path: string
  /** The bytes of the export, in pieces of any size. */
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Verifies what `exportLog` has written, with nothing but the file and a public key. */
export async function verifyExport(request: VerifyExportRequest): Promise<Result<VerifyReport, Failure>> {
  const trust = await readTrust(request)
  if (!trust.ok) return trust
  try {
    return ok(await verifyLines(linesOf(request.bytes), request, trust.value))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return err({ code: 'file_unreadable', path: request.path, reason: String(error.code) })
  }
}

async function verifyLines(lines: AsyncGenerator<Line>, { key }: TrustRequest, trust: Trust): Promise<VerifyReport> {
  const first = await lines.next()
  const header =
    first.done === true || first.value.kind !== 'whole' ? 'it has no first line' : readHeader(first.value.text)
  if (typeof header === 'string') return unreadableReport(trust, { reason: header, line: 1 })
  const claimed = header.key === null ? undefined : await key.verifierOf(header.key)
  if (header.key !== null && claimed === undefined) {
    return unreadableReport(trust, { reason: 'the key in its first line is not an ed25519 public key', line: 1 })
  }
  const faults = faultList()
  const { store, run } = header
  const options = { faults, store, after: header.first - 1, upTo: header.last, run: run ?? undefined }
  const keys = { trusted: trust.verifier, claimed }
  const auditor = audit({ ...options, ...keys, anchors: knownAnchors(trust, store, faults) })
  const torn = await walk(lines, { header, auditor })
  const audited = auditor.end()
  checkEnd({ header, audited, torn, faults })
  const remarks = judgeOutside({ audited, isWhole: run === null, faults })
  return makeReport({ faults, audited, trust, store, run: run ?? undefined, remarks })
}

interface Walk {
  readonly header: ExportHeader
  readonly auditor: Audit
}

/** The number of the line in the middle of which the file ends. */
async function walk(lines: AsyncGenerator<Line>, { header, auditor }: Walk): Promise<number | undefined> {
  let number = 1
  for await (const line of lines) {
    number += 1
    if (line.kind === 'torn') return number
    const read = line.kind === 'bad' ? line.reason : readLine(line.text)
    if (typeof read === 'string') auditor.damage(read, number)
    else if (read.kind === 'note') auditor.note(read.note, number)
    else if (read.event.seq > header.last)
      auditor.damage(`event ${grouped(read.event.seq)} lies beyond the range of the file`, number)
    else auditor.event(read.event, number)
  }
  return undefined
}

interface End {
  readonly header: ExportHeader
  readonly audited: Audited
  readonly torn: number | undefined
  readonly faults: FaultList
}

function checkEnd({ header, audited, torn, faults }: End): void {
  const { last, lastOfRun } = audited
  if (torn !== undefined || last < header.last) {
    const reason =
      torn === undefined ? 'the file ends before its range does' : `the file ends in the middle of line ${torn}`
    faults.add({ state: 'behind', known: header.last, found: last, reason })
  } else if (header.run === null && header.first !== 1) {
    faults.add({ state: 'altered', seq: 1, reason: 'an export of the whole log begins with event 1' })
  } else if (audited.signed === undefined && faults.sorted().length === 0) {
    faults.add({ state: 'unreadable', reason: 'nothing in it is signed, so it proves nothing' })
  } else if (header.run !== null && lastOfRun === undefined) {
    faults.add({ state: 'altered', seq: header.first, reason: 'it has no event of its run' })
  }
}
