import * as z from 'zod/mini'

/** How a parameter is called: it stands in `{{name}}` and, in capitals, in the variable `PARAM_NAME`. */
export const ParamName = z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, { error: 'param_name' }))

const ParamValue = z.union([z.string(), z.number(), z.boolean()])

/** A value that whoever runs a job gives, or may give. */
export const Param = z.strictObject({
  /** What it is for, shown by `show`. */
  description: z.optional(z.string()),
  /** What the value must be. Default: string. */
  type: z.optional(z.enum(['string', 'integer', 'number', 'boolean'])),
  /** The value where none is given; without it, the parameter must be given. */
  default: z.optional(ParamValue),
  /** The only values there are. */
  enum: z.optional(z.array(ParamValue).check(z.minLength(1))),
  /** A regular expression that the whole text must match. */
  pattern: z.optional(z.string().check(z.refine(isPattern, { error: 'pattern' }))),
})
export type Param = z.infer<typeof Param>

/** What is wrong with a value, as data for a sentence. */
export type ParamFault =
  | { readonly kind: 'type'; readonly expected: 'integer' | 'number' | 'boolean' | 'string' }
  | { readonly kind: 'enum'; readonly choices: readonly string[] }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'nul' }

/** Why a value is none for the parameter; undefined where it is one. */
export function paramFault({ type = 'string', enum: choices, pattern }: Param, text: string): ParamFault | undefined {
  if (text.includes('\0')) return { kind: 'nul' }
  if (!TYPES[type](text)) return { kind: 'type', expected: type }
  const texts = choices?.map(String)
  if (texts !== undefined && !texts.includes(text)) return { kind: 'enum', choices: texts }
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(text)) return { kind: 'pattern', pattern }
  return undefined
}

const TYPES: Readonly<Record<NonNullable<Param['type']>, (text: string) => boolean>> = {
  string: () => true,
  integer: (text) => /^[+-]?[0-9]+$/.test(text),
  number: (text) => text.trim() === text && text !== '' && Number.isFinite(Number(text)),
  boolean: (text) => text === 'true' || text === 'false',
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(`^(?:${text})$`, 'u') instanceof RegExp
  } catch {
    return false
  }
}
