import { err, ok, type Result } from '#base/result.ts'
import type { AskGit } from './read-git.ts'

/** What git runs for a filter while it compares a file with the commit. */
const FILTER = /^filter\.(.*)\.(?:clean|process)$/s

/**
 * Arguments of git by which no filter that the repository itself configures is run: those are programs that came with it.
 * Filters of the user's own configuration stay. Contents are kept as they lie there, so what is recorded is the same.
 */
export async function withoutFilters(ask: AskGit): Promise<Result<readonly string[], string>> {
  const listed = await ask(['config', '--list', '--show-scope', '--name-only', '-z'])
  if (!listed.ok) return listed
  const fields = listed.value.split('\0')
  const names = new Set<string>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const filter = FILTER.exec(fields[at + 1] ?? '')?.[1]
    if (filter !== undefined && ['local', 'worktree'].includes(fields[at] ?? '')) names.add(filter)
  }
  // git would read another setting out of it.
  if ([...names].some((name) => name.includes('='))) return err('a filter of it has a name that cannot be left out')
  const settings = ['clean=', 'process=', 'required=false']
  return ok([...names].flatMap((name) => settings.flatMap((setting) => ['-c', `filter.${name}.${setting}`])))
}
