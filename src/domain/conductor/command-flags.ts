import { err, ok, type Result } from '#base/result.ts'
import { notAmong, type WordsFault } from './command-forms.ts'

/** The words of a command, parted from its flags. */
export interface FlaggedWords {
  readonly words: readonly string[]
  readonly values: ReadonlyMap<string, string>
  readonly set: ReadonlySet<string>
}

const VALUED: ReadonlySet<string> = new Set(['append', 'replace', 'reason'])
const PLAIN: ReadonlySet<string> = new Set(['once', 'as-json'])

/** Parts flags from words, wherever they stand; behind `--` there are none. */
export function readFlags(all: readonly string[]): Result<FlaggedWords, WordsFault> {
  const end = all.indexOf('--')
  const [before, behind] = end < 0 ? [all, []] : [all.slice(0, end), all.slice(end + 1)]
  const words: string[] = []
  const values = new Map<string, string>()
  const set = new Set<string>()
  for (let index = 0; index < before.length; index++) {
    const word = before[index] ?? ''
    const { flag, value } = flagOf(word)
    if (flag === undefined) words.push(word)
    else if (PLAIN.has(flag) && value === undefined) set.add(flag)
    else if (VALUED.has(flag)) {
      const given = value ?? before[++index]
      if (given === undefined) return err({ problem: 'missing', word, expected: `--${flag} TEXT` })
      values.set(flag, given)
    } else
      return err(
        notAmong(
          'unexpected',
          word,
          [...VALUED, ...PLAIN].map((each) => `--${each}`),
        ),
      )
  }
  return ok({ words: [...words, ...behind], values, set })
}

function flagOf(word: string): { readonly flag?: string; readonly value?: string } {
  if (!word.startsWith('--')) return {}
  const [flag = '', ...given] = word.slice(2).split('=')
  return given.length === 0 ? { flag } : { flag, value: given.join('=') }
}
