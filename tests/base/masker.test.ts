import { describe, expect, test, vi } from 'vitest'
import { maskOf } from '#base/masker.ts'
import { WordTree } from '#base/word-tree.ts'
import { sampleOf, slowlyMasked } from './masker-samples.ts'

const SECRET = `T0ken+/"it's"&<ö> $x~99`
const KEY = `-----BEGIN KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(3)}\nzz9/+Qx\n-----END KEY-----`
const bytesOf = (text: string) => Buffer.from(text)

/** The forms that people meet, by other means than ours. */
function forms(secret: string): Readonly<Record<string, string>> {
  const bytes = bytesOf(secret)
  const base64 = (before: string, behind: string) => bytesOf(before + secret + behind).toString('base64')
  return {
    raw: secret,
    base64: bytes.toString('base64'),
    'base64 without padding': bytes.toString('base64').replace(/=+$/, ''),
    'base64 of a line': bytesOf(`${secret}\n`).toString('base64'),
    'base64 in the middle, 1': base64('a', 'zzz'),
    'base64 in the middle, 2': base64('ab', 'zzz'),
    'base64 in the middle, 3': base64('abc', 'zzz'),
    'basic authentication': base64('user:', ''),
    base64url: bytes.toString('base64url'),
    'base64url in the middle': bytesOf(`x${secret}zz`).toString('base64url'),
    'base64, wrapped': (base64('v'.repeat(50), 'z').match(/.{1,76}/g) ?? []).join('\n'),
    'base64, wrapped with CRLF': (base64('v'.repeat(50), 'z').match(/.{1,64}/g) ?? []).join('\r\n'),
    hex: bytes.toString('hex'),
    'hex in capitals': bytes.toString('hex').toUpperCase(),
    'hex, wrapped': (
      bytesOf(`12345678901234567890${secret}`)
        .toString('hex')
        .match(/.{1,60}/g) ?? []
    ).join('\n'),
    'percent-encoded': encodeURIComponent(secret),
    'percent-encoded for a path': secret.split('/').map(encodeURIComponent).join('/'),
    'as Python quotes for a path': secret
      .split('/')
      .map(encodeURIComponent)
      .join('/')
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
    'hex with colons': [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
    'hex with colons in capitals': [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':'),
    'hex with blanks': [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    'of a form': new URLSearchParams({ a: secret }).toString().slice(2),
    JSON: JSON.stringify(secret).slice(1, -1),
    'JSON in JSON': JSON.stringify(JSON.stringify({ a: secret })).slice(10, -4),
    'quoted for a shell': `'${secret.replaceAll("'", `'\\''`)}'`,
    'as dash quotes it': `'${secret.replaceAll("'", `'"'"'`)}'`,
    'in double quotes of a shell': `"${secret.replace(/[\\"$`]/g, '\\$&')}"`,
    'with the line ends of a terminal': secret.replaceAll('\n', '\r\n'),
  }
}

/** What of a secret can be seen: the longest part of any form that is left. */
function leak(shown: string, form: string): number {
  for (let length = Math.min(form.length, 12); length > 0; length--) {
    for (let at = 0; at + length <= form.length; at++) if (shown.includes(form.slice(at, at + length))) return length
  }
  return 0
}

