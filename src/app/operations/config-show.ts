import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Config } from '#domain/definition/config.ts'
import type { ConfigFiles, ConfigSource } from '../config-port.ts'
import type { Operation } from '../operation.ts'

const Input = z.object({ origin: z.optional(z.boolean()) })

/** A key of the configuration that counts, and where it was set. */
export interface ShownKey {
  /** The table that holds it: `logging`, or `jobs` and a name. */
  readonly table: readonly string[]
  /** Undefined for a table that is there and empty. */
  readonly key?: string
  readonly value?: unknown
  readonly path: string
  /** Undefined where it is not looked up, or cannot be told. */
  readonly line?: number
}

export interface ShownConfig {
  readonly config: Config
  readonly keys: readonly ShownKey[]
}

type Lines = Awaited<ReturnType<ConfigFiles['lines']>>

/** The configuration that counts here, out of all files, with the place of each key. */
export const configShow: Operation<z.infer<typeof Input>, ShownConfig> = {
  name: 'config show',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ origin = false }, { services }) => {
    const loaded = await services.config()
    if (!loaded.ok) return loaded
    const { config, sources } = loaded.value
    const lines = new Map<ConfigSource, Lines>()
    if (origin) for (const source of sources) lines.set(source, await services.configFiles.lines(source.bytes))
    const keys = tablesOf(config).flatMap(([table, values]) => keysOf(table, values, { sources, lines }))
    return ok({ config, keys })
  },
}

type Table = Readonly<Record<string, unknown>>

const NAMED: ReadonlySet<string> = new Set(['jobs', 'tasks', 'agents', 'orchestrations'])

type Placed = readonly [table: readonly string[], values: Table]

function tablesOf(config: Config): readonly Placed[] {
  return Object.entries(config).flatMap(([name, values]): readonly Placed[] => {
    if (!NAMED.has(name)) return [[[name], values as Table]]
    return Object.entries(values as Record<string, Table>).map(([each, inner]) => [[name, each], inner])
  })
}

interface Origins {
  readonly sources: readonly [ConfigSource, ...ConfigSource[]]
  readonly lines: ReadonlyMap<ConfigSource, Lines>
}

function keysOf(table: readonly string[], values: Table, { sources, lines }: Origins): readonly ShownKey[] {
  const place = (path: readonly string[]) => {
    // A later file counts over an earlier one.
    const source = sources.findLast(({ config }) => holds(config, path)) ?? sources[0]
    const line = lines.get(source)?.(path)
    return { path: source.path, ...(line !== undefined && { line }) }
  }
  const entries = Object.entries(values)
  if (entries.length === 0) return [{ table, ...place(table) }]
  return entries.map(([key, value]) => ({ table, key, value, ...place([...table, key]) }))
}

function holds(config: Config, path: readonly string[]): boolean {
  let value: unknown = config
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Table)[key]
  }
  return true
}
