import { err, ok, type Result } from './result.ts'

/** A Markdown file that may begin with keys in YAML between two lines `---`. */
export interface FrontMatter {
  readonly keys: Readonly<Record<string, unknown>>
  /** What stands below them, without blank lines at its ends. */
  readonly body: string
}

/** Reads the keys at the beginning of a Markdown file; none where it does not begin with a line `---`. */
export function readFrontMatter(text: string): Result<FrontMatter, string> {
  const plain = text.replace(/^\uFEFF/, '')
  const opened = /^---[ \t]*\r?\n/.exec(plain)
  if (opened === null) return ok({ keys: {}, body: plain.trim() })
  const rest = plain.slice(opened[0].length)
  const closed = /^---[ \t]*(?:\r?\n|$)/m.exec(rest)
  if (closed === null) return err('the keys at its beginning have no end: a line --- is expected below them')
  const keys = parsed(rest.slice(0, closed.index))
  if (!keys.ok) return keys
  return ok({ keys: keys.value, body: rest.slice(closed.index + closed[0].length).trim() })
}

function parsed(yaml: string): Result<Readonly<Record<string, unknown>>, string> {
  try {
    const value: unknown = Bun.YAML.parse(yaml)
    if (value === null || value === undefined) return ok({})
    const isTable = typeof value === 'object' && !Array.isArray(value)
    return isTable ? ok(value as Readonly<Record<string, unknown>>) : err('the keys at its beginning are no table')
  } catch (error) {
    return err(`the keys at its beginning are no valid YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}
