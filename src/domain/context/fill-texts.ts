import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'

/** `{{context.key}}`, `{{item}}` and `{{item.field}}`; doubled braces, as `{{{{`, stand for two that mean nothing. */
const PLACEHOLDER = /\{\{\{\{|\{\{ *([A-Za-z_][A-Za-z0-9_.-]*) *\}\}/g

/** What placeholders stand for. */
export interface Fillings {
  readonly value: (key: string) => Json | undefined
  /** Undefined where there is none. */
  readonly item?: Json | undefined
}

/** A placeholder as it stands in a text, with what it names. */
export interface Placeholder {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** The placeholders of a text. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(({ 0: whole, 1: name, index }) =>
    name === undefined ? [] : [{ name, from: index, to: index + whole.length }],
  )
}

/** The value with all placeholders in its texts filled in, or the first one that nothing stands behind. */
export function fillTexts<Value extends Json>(value: Value, fillings: Fillings): Result<Value, string> {
  const missing: string[] = []
  const filled = mapTexts(value, (text) => fillText(text, fillings, missing))
  const [first] = missing
  // Texts stay texts, and everything else is as it was.
  return first === undefined ? ok(filled as Value) : err(first)
}

/** The text as one that means itself, braces and all. */
export function literal(text: string): string {
  return text.replaceAll('{{', '{{{{')
}

/** Only what is between two of these is filled in, in texts that were marked before they became part of others. */
const MARK = '\u0001'

/** The text, marked where it holds placeholders; what it becomes a part of may hold braces that mean something else. */
export function marked(text: string): string {
  return text.search(PLACEHOLDER) < 0 ? text : `${MARK}${text}${MARK}`
}

/** The value with the placeholders of its marked texts filled in. */
export function fillMarked<Value extends Json>(value: Value, fillings: Fillings): Result<Value, string> {
  const missing: string[] = []
  const filled = mapTexts(value, (text) =>
    text
      .split(MARK)
      .map((part, index) => (index % 2 === 0 ? part : fillText(part, fillings, missing)))
      .join(''),
  )
  const [first] = missing
  return first === undefined ? ok(filled as Value) : err(first)
}

function mapTexts(value: Json | undefined, map: (text: string) => string): Json | undefined {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((each: Json) => mapTexts(each, map) ?? null)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]))
}

function fillText(text: string, fillings: Fillings, missing: string[]): string {
  return text.replace(PLACEHOLDER, (whole, name: string | undefined) => {
    if (name === undefined) return '{{'
    const value = namedValue(name, fillings)
    if (value === undefined) missing.push(name)
    return value === undefined ? whole : textOf(value)
  })
}

function namedValue(name: string, { value, item }: Fillings): Json | undefined {
  if (name.startsWith('context.')) return value(name.slice('context.'.length))
  const [first, ...fields] = name.split('.')
  if (first !== 'item') return undefined
  return fields.reduce<Json | undefined>((table, field) => {
    if (typeof table !== 'object' || table === null || Array.isArray(table) || !Object.hasOwn(table, field))
      return undefined
    return (table as { readonly [key: string]: Json | undefined })[field]
  }, item)
}

/** Lists of texts as a line each; other values as JSON. */
function textOf(value: Json): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join('\n')
  return JSON.stringify(value)
}
