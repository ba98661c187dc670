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
    const taken: string[] = []
    for (let index = 0; index < NOTE.length; index++) {
      const [before, character, after] = [NOTE.slice(0, index), NOTE.charAt(index), NOTE.slice(index + 1)]
      for (const other of ['', character + character, character === 'A' ? 'B' : 'A', '0', '\n', ' ', '=', 'é']) {
        const changed = before + other + after
        const note = changed === NOTE ? undefined : parseNote(changed)
        // A changed digit is another statement; that it was not signed is for the signature to say.
        if (note?.ok && formatNote(note.value.text, { keyName: KEY_NAME, keyHash: note.value.keyHash }, note.value.signature) !== changed) taken.push(changed)
        if (note?.ok && JSON.stringify([note.value.text, note.value.keyHash, [...note.value.signature]]) === ORIGINAL) taken.push(changed)
      }
    }
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

const ORIGINAL = JSON.stringify([checkpointText(CHECKPOINT), '0011eeff', [...SIGNATURE]])
