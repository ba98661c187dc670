/** What `git status --porcelain=v2 --branch -z` says. */
export interface GitStatus {
  readonly head: string | null
  readonly branch: string | null
  /** Of files that are known and differ, or are not known; a path with a slash at its end is a repository of its own. */
  readonly paths: readonly string[]
}

export const STATUS = [
  'status',
  '--porcelain=v2',
  '--branch',
  '-z',
  '--untracked-files=all',
  '--no-renames',
  '--ignore-submodules=dirty',
] as const

export function readStatus(text: string): GitStatus {
  const lines = text.split('\0')
  const head = headerOf(lines, 'oid')
  const branch = headerOf(lines, 'head')
  const paths = lines.flatMap((line) => pathIn(line) ?? [])
  return { head: head === '(initial)' ? null : head, branch: branch === '(detached)' ? null : branch, paths }
}

function headerOf(lines: readonly string[], key: string): string | null {
  const start = `# branch.${key} `
  return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? null
}

/** Fields before the path are numbers, letters and digests, so only the path can have a space. */
function pathIn(line: string): string | undefined {
  switch (line[0]) {
    case '1':
      return afterFields(line, 8)
    case 'u':
      return afterFields(line, 10)
    case '?':
      return line.slice(2)
    default:
      return undefined
  }
}

function afterFields(line: string, count: number): string {
  let at = 0
  for (let field = 0; field < count; field++) at = line.indexOf(' ', at) + 1
  return line.slice(at)
}
