import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { OpenedNote } from '#domain/proof/audit.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import { parseNote } from '#domain/proof/checkpoint.ts'
import { isNote, type LogItem } from './log-items.ts'
import type { Verifier } from './proof-port.ts'
import type { StoredNote } from './store-port.ts'

type Batch<Item> = Result<readonly Item[], Failure>
type OpenedItem = StoredEvent | (StoredNote & { readonly opened?: OpenedNote | undefined })

/**
 * The same items, and with each checkpoint whether its signature matches. One signature takes as long as ten events:
 * those of the next batch are checked by other threads while this one works on a batch.
 */
export async function* openedItems(
  batches: AsyncIterable<Batch<LogItem>>,
  trusted: Verifier | undefined,
): AsyncGenerator<Batch<OpenedItem>> {
  let begun: Promise<Batch<OpenedItem>> | undefined
  for await (const batch of batches) {
    const next = openBatch(batch, trusted)
    if (begun !== undefined) yield await begun
    begun = next
  }
  if (begun !== undefined) yield await begun
}

async function openBatch(batch: Batch<LogItem>, trusted: Verifier | undefined): Promise<Batch<OpenedItem>> {
  if (!batch.ok || trusted === undefined) return batch
  const notes = batch.value.filter(isNote)
  if (notes.length === 0) return batch
  const opened = new Map<LogItem, OpenedNote>()
  await Promise.all(notes.map(async (note) => opened.set(note, await openNote(note, trusted))))
  return ok(batch.value.map((item) => (isNote(item) ? { ...item, opened: opened.get(item) } : item)))
}

async function openNote({ note }: StoredNote, trusted: Verifier): Promise<OpenedNote> {
  const parsed = parseNote(note)
  if (!parsed.ok || parsed.value.keyHash !== trusted.keyHash) return { parsed, matches: undefined }
  return { parsed, matches: await trusted.verifyLater(parsed.value.text, parsed.value.signature) }
}
