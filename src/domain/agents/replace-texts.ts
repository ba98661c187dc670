import { err, ok, type Result } from '#base/result.ts'
import type { ToolRefusal } from '../run/tool-answer.ts'
import { refusal } from './refusal.ts'

interface TextEdit {
  readonly old: string
  readonly new: string
}

const MOST_PLACES = 10

/** Replaces texts, each of which must stand exactly once in what those before it have left. */
export function replaceTexts(path: string, text: string, edits: readonly TextEdit[]): Result<string, ToolRefusal> {
  let current = text
  for (const [index, edit] of edits.entries()) {
    const places = placesOf(current, edit.old)
    const [at] = places
    const which = `${edits.length === 1 ? 'the old text' : `the old text of edit ${index + 1}`}`
    if (at === undefined)
      return err(refusal('no_match', `${which} does not stand in ${path}${hint(current, edit.old)}`))
    if (places.length > 1) {
      const more = places.length > MOST_PLACES ? ', …' : ''
      const lines = places.slice(0, MOST_PLACES).map((place) => lineOf(current, place))
      const where = `${places.length > MOST_PLACES ? `more than ${MOST_PLACES}` : places.length} times in ${path}`
      return err(refusal('ambiguous', `${which} stands ${where} (lines ${lines.join(', ')}${more}); give more of it`))
    }
    current = current.slice(0, at) + edit.new + current.slice(at + edit.old.length)
  }
  return ok(current)
}

/** Where a text stands, also where one place of it overlaps another; one more than are told at most. */
function placesOf(text: string, wanted: string): readonly number[] {
  const places: number[] = []
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (places.push(at) > MOST_PLACES) break
  }
  return places
}

function lineOf(text: string, at: number): number {
  let line = 1
  for (let feed = text.indexOf('\n'); feed >= 0 && feed < at; feed = text.indexOf('\n', feed + 1)) line += 1
  return line
}

function hint(text: string, wanted: string): string {
  if (text.includes('\r\n') && text.includes(wanted.replaceAll(/\r?\n/g, '\r\n'))) return '; its lines end in \\r\\n'
  const plain = (value: string) => value.replaceAll(/\s+/g, ' ').trim()
  return plain(wanted) !== '' && plain(text).includes(plain(wanted)) ? '; what stands there differs in white space' : ''
}
