import { describe, expect, test } from 'vitest'
import { hasRawBytes, rawBytes, rawText, sortByBytes, wellFormed } from '#base/raw-text.ts'
import { Chance } from '../support/sim-random.ts'

describe('raw text', () => {
  test.each([
    ['plain', 'a/b.txt'],
    ['letters of two, three and four bytes', 'é日😀'],
    ['a byte order mark', '\ufeffa'],
  ])('is the text itself where the bytes are UTF-8: %s', (_title, text) => {
    expect(rawText(Buffer.from(text))).toBe(text)
    expect(hasRawBytes(text)).toBe(false)
    expect(Buffer.from(rawBytes(text))).toEqual(Buffer.from(text))
  })

  test('keeps each byte that is no UTF-8 as a character of its own', () => {
    const text = rawText(Buffer.from([0x61, 0xff, 0x62, 0xc3, 0xed, 0xa0, 0x80]))
    expect(text).toBe('a\udcffb\udcc3\udced\udca0\udc80')
    expect(hasRawBytes(text)).toBe(true)
    expect(wellFormed(text)).toBe('a\ufffdb\ufffd\ufffd\ufffd\ufffd')
  })

  test('gives back any bytes whatever, and orders as they do', () => {
    const chance = new Chance(1)
    for (let round = 0; round < 3000; round++) {
      const bytes = bytesBy(chance)
      expect(Buffer.from(rawBytes(rawText(bytes)))).toEqual(bytes)
    }
    for (let round = 0; round < 2000; round++) {
      const texts = Array.from({ length: 8 }, () => bytesBy(chance)).map(rawText)
      const sorted = texts.toSorted((left, right) => Buffer.compare(rawBytes(left), rawBytes(right)))
      expect(sortByBytes(texts)).toEqual(sorted)
    }
  })
})

const PIECES = ['a', '/', '.', 'é', '日', '😀', '\ue000', '\uffff', '\ufffd'].map((text) => Buffer.from(text))

function bytesBy(chance: Chance): Buffer {
  const piece = () => (chance.happens(0.3) ? Buffer.from([chance.below(256)]) : chance.one(PIECES))
  return Buffer.concat(Array.from({ length: chance.below(6) }, piece))
}
