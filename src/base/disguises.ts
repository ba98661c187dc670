/** A run of bytes under which a text can show. */
export interface Disguise {
  readonly bytes: Uint8Array
  /** Whether line breaks may stand anywhere in it, as tools put them into long encodings. */
  readonly foldable: boolean
}

const STANDARD = /^[A-Za-z0-9+/=]*$/

/**
 * The forms in which a text is usually printed: as it is, each line of it, base64 and base64url at whatever place of a
 * longer encoded text, hexadecimal, also with colons or blanks, percent-encoded, and quoted for JSON, XML or a shell. Shorter ones than `least`
 * bytes are left out: they would be found everywhere.
 */
export function disguisesOf(text: string, least: number): readonly Disguise[] {
  const found = new Map<string, Disguise>()
  const add = (form: Uint8Array | string, foldable = false) => {
    const bytes = typeof form === 'string' ? Buffer.from(form) : form
    if (bytes.length < least) return
    found.set(`${foldable} ${Buffer.from(bytes).toString('latin1')}`, { bytes, foldable })
  }
  const bytes = Buffer.from(text)
  add(bytes)
  for (const line of text.split(/\r\n|[\r\n]/)) for (const form of [line, line.trim()]) add(form)
  if (/\n/.test(text)) add(text.replace(/\r?\n/g, '\r\n'))
  for (const form of base64Forms(bytes)) add(form, true)
  for (const form of hexForms(bytes)) add(form, true)
  for (const form of [...percentForms(text), ...quotedForms(text)]) add(form)
  return [...found.values()]
}

/**
 * Three bytes become four characters, so what stands before the text in the same encoding moves it by none, one or two.
 * Characters that it shares with its neighbours are left out, but for an encoding that ends with the text.
 */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const forms = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const ended = encoded.slice(before === 0 ? 0 : before + 1)
    const bare = ended.replace(/=+$/, '')
    return bare === ended ? [ended] : [ended, bare, bare.slice(0, -1)]
  })
  return forms.flatMap((form) => {
    const url = form.replaceAll('+', '-').replaceAll('/', '_')
    return STANDARD.test(url) ? [form] : [form, url]
  })
}

/** In one word, or with a colon or a blank between bytes. */
function hexForms(bytes: Uint8Array): readonly string[] {
  const hex = Buffer.from(bytes).toString('hex')
  const forms = ['', ':', ' '].map((between) => hex.replace(/..(?=.)/g, `$&${between}`))
  return [...forms, ...forms.map((form) => form.toUpperCase())]
}

function percentForms(text: string): readonly string[] {
  const usual = encodeURIComponent(text.toWellFormed())
  const strict = usual.replace(/[!'()*]/g, (character) => `%${hexOf(character).toUpperCase()}`)
  const forms = [usual, strict, encodeURI(text.toWellFormed()), new URLSearchParams({ '': text }).toString().slice(1)]
  // As a path is encoded, which keeps its slashes.
  const paths = [usual, strict].map((form) => form.replaceAll('%2F', '/'))
  const all = Buffer.from(text).toString('hex').replace(/../g, '%$&')
  const inBoth = (form: string) => [form, form.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())]
  return [...[...forms, ...paths].flatMap(inBoth), all, all.toUpperCase()]
}

function quotedForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const ascii = json.replace(/[\u0080-\uffff]/g, unicodeEscape)
  const html = json.replace(/[<>&\u2028\u2029]/g, unicodeEscape)
  const jsons = [json, json.replaceAll('/', '\\/'), ascii, html, ascii.replace(/[<>&]/g, unicodeEscape)]
  const twice = jsons.map((form) => JSON.stringify(form).slice(1, -1))
  const xml = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const xmls = [xml, xml.replaceAll('"', '&quot;'), xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;')]
  const more = [
    xml.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
    xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
  ]
  return [...jsons, ...twice, ...xmls, ...more, ...shellForms(text)]
}

/** As shells print words that they could read again: `set -x`, `printf %q`, `${x@Q}`, `declare -p`. */
function shellForms(text: string): readonly string[] {
  const slashed = text.replace(/[^\w./:=@%+,~-]/g, (character) => (character === '\n' ? "$'\\n'" : `\\${character}`))
  const ansi = text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[\\"$`]/g, '\\$&'),
    text.replace(/[\\"$`!]/g, '\\$&'),
    slashed,
    text.replace(/[^\w./:=@%+,-]/g, '\\$&'),
    ansi,
    ansi.replaceAll('"', '\\"'),
  ]
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0')
}
