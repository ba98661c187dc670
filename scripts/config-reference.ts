// The keys of the configuration, out of the one schema and the comments that stand above its keys.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { Agent } from '#domain/definition/agent.ts'
import { ConductorRule } from '#domain/definition/conductor-rule.ts'
import { Config } from '#domain/definition/config.ts'
import { Confirm, Job } from '#domain/definition/job.ts'
import { Name } from '#domain/definition/name.ts'
import { Orchestration } from '#domain/definition/orchestration.ts'
import { OrchestrationNode } from '#domain/definition/orchestration-node.ts'
import { Param } from '#domain/definition/param.ts'
import { DurationText, Retry } from '#domain/definition/retry.ts'
import { SecretSource } from '#domain/definition/secret.ts'
import { SizeText } from '#domain/definition/size.ts'
import { Task } from '#domain/definition/task.ts'
import { Argv, PathText, PatternText } from '#domain/definition/text.ts'

type Schema = z.core.$ZodType

interface Key {
  /** `*` stands for a name of the user's: `jobs.*.command`. */
  readonly path: string
  readonly type: string
  readonly note: string
  readonly default: string
}

const DEFINITIONS = fileURLToPath(new URL('../src/domain/definition/', import.meta.url))

/** Schemas whose keys' comments stand below their own name. */
const EXPORTED = new Map<Schema, string>(
  Object.entries({
    Agent,
    ConductorRule,
    Config,
    Confirm,
    Job,
    Orchestration,
    OrchestrationNode,
    Param,
    Retry,
    SecretSource,
    Task,
  }).map(([name, schema]) => [schema, name]),
)

/** Texts of which more is asked than JSON Schema can say. */
const TEXTS = new Map<Schema, string>([
  [DurationText, 'duration'],
  [SizeText, 'size'],
  [PathText, 'path'],
  [PatternText, 'pattern'],
  [Name, 'name of a job'],
  [Argv, 'list of texts'],
  [Task.shape.working_dir, 'absolute path'],
])

/** The comment above each key, by `<export>.<key>.<key>`. Read off the source, which Biome keeps in one shape. */
function comments(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const file of readdirSync(DEFINITIONS)) {
    const source = readFileSync(`${DEFINITIONS}${file}`, 'utf8')
    const path: { readonly indent: number; readonly name: string }[] = []
    const lines =
      /^(?: *\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n)?(?<indent> *)(?:export const )?(?<name>\w+)(?::| =) /gm
    for (const { groups } of source.matchAll(lines)) {
      const { comment, indent = '', name = '' } = groups ?? {}
      while ((path.at(-1)?.indent ?? -1) >= indent.length) path.pop()
      path.push({ indent: indent.length, name })
      if (comment !== undefined) found.set(path.map((part) => part.name).join('.'), tidy(comment))
    }
  }
  return found
}

function tidy(comment: string): string {
  return comment.replaceAll(/\s*\n\s*\* ?/g, ' ').trim()
}

/** Every key there is, in the order of the schema. Throws where one has no comment. */
function keysOf(schema: Schema, at: { readonly path: string; readonly origin: string }): readonly Key[] {
  const definition = definitionOf(schema)
  if (definition.type === 'array') return keysOf(definition.element, { ...at, path: `${at.path}[]` })
  if (definition.type === 'record') return keysOf(definition.valueType, { ...at, path: `${at.path}.*` })
  if (definition.type === 'union') return definition.options.flatMap((option) => keysOf(option, at))
  if (definition.type !== 'object') return []
  const owner = EXPORTED.get(withoutMarks(schema)) ?? at.origin
  return Object.entries(definition.shape).flatMap(([name, value]) => {
    const [path, origin] = [at.path === '' ? name : `${at.path}.${name}`, `${owner}.${name}`]
    const comment = NOTES.get(origin)
    if (comment === undefined) throw new Error(`${origin} has no comment in src/domain/definition`)
    const isNeeded = (value as z.core.$ZodTypes)._zod.def.type !== 'optional'
    return [{ path, type: typeText(value), ...split(comment, isNeeded) }, ...keysOf(value, { path, origin })]
  })
}