describe('a mask', () => {
  test.each(Object.entries(forms(SECRET)))('hides a secret as it is: %s', (_name, form) => {
    const shown = maskOf([SECRET]).text(`[${form}]`)
    expect(shown).toContain('***')
    // Characters shared with neighbours in base64 stay, and so do quotes around it.
    expect(shown.replaceAll('***', '').length).toBeLessThanOrEqual(2 + (form.length - leastHidden(form)))
    expect(shown).not.toContain(form)
    expect(leak(shown.replaceAll('***', '\0'), bytesOf(SECRET).toString('base64'))).toBeLessThan(5)
    expect(shown).not.toContain('T0ken')
  })

  test.each(Object.entries(forms(KEY)))('hides a secret of several lines: %s', (_name, form) => {
    const shown = maskOf([KEY]).text(form)
    expect(shown).toContain('***')
    expect(shown).not.toContain('QIBADANB')
    expect(shown).not.toContain(bytesOf('QIBADANBgkq').toString('hex'))
  })

  test('hides each line of it on its own', () => {
    expect(maskOf([KEY]).text('key line:   zz9/+Qx!\n')).toBe('key line:   ***!\n')
  })

  test('is the same wherever the pieces end', () => {
    const text = Object.values(forms(SECRET)).join(' | ')
    const mask = maskOf([SECRET])
    const whole = mask.text(text)
    const bytes = bytesOf(text)
    for (let at = 0; at <= bytes.length; at++) {
      const stream = mask.stream()
      const shown = [stream.push(bytes.subarray(0, at)), stream.push(bytes.subarray(at)), stream.end()]
      expect(Buffer.concat(shown).toString()).toBe(whole)
    }
    const stream = mask.stream()
    const shown = Array.from(bytes, (byte) => stream.push(Uint8Array.of(byte)))
    expect(Buffer.concat([...shown, stream.end()]).toString()).toBe(whole)
  })

  test.each<readonly [name: string, secrets: readonly string[], text: string, shown: string]>([
    ['one that begins another', ['abcd', 'abcdefgh'], 'abcd abcde abcdefgh', '*** ***e ***'],
    ['one within another', ['cdef', 'abcdefgh'], 'abcdefgh abcdef', '*** ab***'],
    ['two that overlap', ['abcdef', 'defghi'], '[abcdefghi]', '[***]'],
    ['two that touch', ['abcd', 'efgh'], 'abcdefgh', '******'],
    ['one that overlaps itself', ['abab'], 'xabababx', 'x***x'],
    ['one that nearly begins twice', ['aaab'], 'aaaab', 'a***'],
    ['a part of it at the end', ['abcdefgh'], 'x abcdefg', 'x abcdefg'],
    ['nothing', ['abcd'], '', ''],
    ['stars', ['****'], 'a ***** b', 'a *** b'],
  ])('hides %s', (_name, secrets, ...texts) => {
    const [text, shown] = texts
    expect(maskOf(secrets).text(text)).toBe(shown)
    const stream = maskOf(secrets).stream()
    const pieces = Array.from(bytesOf(text), (byte) => stream.push(Uint8Array.of(byte)))
    expect(Buffer.concat([...pieces, stream.end()]).toString()).toBe(shown)
  })

  test('lets bytes through that are no text', () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) % 256))
    const stream = maskOf([SECRET]).stream()
    const secret = bytesOf(SECRET)
    const shown = Buffer.concat([stream.push(Buffer.concat([bytes, secret, bytes])), stream.end()])
    expect(shown.equals(Buffer.concat([bytes, bytesOf('***'), bytes]))).toBe(true)
  })

  test('keeps back only what may begin a secret', () => {
    const stream = maskOf(['hunter22']).stream()
    expect(Buffer.from(stream.push(bytesOf('Password: '))).toString()).toBe('Password: ')
    expect(Buffer.from(stream.push(bytesOf('hun'))).toString()).toBe('')
    expect(Buffer.from(stream.push(bytesOf('t!'))).toString()).toBe('hunt!')
  })

  test('agrees with a plain search, whatever the secrets and the text', () => {
    let seed = 5
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    const word = (length: number) => Array.from({ length }, () => 'ab-'[random(3)]).join('')
    for (let round = 0; round < 400; round++) {
      const secrets = Array.from({ length: 1 + random(3) }, () => word(4 + random(8)))
      const text = word(random(120))
      const stream = maskOf(secrets).stream()
      const pieces: Uint8Array[] = []
      for (let at = 0; at < text.length; ) {
        const length = 1 + random(9)
        pieces.push(stream.push(bytesOf(text.slice(at, at + length))))
        at += length
      }
      pieces.push(stream.end())
      expect(Buffer.concat(pieces).toString(), JSON.stringify({ secrets, text })).toBe(plainly(secrets, text))
    }
  })

  test('agrees with a search for every disguise at every place, however it is wrapped and cut', () => {
    let hidden = 0
    for (let seed = 1; seed <= 4000; seed++) {
      const sample = sampleOf(seed)
      const stream = maskOf(sample.secrets).stream()
      const shown = Buffer.concat([...sample.pieces.map((piece) => stream.push(piece)), stream.end()])
      const wanted = slowlyMasked(sample)
      if (shown.toString('latin1') !== wanted) expect(shown.toString('latin1'), `seed ${seed}`).toBe(wanted)
      if (stream.hasHidden) hidden += 1
    }
    expect(hidden).toBeGreaterThan(2000)
  }, 60_000)

  test.each([
    // In base64, `aaghp_secret99` is `YWFnaHBfc2VjcmV0OTk=` and `aakhp_secret99` is `YWFraHBfc2VjcmV0OTk=`.
    ['that begins with the letter of a quoted line break', ['ghp_secret99', 'Z2h\\naHBf\nc2Vj\ncmV0OTk=', 'Z2h\\***']],
    ['that begins with the first letter of one', ['khp_secret99', 'a2h\\r\\naHBfc2Vj\r\ncmV0OTk=', 'a2h\\***']],
    ['that begins within what was no line break', ['khp_secret99', 'a2h\\r\naHBfc2Vj\ncmV0OTk=', 'a2h\\***']],
    ['of lines that are shorter than its head', ['ghp_secret99', '67\n68\n70\n5f\n7365\\n637265743939', '***']],
  ])('hides a wrapped form %s', (_name, [secret = '', text = '', shown]) => {
    expect(maskOf([secret]).text(text)).toBe(shown)
  })

  test.each<readonly [name: string, secrets: readonly string[], text: string]>([
    ['20 zeros', ['0'.repeat(20)], '0'],
    ['64 KiB of zeros', ['0'.repeat(65_536)], '0'],
    ['zeros that a one ends', [`${'0'.repeat(4095)}1`], '0'],
    ['a word again and again', ['ab'.repeat(2000)], 'ab'],
    ['one that nearly is there everywhere', [`${'ab'.repeat(2000)}c`], 'ab'],
    ['what its base64 form repeats', ['\0'.repeat(3000)], 'A'],
    ['forms that may begin within each line break', [`g${'abc'.repeat(1300)}`], '\\nYWJj'],
    ['many with one beginning', Array.from({ length: 500 }, (_, index) => `${'0'.repeat(40)}${index}x`), '0'],
  ])('takes a few steps a byte at most for %s', (_name, secrets, text) => {
    const edge = vi.spyOn(WordTree.prototype, 'edge')
    try {
      const stream = maskOf(secrets).stream()
      const piece = bytesOf(text.repeat(20_000 / text.length))
      // The trees are made when something may be hidden for the first time.
      stream.push(piece)
      edge.mockClear()
      stream.push(piece)
      expect(edge.mock.calls.length).toBeGreaterThan(0)
      expect(edge.mock.calls.length).toBeLessThanOrEqual(4 * piece.length)
    } finally {
      edge.mockRestore()
    }
  })

  test('hides all of what is longer than a piece, and of what only begins it nothing', () => {
    const secret = '0'.repeat(65_536)
    expect(maskOf([secret]).text(`a${'0'.repeat(200_000)}b`)).toBe('a***b')
    const short = '0'.repeat(65_535)
    expect(maskOf([secret]).text(`a${short}b`)).toBe(`a${short}b`)
  })

  test('goes on behind a fold that was none', () => {
    const secret = bytesOf('correct horse')
    const form = secret.toString('hex')
    for (const between of ['\r', '\\', '\\r', '\\r\\', '\r\r\n', ' \n']) {
      const text = `${form.slice(0, 6)}${between}${form}`
      expect(maskOf([String(secret)]).text(text), JSON.stringify(between)).toBe(`${form.slice(0, 6)}${between}***`)
    }
    for (const fold of ['\n', '\r\n', '\\n', '\\r\\n'])
      expect(maskOf([String(secret)]).text(form.match(/.{1,20}/g)?.join(fold) ?? '')).toBe('***')
  })

  test('is built fast for a long secret, and holds no more of the stream than it is long', () => {
    const secret = Array.from({ length: 1000 }, (_, index) => `${index * index * 7919}-line`).join('\n')
    const mask = maskOf([secret])
    expect(mask.text(bytesOf(`x${secret}y`).toString('base64'))).toContain('***')
  })
})

/** Quotes and shared characters around a hidden form. */
function leastHidden(form: string): number {
  return Math.max(4, Math.min(form.length - 8, bytesOf(SECRET).length))
}

/** Every place of every secret, and one mark for those that overlap. */
function plainly(secrets: readonly string[], text: string): string {
  let shown = ''
  let covered = 0
  for (let at = 0; at < text.length; at++) {
    const lengths = secrets.filter((secret) => text.startsWith(secret, at)).map((secret) => secret.length)
    if (lengths.length > 0) {
      if (at >= covered) shown += '***'
      covered = Math.max(covered, at + Math.max(...lengths))
    } else if (at >= covered) shown += text[at]
  }
  return shown
}
