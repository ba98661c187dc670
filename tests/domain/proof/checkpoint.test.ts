import { describe, expect, test } from 'vitest'
import { checkpointText, formatNote, KEY_NAME, parseNote } from '#domain/proof/checkpoint.ts'

const CHECKPOINT = { store: '01kab7d6s9f3v2m8qxw5r4t0ez', size: 42, hash: 'ab'.repeat(32), at: 1_795_176_000_007 }
const SIGNATURE = new Uint8Array(64).fill(5)
const NOTE = formatNote(checkpointText(CHECKPOINT), { keyName: KEY_NAME, keyHash: '0011eeff' }, SIGNATURE)

describe('a signed note', () => {
  test('comes back as it was written', () => {
    const note = parseNote(NOTE)
    expect(note.ok && note.value.checkpoint).toEqual(CHECKPOINT)
    expect(note.ok && note.value.keyHash).toBe('0011eeff')
    expect(note.ok && [...note.value.signature]).toEqual([...SIGNATURE])
  })

  test('has one spelling: no byte of it can be left out, doubled or replaced unnoticed', () => {
    // A changed digit may be another statement; that it was not signed is for the signature to say.
    const taken = everyChange(NOTE).filter((changed) => spellingOf(changed) === spellingOf(NOTE))
    expect(taken).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['a second signature', `${NOTE}— other AAAA\n`],
    ['another key name', NOTE.replace('— orchastration', '— orchastratiom')],
    ['unused bits of base64', NOTE.replace(/.=\n$/, (end) => `${end.charAt(0) === 'U' ? 'V' : 'X'}=\n`)],
    ['a leading zero', NOTE.replace('\n42\n', '\n042\n')],
    ['a size beyond whole numbers', NOTE.replace('\n42\n', '\n99999999999999999999999\n')],
    ['a time that is none', NOTE.replace('2026-11-20', '2026-13-20')],
    ['a time that rolls over', NOTE.replace('2026-11-20', '2026-02-31')],
    ['carriage returns', NOTE.replaceAll('\n', '\r\n')],
    ['a store of another length', NOTE.replace('0ez\n', '0e\n')],
  ])('is refused with %s', (_, note) => {
    expect(note).not.toBe(NOTE)
    expect(parseNote(note).ok).toBe(false)
  })
})

/** The note with one character left out, doubled or replaced, in every place. */
function everyChange(note: string): readonly string[] {
  const changes: string[] = []
  for (let index = 0; index < note.length; index++) {
    const [before, character, after] = [note.slice(0, index), note.charAt(index), note.slice(index + 1)]
    for (const other of ['', character + character, 'A', 'B', '0', '\n', ' ', '=', 'é'])
      changes.push(before + other + after)
  }
  return changes.filter((change) => change !== note)
}

/** What a note says, all of it; its text where it says nothing. */
function spellingOf(note: string): string {
  const parsed = parseNote(note)
  if (!parsed.ok) return note
  const { text, keyHash, signature } = parsed.value
  return JSON.stringify([text, keyHash, [...signature]])
}
