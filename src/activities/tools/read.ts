import { sha256 } from '#base/digest.ts'
import { fileRefusal } from '#domain/agents/refusal.ts'
import type { ToolArguments } from '#domain/agents/tool-arguments.ts'
import type { ReadAnswer, ToolRefusal } from '#domain/run/tool-answer.ts'
import { type Calling, find, lineStarts, textOf } from './tool-parts.ts'

export const MOST_FILE_BYTES = 10_000_000
/** Of one answer: whoever wants more asks for other lines. */
const MOST_CHARACTERS = 100_000

export function read(calling: Calling<ToolArguments<'read'>>): ReadAnswer | ToolRefusal {
  const { args, workspace, tools, mask } = calling
  const place = find(calling, args.path, 'read')
  if (!place.ok) return place.error
  const content = workspace.read(place.value, MOST_FILE_BYTES)
  if (!content.ok) return fileRefusal(args.path, content.error, tools.spaces)
  const text = textOf(args.path, content.value)
  if (!text.ok) return text.error
  const shown = mask === undefined ? text.value : mask.text(text.value)
  return {
    ok: true,
    path: place.value.shown,
    bytes: content.value.length,
    sha256: sha256(content.value),
    ...part(shown, args),
    ...(shown !== text.value && { hidden: true }),
  }
}

/** The lines that are asked for, as many as an answer takes; of a line that is longer, its beginning. */
function part(
  text: string,
  { from = 1, to = Number.MAX_SAFE_INTEGER }: { readonly from?: number | undefined; readonly to?: number | undefined },
): Pick<ReadAnswer, 'lines' | 'from' | 'to' | 'text' | 'cut'> {
  const starts = lineStarts(text)
  const lines = starts.length
  const start = starts[from - 1] ?? text.length
  const endOf = (line: number) => starts[line] ?? text.length
  let last = Math.min(to, lines)
  if (endOf(last) - start > MOST_CHARACTERS) {
    last = Math.max(
      from,
      starts.findLastIndex((at) => at - start <= MOST_CHARACTERS),
    )
  }
  const end = endOf(last)
  const isCut = end - start > MOST_CHARACTERS
  return {
    lines,
    from,
    to: last,
    text: wellFormed(text.slice(start, Math.max(start, isCut ? start + MOST_CHARACTERS : end))),
    ...((isCut || last < Math.min(to, lines)) && { cut: true }),
  }
}

/** Half a character at the end goes. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1)
}
