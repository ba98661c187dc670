import * as z from 'zod/mini'

/** What a job, task or orchestration may be called: it becomes a file name on three operating systems. */
const NAME_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/
const MOST_CHARACTERS = 64
const DEVICE_NAME = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i

export const Name = z.string().check(
  z.regex(NAME_PATTERN, { error: 'name' }),
  z.refine((name) => name.length <= MOST_CHARACTERS, { error: 'long_name' }),
  z.refine((name) => !DEVICE_NAME.test(name), { error: 'device_name' }),
  z.refine((name) => !name.endsWith('.'), { error: 'name' }),
  // JavaScript's one key that is not like the others: validation drops it without a word.
  z.refine((name) => name !== '__proto__', { error: 'reserved_name' }),
)

/** Pairs of names that a file system without letter case would take for one. */
export function clashingNames(names: Iterable<string>): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>()
  const clashes: (readonly [string, string])[] = []
  for (const name of names) {
    const folded = name.toLowerCase()
    const first = seen.get(folded)
    if (first === undefined) seen.set(folded, name)
    else clashes.push([first, name])
  }
  return clashes
}
