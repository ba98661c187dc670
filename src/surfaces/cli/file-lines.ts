import { count, onOneLine } from '#base/text.ts'
import type { ChangedFile } from '#domain/run/changed-file.ts'
import type { Paint } from './io.ts'
import { nodeLabel } from './node-lines.ts'
import { hung } from './rows.ts'

const MOST_FILES = 50
const MOST_DIFF = 60

/** Each file with who changed it, and how it differs from what it was before the run. */
export function fileLines(
  files: readonly ChangedFile[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  const left = files.length - MOST_FILES
  const more = left > 0 ? [`  … ${count(left, 'more file')}`] : []
  return [...files.slice(0, MOST_FILES).flatMap((file) => changedLines(file, columns, paint)), ...more]
}

function changedLines(
  { path, writes, added, removed, diff }: ChangedFile,
  columns: number,
  paint: Paint,
): readonly string[] {
  const by = [...new Set(writes.map(({ node, ...rest }) => (node === null ? 'run' : nodeLabel({ ...rest, node }))))]
  const size = added === null || removed === null ? '' : `+${added} -${removed}  `
  const text = `${size}by ${by.join(', ')}`
  const head = `  ${onOneLine(path)}  `
  const lines = (diff ?? ['(its contents are no text, or not kept)']).map(onOneLine)
  const shown = lines.slice(0, MOST_DIFF).map((line) => `    ${colored(line, paint)}`)
  const left = lines.length - shown.length
  const more = left > 0 ? [`    … ${count(left, 'more line')}`] : []
  return [...hung({ head, width: head.length, text, columns }), ...shown, ...more]
}

function colored(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint.good(line)
  return line.startsWith('-') ? paint.bad(line) : line
}