const NOTES = comments()

/** The comment without its sentence about the default, and what that says. */
function split(comment: string, isNeeded: boolean): { readonly note: string; readonly default: string } {
  const [, told] = /Default: (.*)\.$/.exec(comment) ?? []
  const note = comment.replace(/ ?Default: .*\.$/, '')
  return { note, default: told ?? (isNeeded ? 'needed' : 'none') }
}

function typeText(schema: Schema): string {
  const known = TEXTS.get(withoutMarks(schema))
  if (known !== undefined) return known
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'string':
      return 'text'
    case 'boolean':
      return '`true`, `false`'
    case 'number':
      return 'format' in definition ? 'whole number' : 'number'
    case 'array':
      // Values that must stand there as they are have no plural.
      return `list of ${typeText(definition.element).replaceAll(/\b(?<!")(text|path|name|number|list|table)\b/g, '$1s')}`
    case 'enum':
      return Object.values(definition.entries)
        .map((value) => `\`"${value}"\``)
        .join(', ')
    case 'pipe':
      return typeText(definition.out)
    case 'union':
      return [...new Set(definition.options.map(typeText))].join(' or ')
    default:
      return 'table'
  }
}

function definitionOf(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  return (withoutMarks(schema) as z.core.$ZodTypes)._zod.def
}

/** Below the optional marks. */
function withoutMarks(schema: Schema): Schema {
  const definition = (schema as z.core.$ZodTypes)._zod.def
  return definition.type === 'optional' ? withoutMarks(definition.innerType) : schema
}

/** The keys as tables, one for each table of the file. */
export function configKeyTables(): string {
  const tables = Map.groupBy(keysOf(Config, { path: '', origin: 'Config' }), ({ path }) => tableOf(path))
  const parts = [...tables].map(([table, keys]) => {
    const rows = keys.map(
      ({ path, type, note, default: preset }) =>
        `| \`${path.slice(table === '' ? 0 : table.length + 1)}\` | ${type} | ${cell(preset)} | ${cell(note)} |`,
    )
    const title = table === '' ? 'At the top' : `\`[${table.replaceAll('*', '<name>')}]\``
    return `### ${title}\n\n| key | type | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}`
  })
  return parts.join('\n\n')
}

function tableOf(path: string): string {
  return path.split('.').slice(0, -1).join('.')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** JSON Schema of the configuration file, for editors. */
export function configSchema(): string {
  const schema = z.toJSONSchema(Config, { target: 'draft-2020-12', io: 'output' })
  const notes = new Map(keysOf(Config, { path: '', origin: 'Config' }).map((key) => [key.path, key]))
  describe(schema, '', notes)
  const { $schema, ...rest } = schema
  const title = 'Configuration of orchastration'
  return `${JSON.stringify({ $schema, title, description: NOTES_OF_SCHEMA, ...rest }, null, 2)}\n`
}

const NOTES_OF_SCHEMA =
  'config.toml and orchastration.toml. Durations, sizes, needs and the like are checked by orchastration config validate.'

function describe(schema: z.core.JSONSchema.BaseSchema, path: string, notes: ReadonlyMap<string, Key>): void {
  // The bounds of exact numbers are no rule of ours.
  for (const bound of ['minimum', 'maximum'] as const)
    if (Math.abs(Number(schema[bound])) === Number.MAX_SAFE_INTEGER) delete schema[bound]
  for (const option of schema.anyOf ?? []) describe(asSchema(option), path, notes)
  if (typeof schema.additionalProperties === 'object') describe(schema.additionalProperties, `${path}.*`, notes)
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inner = path === '' ? name : `${path}.${name}`
    const { note = '', default: preset = 'none' } = notes.get(inner) ?? {}
    const isTold = preset !== 'none' && preset !== 'needed'
    const member = asSchema(property)
    member.description = isTold ? `${note} Default: ${preset}.` : note
    describe(member, inner, notes)
  }
}

function asSchema(schema: z.core.JSONSchema._JSONSchema): z.core.JSONSchema.BaseSchema {
  if (typeof schema === 'boolean') throw new Error('a schema that is no table')
  return schema
}
