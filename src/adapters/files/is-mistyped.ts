import { nearest } from '#base/text.ts'
import { type Finding, keyText } from './config-finding.ts'

/** That a key is missing is no news beside the mistyped one that was meant to be it. */
export function isMistyped({ kind, path }: Finding, all: readonly Finding[]): boolean {
  if (kind !== 'missing_key') return false
  const table = keyText(path.slice(0, -1))
  return all.some(({ kind: other, path: there, meant }) => {
    if (other !== 'unknown_key' || meant === undefined || keyText(there.slice(0, -1)) !== table) return false
    return nearest(meant.word.slice(0, 100), meant.candidates) === path.at(-1)
  })
}
