import { describe, expect, test } from 'vitest'
import { ALGORITHMS } from '#domain/hashing/algorithm.ts'
import { readManifest } from '#domain/hashing/manifest.ts'
import { printEntry, readLine } from '#domain/hashing/manifest-line.ts'
import { Chance } from '../../support/sim-random.ts'

const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const SHA512 = SHA256 + SHA256
const XXH64 = 'ef46db3751d8e999'

describe('a line of a manifest', () => {
  test.each([
    ['in text mode', `${SHA256}  a`, 'a', 'sha256', SHA256],
    ['in binary mode', `${SHA256} *a`, 'a', 'sha256', SHA256],
    ['of BSD in reverse', `${SHA1} a`, 'a', 'sha1', SHA1],
    ['with a tab', `${SHA1}\ta`, 'a', 'sha1', SHA1],
    ['behind blanks', ` \t${SHA1}  a`, 'a', 'sha1', SHA1],
    ['in capitals', `${SHA1.toUpperCase()}  A`, 'A', 'sha1', SHA1],
    ['of xxhsum', `${XXH64}  a`, 'a', 'xxh64', XXH64],
    ['with a tag', `SHA512 (a b) = ${SHA512}`, 'a b', 'sha512', SHA512],
    ['with the tag of xxhsum', `XXH64 (a) = ${XXH64}`, 'a', 'xxh64', XXH64],
    ['of OpenSSL', `SHA256(a)= ${SHA256}`, 'a', 'sha256', SHA256],
    ['of OpenSSL 3', `SHA2-256(a)= ${SHA256}`, 'a', 'sha256', SHA256],
    ['with a tag and parentheses in the name', `SHA1 (a) = (b) = ${SHA1}`, 'a) = (b', 'sha1', SHA1],
    ['from Windows', `${SHA1}  a\r`, 'a', 'sha1', SHA1],
    ['with a name of blanks', `${SHA1}    a `, '  a ', 'sha1', SHA1],
    ['with a name of a star', `${SHA1}  *`, '*', 'sha1', SHA1],
    ['with a backslash that is not escaped', `${SHA1}  a\\b`, 'a\\b', 'sha1', SHA1],
    ['with escapes', `\\${SHA1}  a\\\\b\\nc\\rd`, 'a\\b\nc\rd', 'sha1', SHA1],
    ['with a tag and escapes', `\\SHA1 (a\\nb) = ${SHA1}`, 'a\nb', 'sha1', SHA1],
    ['with a name that looks like a digest', `${SHA1}  ${SHA1}  a`, `${SHA1}  a`, 'sha1', SHA1],
  ])('is read %s', (_title, line, ...entry) => {
    const [name, algorithm, hash] = entry
    expect(readLine(line, undefined)).toEqual({ kind: 'entry', entry: { name, algorithm, hash } })
  })

  test.each([
    ['', 'nothing'],
    ['  ', 'nothing'],
    ['\r', 'nothing'],
    ['# comment', 'nothing'],
    ['-----BEGIN PGP SIGNED MESSAGE-----', 'neither "digest  file" nor "SHA256 (file) = digest"'],
    [SHA1, 'neither "digest  file" nor "SHA256 (file) = digest"'],
    [`${SHA1}  `, 'neither "digest  file" nor "SHA256 (file) = digest"'],
    [`${SHA1} *`, 'neither "digest  file" nor "SHA256 (file) = digest"'],
    [`${SHA1}a`, 'neither "digest  file" nor "SHA256 (file) = digest"'],
    [`SHA1 () = ${SHA1}`, 'neither "digest  file" nor "SHA256 (file) = digest"'],
    ['d41d8cd98f00b204e9800998ecf8427e  a', 'no known digest has 32 digits'],
    ['MD5 (a) = d41d8cd98f00b204e9800998ecf8427e', 'MD5 is not supported'],
    [`SHA256 (a) = ${SHA1}`, 'a digest of sha256 does not have 40 digits'],
    [`\\${SHA1}  a\\tb`, 'an escape in the name of the file is unknown'],
    [`\\${SHA1}  a\\`, 'an escape in the name of the file is unknown'],
    [`${SHA1}  a\0b`, 'the name of the file holds a zero byte'],
  ])('is no entry: %j', (line, expected) => {
    const read = readLine(line, undefined)
    expect(read.kind === 'malformed' ? read.reason : read.kind).toBe(expected)
  })

  test('of another algorithm than the one that is asked for is refused', () => {
    expect(readLine(`${SHA1}  a`, 'sha256')).toEqual({
      kind: 'malformed',
      reason: 'it is of sha1, sha256 was asked for',
    })
    expect(readLine(`${SHA1}  a`, 'sha1').kind).toBe('entry')
  })

  test.each([
    ['plain', 'a b', `${SHA1}  a b`, `SHA1 (a b) = ${SHA1}`],
    ['with a backslash', 'a\\b', `\\${SHA1}  a\\\\b`, `\\SHA1 (a\\\\b) = ${SHA1}`],
    ['with line breaks', 'a\nb\rc', `\\${SHA1}  a\\nb\\rc`, `\\SHA1 (a\\nb\\rc) = ${SHA1}`],
  ])('is written as sha256sum writes it: %s', (_title, name, ...lines) => {
    const entry = { name, algorithm: 'sha1', hash: SHA1 } as const
    expect([printEntry(entry, false), printEntry(entry, true)]).toEqual(lines)
  })

  test('is read as it was written, whatever the name', () => {
    const chance = new Chance(2)
    for (let round = 0; round < 5000; round++) {
      const entry = { name: nameBy(chance), algorithm: chance.one(ALGORITHMS), hash: '' }
      const whole = { ...entry, hash: HASHES[entry.algorithm] }
      const line = printEntry(whole, chance.happens(0.5))
      expect(line).not.toMatch(/[\n\r]/)
      expect(readLine(line, chance.happens(0.5) ? entry.algorithm : undefined)).toEqual({ kind: 'entry', entry: whole })
    }
  })

  test('is read or refused, whatever it is, and never holds us up', () => {
    const chance = new Chance(3)
    for (let round = 0; round < 5000; round++) {
      const line = Array.from({ length: chance.below(12) }, () => chance.one(NOISE)).join('')
      expect(['entry', 'nothing', 'malformed']).toContain(readLine(line, undefined).kind)
    }
    const start = performance.now()
    readLine(`SHA256 (${') = ('.repeat(200_000)}`, undefined)
    readLine(`${'a'.repeat(1_000_000)}`, undefined)
    readLine(`\\${SHA1}  ${'\\'.repeat(1_000_001)}`, undefined)
    // Anything that grows with the square of the length would take hours.
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('a manifest', () => {
  test('may have comments, empty lines, a byte order mark, Windows line ends and no last line feed', () => {
    const text = `\ufeff# sums\r\n\r\n${SHA1}  a\r\nSHA256 (b) = ${SHA256}`
    expect(readManifest(text)).toEqual({
      entries: [
        { name: 'a', algorithm: 'sha1', hash: SHA1, line: 3 },
        { name: 'b', algorithm: 'sha256', hash: SHA256, line: 4 },
      ],
      malformed: [],
    })
  })

  test('has its malformed lines counted and named, and the others read all the same', () => {
    const { entries, malformed } = readManifest(`<html>\n${SHA1}  a\n${'x'.repeat(300)}\n`)
    expect(entries.map(({ name }) => name)).toEqual(['a'])
    expect(malformed.map(({ line, text }) => [line, text])).toEqual([
      [1, '<html>'],
      [3, 'x'.repeat(200)],
    ])
  })

  test('that is empty has nothing to say', () => {
    expect(readManifest('')).toEqual({ entries: [], malformed: [] })
  })
})

const HASHES = { sha1: SHA1, sha256: SHA256, sha512: SHA512, xxh64: XXH64 }
const LETTERS = ['a', 'B', ' ', '*', '#', '\\', '\n', '\r', '\t', '(', ')', ' = ', 'n', 'é', '\udcff', '😀', '\ufeff']
const NOISE = [...LETTERS, SHA1, SHA256, XXH64, '\\', 'SHA1 (', ') = ', '  ', '\0']

function nameBy(chance: Chance): string {
  return Array.from({ length: 1 + chance.below(8) }, () => chance.one(LETTERS)).join('')
}
