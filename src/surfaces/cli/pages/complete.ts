import { ok } from '#base/result.ts'
import { type Candidate, expectedIn } from '../completions/line.ts'
import type { MakePage, Places } from '../page.ts'
import { readWords } from '../words.ts'

interface Completed {
  readonly words: readonly Candidate[]
  /** Paths are the shell's own business. */
  readonly paths: 'files' | 'directories' | null
}

/** `complete`: a word a line with what it is after a tab, then `:files` or `:directories` where a path may come. */
export const complete: MakePage = async ({ command: { arguments: given, options }, services }) => {
  const { word = [] } = given
  const words = typeof word === 'string' ? [word] : word
  const line = options['next'] === true || words.length === 0 ? [...words, ''] : words
  const { words: found, paths } = await completed(line, services)
  const rows = found.map(({ word, summary }) => (summary === '' ? `${word}\n` : `${word}\t${summary}\n`))
  return ok({ text: [...rows, ...(paths === null ? [] : [`:${paths}\n`])].join(''), document: { words: found, paths } })
}

async function completed(line: readonly string[], services: Parameters<MakePage>[0]['services']): Promise<Completed> {
  const expected = await expectedIn(line)
  if (expected.kind === 'words') return { words: expected.words, paths: null }
  const { spec, before, prefix } = expected
  if (spec.completes === undefined) return { words: [], paths: null }
  if (spec.completes === 'file') return { words: [], paths: 'files' }
  if (spec.completes === 'directory') return { words: [], paths: 'directories' }
  const { namesOf } = await import('../completions/names.ts')
  const names = await namesOf(spec.completes, before, async () => await services(placesIn(line)))
  return { words: names.map(({ word, summary }) => ({ word: `${prefix}${word}`, summary })), paths: null }
}

/** Where things lie by the line that is being written, which may name other places than usual. */
function placesIn(line: readonly string[]): Places {
  const { options } = readWords(line.slice(0, -1))
  const last = (name: string) => options.findLast(({ spec }) => spec.flag === name)?.value
  return { config: last('config'), stateDir: last('state-dir') }
}
