import * as z from 'zod/mini'

/** The JSON Schema (2020-12) of a document. Fields that it does not name may be added, and are no mistake. */
export function jsonSchemaOf(name: string, schema: z.ZodMiniType): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', reused: 'ref' })
  return { $schema, title: `orchastration.${name}/1`, ...withoutLimits(rest) }
}

/** Whole numbers are JavaScript's; that their bounds are those of its numbers says nothing about a document. */
function withoutLimits<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutLimits) as Value
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(
    ([key, held]) => !((key === 'minimum' || key === 'maximum') && Math.abs(Number(held)) === Number.MAX_SAFE_INTEGER),
  )
  return Object.fromEntries(entries.map(([key, held]) => [key, withoutLimits(held)])) as Value
}
