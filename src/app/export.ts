import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import { eventLine, headerLine, noteLine } from '#domain/proof/export-line.ts'
import type { RunId } from '#domain/run/run.ts'
import { type ItemRange, isNote, logItems } from './log-items.ts'
import type { SigningKey } from './proof-port.ts'
import type { LogReader } from './store-port.ts'

export interface ExportRequest {
  readonly log: LogReader
  readonly key: SigningKey
  /** The run, with the part of the log that proves it; undefined for the whole log. */
  readonly run: RunId | undefined
}

/** The lines of an export, without their line feeds. A failure is the last item. */
export type ExportLines = AsyncIterable<Result<string, Failure>>

/** Exports the log, or what of it proves one run, as lines that anyone can verify (docs/log-format.md). */
export async function exportLog({ log, key, run }: ExportRequest): Promise<Result<ExportLines, Failure>> {
  const verifier = await key.verifier()
  if (!verifier.ok) return verifier
  const extent = await log.extent()
  if (!extent.ok) return extent
  // Made and never written to: an export of it would be about no store at all.
  if (extent.value.events === 0) return err({ code: 'store_missing', path: log.path })
  const scope = run === undefined ? ok({ after: 0, upTo: extent.value.events }) : await segmentOf(log, run)
  if (!scope.ok) return scope
  const { after, upTo } = scope.value
  // A checkpoint about events that are gone belongs to what is to be proven, too.
  const notes = { after: after - 1, upTo: run === undefined ? extent.value.checkpoints : upTo }
  const pem = verifier.value?.pem ?? null
  const header = headerLine({
    store: extent.value.store ?? '',
    run: run ?? null,
    first: after + 1,
    last: upTo,
    key: pem,
  })
  return ok(linesOf({ log, header, run, range: { events: scope.value, notes } }))
}

async function segmentOf(log: LogReader, run: RunId) {
  const segment = await log.segmentOf(run)
  if (!segment.ok) return segment
  return segment.value === undefined ? err({ code: 'unknown_run' as const, run }) : ok(segment.value)
}

interface Lines {
  readonly log: LogReader
  readonly header: string
  readonly run: RunId | undefined
  readonly range: ItemRange
}

async function* linesOf({ log, header, run, range }: Lines): AsyncGenerator<Result<string, Failure>> {
  yield ok(header)
  for await (const batch of logItems(log, range)) {
    if (!batch.ok) {
      yield batch
      return
    }
    for (const item of batch.value)
      yield ok(isNote(item) ? noteLine(item) : eventLine(run === undefined ? item : shownIn(run, item)))
  }
}

/** What other runs did stays theirs; that they did something must show, since the chain goes through it. */
function shownIn(run: RunId, event: StoredEvent): StoredEvent {
  return event.runId === null || event.runId === run ? event : { ...event, body: null, salt: null }
}
