import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import type { LogRange, LogReader, StoredNote } from './store-port.ts'

/** What stands in the log: an event, or a checkpoint. */
export type LogItem = StoredEvent | StoredNote

export function isNote(item: LogItem): item is StoredNote {
  return 'note' in item
}

export interface ItemRange {
  readonly events: LogRange
  readonly notes: LogRange
}

/**
 * Events and checkpoints as one sequence, in batches: a checkpoint comes after the event that it speaks of. After a
 * failure of the one kind, the other still comes.
 */
export async function* logItems(log: LogReader, range: ItemRange): AsyncGenerator<Result<readonly LogItem[], Failure>> {
  const notes = noteCursor(log.notes(range.notes))
  await notes.load()
  for await (const page of log.pages(range.events)) {
    if (!page.ok) {
      yield page
      continue
    }
    const items: LogItem[] = []
    for (const event of page.value) {
      for (let note = notes.next(event.seq); note !== undefined; note = notes.next(event.seq)) {
        items.push(note)
        if (notes.isEmpty()) await notes.load()
      }
      items.push(event)
    }
    yield { ok: true, value: items }
  }
  while (!notes.isEmpty()) {
    yield { ok: true, value: notes.rest() }
    await notes.load()
  }
  const failure = notes.failure()
  if (failure !== undefined) yield { ok: false, error: failure }
}

/** Looks at pages of checkpoints one by one; `load` fetches the next page once this one is used up. */
function noteCursor(source: AsyncIterable<Result<readonly StoredNote[], Failure>>) {
  const pages = source[Symbol.asyncIterator]()
  let page: readonly StoredNote[] = []
  let index = 0
  let failure: Failure | undefined
  return {
    load: async (): Promise<void> => {
      const result = await pages.next()
      index = 0
      page = result.done === true || !result.value.ok ? [] : result.value.value
      if (result.done !== true && !result.value.ok) failure = result.value.error
    },
    isEmpty: (): boolean => index >= page.length,
    /** The next one that speaks of less than this event. */
    next: (seq: number): StoredNote | undefined => {
      const note = page[index]
      if (note === undefined || note.size >= seq) return undefined
      index += 1
      return note
    },
    rest: (): readonly StoredNote[] => {
      const rest = page.slice(index)
      index = page.length
      return rest
    },
    failure: (): Failure | undefined => failure,
  }
}
