/** What a file is, in a list: a plain file, one that may be executed, or a link that is not followed. */
export type FileMark = 'f' | 'x' | 'l'

export interface ListedFile {
  readonly path: string
  readonly mark: FileMark
  /** SHA-256 of its content, of a link of where it leads. */
  readonly digest: string
}

/** A line a file: digest, mark and path as JSON, by path. Equal lists are equal texts. */
export function listText(files: readonly ListedFile[]): string {
  let text = ''
  for (const { digest, mark, path } of files) text += `${digest} ${mark} ${JSON.stringify(path)}\n`
  return text
}

/** The paths in a list. */
export function pathsOfList(text: string): readonly string[] {
  return [...linesOf(text).keys()]
}

export interface ListDifference {
  readonly kind: 'changed' | 'added' | 'removed'
  readonly path: string
}

/** What became of the files of one list in another one. */
export function listDifferences(before: string, after: string): readonly ListDifference[] {
  const known = linesOf(before)
  const differences: ListDifference[] = []
  for (const [path, content] of linesOf(after)) {
    const was = known.get(path)
    known.delete(path)
    if (was !== content) differences.push({ kind: was === undefined ? 'added' : 'changed', path })
  }
  return [...differences, ...[...known.keys()].map((path) => ({ kind: 'removed' as const, path }))]
}

/** Digest and mark by path. */
function linesOf(text: string): Map<string, string> {
  const lines = new Map<string, string>()
  for (const line of text.split('\n')) if (line !== '') lines.set(String(JSON.parse(line.slice(67))), line.slice(0, 66))
  return lines
}
