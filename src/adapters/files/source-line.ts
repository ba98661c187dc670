/** Of a longer line only the beginning is kept: a message shows a window of it at most. */
const LONGEST = 10_000

/** The lines of a TOML text. A lone carriage return ends none. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/)
}

/** The line of that number, counted from 1, as a problem keeps it. */
export function sourceLine(lines: readonly string[], line: number): string {
  return (lines[line - 1] ?? '').slice(0, LONGEST)
}
