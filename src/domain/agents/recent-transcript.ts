import type { Json } from '#base/json.ts'

/** How much of what was said before an agent is told at most: every further step would otherwise tell all of it again. */
const MOST_ENTRIES = 30
const MOST_TEXT = 4000

/** What of a transcript an agent is told: the latest, and the beginning of what is long; what is left out is said. */
export function recentTranscript(value: Json): Json {
  if (!Array.isArray(value)) return value
  const entries = value as readonly Json[]
  const left = entries.length - MOST_ENTRIES
  const shown = entries.slice(-MOST_ENTRIES).map(shortened)
  return left > 0 ? [{ left_out: `${left} earlier entries` }, ...shown] : shown
}

function shortened(entry: Json): Json {
  if (typeof entry !== 'object' || entry === null || !('said' in entry)) return entry
  const { said } = entry
  if (typeof said !== 'string' || said.length <= MOST_TEXT) return entry
  return { ...entry, said: said.slice(0, MOST_TEXT), left_out: `${said.length - MOST_TEXT} characters` }
}
