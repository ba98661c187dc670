import { Buffer } from 'node:buffer'
import { sha256 } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import { lineDiff } from '#base/line-diff.ts'
import { replaceTexts } from '#domain/agents/replace-texts.ts'
import { TOOL_ARGUMENTS } from '#domain/agents/tool-arguments.ts'
import type { ChangedFile, FileWrite } from '#domain/run/changed-file.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { FileChange } from '#domain/run/file-change.ts'
import { Workers } from './workers.ts'

/** What a file held, by digest; undefined where that is not kept. */
export type ContentOf = (digest: string) => Uint8Array | undefined

/** A file that tools have written, with the last of what was asked for. */
interface Written {
  readonly change: FileChange
  readonly args: Json
  readonly write: FileWrite
}

/** Longer differences are cut; whoever wants all of them has the files. */
const MOST_LINES = 2000
const MOST_BYTES = 2_000_000

/** The files that agents have changed, in the order of their first change: who wrote them, and how they differ now. */
export function changedFiles(events: readonly RunEvent[], contentOf: ContentOf): readonly ChangedFile[] {
  const files = new Map<string, Written[]>()
  for (const written of writesOf(events)) {
    const key = `${written.change.root}/${written.change.path}`
    files.set(key, [...(files.get(key) ?? []), written])
  }
  return [...files.values()].flatMap((writes) => changedFile(writes, contentOf) ?? [])
}

function writesOf(events: readonly RunEvent[]): readonly Written[] {
  const workers = new Workers(events[0])
  const begun = new Map<number, Pick<Written, 'args'> & { readonly place: ReturnType<Workers['ofStep']> }>()
  return events.flatMap((event) => {
    if (event.type === 'node.started') workers.begin(event)
    else if (event.type === 'node.ended') workers.finish(event)
    else if (event.type === 'step.started' && event.body.activity === 'tool') {
      const { args = null } = event.body.input as { readonly args?: Json }
      begun.set(event.body.number, { args, place: workers.ofStep(event.body.name) })
    } else if (event.type === 'step.succeeded' && event.body.activity === 'tool') {
      const step = begun.get(event.body.number)
      const change = changeIn(event.body.output)
      if (step === undefined || change === undefined) return []
      const { sha256: after, bytes, before } = change
      return [{ change, args: step.args, write: { ...step.place, at: event.at, sha256: after, bytes, before } }]
    }
    return []
  })
}

/** Answers of tools that have changed a file say so. */
function changeIn(answer: Json): FileChange | undefined {
  const change = answer as unknown as (FileChange & { readonly ok?: boolean }) | null
  return change?.ok === true && 'before' in change && 'root' in change ? change : undefined
}

function changedFile(writes: readonly Written[], contentOf: ContentOf): ChangedFile | undefined {
  const [first, last] = [writes[0], writes.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const { root, path } = first.change
  const told = { root, path, writes: writes.map(({ write }) => write) }
  const before = first.change.before === null ? '' : textOf(contentOf(first.change.before))
  const after = afterLast(last, contentOf)
  if (before === undefined || after === undefined) return { ...told, added: null, removed: null, diff: null }
  const { added, removed, lines } = lineDiff(before, after)
  const left = lines.length - MOST_LINES
  const diff = left > 0 ? [...lines.slice(0, MOST_LINES), `… ${left} more lines`] : lines
  return { ...told, added, removed, diff: [...diff] }
}

/** What was written follows from what was asked for and what was there. */
function afterLast({ change, args }: Written, contentOf: ContentOf): string | undefined {
  if (change.sha256 === null) return ''
  const isIt = (text: string | undefined) => text !== undefined && sha256(Buffer.from(text)) === change.sha256
  const kept = textOf(contentOf(change.sha256))
  if (kept !== undefined) return kept
  const written = TOOL_ARGUMENTS.write.safeParse(args)
  if (written.success && isIt(written.data.text)) return written.data.text
  const edited = TOOL_ARGUMENTS.edit.safeParse(args)
  const before = change.before === null ? undefined : textOf(contentOf(change.before))
  if (!edited.success || before === undefined) return undefined
  const replaced = replaceTexts(change.path, before, edited.data.edits)
  return replaced.ok && isIt(replaced.value) ? replaced.value : undefined
}

/** Undefined for what is no text, or too long to be compared. */
function textOf(content: Uint8Array | undefined): string | undefined {
  if (content === undefined || content.length > MOST_BYTES || content.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
