import type * as z from 'zod/mini'
import type { Path } from './config-finding.ts'

/** The keys that a schema knows at a path, none where the path leads elsewhere than to a table of known keys. */
export function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  const found = tableOf(path.reduce<z.core.$ZodType | undefined>(step, schema))
  return found === undefined ? [] : Object.keys(found.shape)
}

type Definition = z.core.$ZodTypes['_zod']['def']

function step(schema: z.core.$ZodType | undefined, part: string | number): z.core.$ZodType | undefined {
  const table = tableOf(schema)
  if (table !== undefined) return Object.hasOwn(table.shape, part) ? table.shape[part] : undefined
  const definition = schema && definitionOf(schema)
  if (definition?.type === 'record') return definition.valueType
  return definition?.type === 'array' ? definition.element : undefined
}

/** The definition below the optional marks. */
function definitionOf(schema: z.core.$ZodType): Definition {
  // zod's own way to narrow a schema by its `type`: the union of all definitions.
  const definition = (schema as z.core.$ZodTypes)._zod.def
  return definition.type === 'optional' ? definitionOf(definition.innerType) : definition
}

/** The table that a value may be; of several shapes, the one with keys. */
function tableOf(schema: z.core.$ZodType | undefined): z.core.$ZodObjectDef | undefined {
  if (schema === undefined) return undefined
  const definition = definitionOf(schema)
  if (definition.type === 'object') return definition
  if (definition.type !== 'union') return undefined
  return definition.options.map(tableOf).find((table) => table !== undefined)
}
