import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkArchitecture, type Rule } from './support/architecture.ts'

// A checker that sees nothing finds nothing: this floor rises towards a hundred and beyond as src/ grows.
const LEAST_IMPORTS = 20

const ROOT = fileURLToPath(new URL('..', import.meta.url))

describe('the source tree', () => {
  const report = checkArchitecture(readTree())

  test('keeps to the table of layers', () => {
    expect(report.findings.map(({ rule, file, message }) => `${rule}: ${file}: ${message}`)).toEqual([])
  })

  test('was really read', () => {
    expect(report.importCount).toBeGreaterThanOrEqual(LEAST_IMPORTS)
  })
})

interface Planted {
  readonly name: string
  readonly rules: readonly Rule[]
  readonly files: Readonly<Record<string, string>>
}

const VIOLATIONS: readonly Planted[] = [
  {
    name: 'an import of a layer above, by alias',
    rules: ['layer'],
    files: { 'src/domain/a.ts': "import { b } from '#engine/b.ts'" },
  },
  {
    name: 'an import of a layer above, by relative path',
    rules: ['layer'],
    files: { 'src/domain/run/a.ts': "import { b } from '../../engine/b.ts'" },
  },
  {
    name: 'a type-only import of a layer above',
    rules: ['layer'],
    files: { 'src/base/a.ts': "import type { B } from '#domain/b.ts'" },
  },
  {
    name: 'an inline type import of a layer above',
    rules: ['layer'],
    files: { 'src/base/a.ts': "export type A = import('#domain/b.ts').B" },
  },
  {
    name: 'a dynamic import of a layer above',
    rules: ['layer'],
    files: { 'src/engine/a.ts': "const b = await import('#app/b.ts')" },
  },
  {
    name: 'a re-export from a layer above',
    rules: ['layer'],
    files: { 'src/engine/a.ts': "export { b } from '#activities/b.ts'" },
  },
  {
    name: 'an import for its effects',
    rules: ['layer'],
    files: { 'src/workflows/a.ts': "import '#app/b.ts'" },
  },
  {
    name: 'an import over several lines with a comment between',
    rules: ['layer'],
    files: { 'src/base/a.ts': "import {\n  b, // from 'nowhere'\n  c,\n} from '#domain/b.ts'" },
  },
  {
    name: 'a file outside src',
    rules: ['layer'],
    files: { 'src/app/a.ts': "import { b } from '../../tests/b.ts'" },
  },
  {
    name: 'a folder that is in no table',
    rules: ['unknown-place'],
    files: { 'src/utils/a.ts': 'export const a = 1' },
  },
  {
    name: 'an import of an unknown folder',
    rules: ['layer'],
    files: { 'src/app/a.ts': "import { b } from '#utils/b.ts'" },
  },
  {
    name: 'a file beside the layers that is in no table',
    rules: ['unknown-place'],
    files: { 'src/helpers.ts': 'export const a = 1' },
  },
  {
    name: 'an adapter that knows another',
    rules: ['sibling'],
    files: { 'src/adapters/sqlite/a.ts': "import { b } from '../files/b.ts'" },
  },
  {
    name: 'a surface that knows another',
    rules: ['sibling'],
    files: { 'src/surfaces/http/a.ts': "import { b } from '#surfaces/cli/b.ts'" },
  },
  {
    name: 'a surface that reaches into a store',
    rules: ['layer'],
    files: { 'src/surfaces/cli/a.ts': "import { b } from '#adapters/sqlite/b.ts'" },
  },
  {
    name: 'an adapter that imports more than a port',
    rules: ['layer'],
    files: { 'src/adapters/sqlite/a.ts': "import { b } from '#engine/scheduler.ts'" },
  },
  {
    name: "an adapter that imports a workflow's file, port or not",
    rules: ['layer'],
    files: { 'src/adapters/git/a.ts': "import type { B } from '#workflows/git-port.ts'" },
  },
  {
    name: 'a layer that names the composition root',
    rules: ['layer'],
    files: { 'src/app/a.ts': "import { compose } from '../compose.ts'" },
  },
  {
    name: 'a layer that names a part of the composition root',
    rules: ['layer'],
    files: { 'src/app/a.ts': "import { launch } from '../compose/launch.ts'" },
  },
  {
    name: 'a part of the composition root that names its face or a surface',
    rules: ['layer', 'layer'],
    files: {
      'src/compose/a.ts': "import { compose } from '../compose.ts'\nimport { runCli } from '#surfaces/cli/cli.ts'",
    },
  },
  {
    name: 'a main that names a part of the composition root',
    rules: ['layer'],
    files: { 'src/main.ts': "await import('./compose/launch.ts')" },
  },
  {
    name: 'a main that names an adapter',
    rules: ['layer'],
    files: { 'src/main.ts': "await import('#adapters/sqlite/store.ts')" },
  },
  {
    name: 'a package in base',
    rules: ['package'],
    files: { 'src/base/a.ts': "import pino from 'pino'" },
  },
  {
    name: 'a file system in domain',
    rules: ['package'],
    files: { 'src/domain/a.ts': "import { readFile } from 'node:fs/promises'" },
  },
  {
    name: 'a node module in the engine',
    rules: ['sandbox'],
    files: { 'src/engine/a.ts': "import { setTimeout } from 'node:timers/promises'" },
  },
  {
    name: 'a bun module in a workflow',
    rules: ['sandbox'],
    files: { 'src/workflows/a.ts': "import { drainMicrotasks } from 'bun:jsc'" },
  },
  {
    name: 'a node module that the engine reaches through domain and base',
    rules: ['sandbox'],
    files: {
      'src/engine/a.ts': "import { b } from '#domain/b.ts'",
      'src/domain/b.ts': "import { c } from '../base/c.ts'",
      'src/base/c.ts': "import { createHash } from 'node:crypto'",
    },
  },
  {
    name: 'an environment read outside adapters/files',
    rules: ['environment'],
    files: { 'src/adapters/process/a.ts': 'export const home = process.env.HOME' },
  },
  {
    name: 'an environment taken apart',
    rules: ['environment'],
    files: { 'src/app/a.ts': 'const { env, argv } = process' },
  },
  {
    name: 'an exit outside main',
    rules: ['exit'],
    files: { 'src/surfaces/cli/a.ts': 'process.exit(1)' },
  },
  {
    name: 'an import whose module is computed',
    rules: ['unreadable-import', 'unreadable-import'],
    files: { 'src/app/a.ts': `await import(name)\nawait import(\`#engine/${'$'}{name}.ts\`)` },
  },
]

describe('the checker finds', () => {
  test.each(VIOLATIONS)('$name', ({ rules, files }) => {
    expect(checkArchitecture(new Map(Object.entries(files))).findings.map(({ rule }) => rule)).toEqual(rules)
  })
})

test('the checker is content with what the table allows', () => {
  const sources = new Map([
    [
      'src/main.ts',
      "import { compose } from './compose.ts'\nimport { run } from '#surfaces/cli/run.ts'\nprocess.exit(0)",
    ],
    ['src/compose.ts', "import { store } from './compose/store.ts'"],
    ['src/compose/store.ts', "const { open } = await import('#adapters/sqlite/store.ts')"],
    [
      'src/surfaces/cli/run.ts',
      "import { list } from '#app/operations.ts'\nimport { VERSION } from '../../version.ts'",
    ],
    [
      'src/adapters/sqlite/store.ts',
      "import type { Journal } from '#engine/journal-port.ts'\nimport { r } from './row.ts'",
    ],
    ['src/adapters/files/environment.ts', 'export const home = process.env.HOME'],
    ['src/engine/context.ts', "import * as z from 'zod/mini'\nimport { run } from '#domain/run/event.ts'"],
    ['src/domain/run/event.ts', "import * as z from 'zod/mini'\n// import { readFile } from 'node:fs'"],
    ['src/base/digest.ts', "import { createHash } from 'node:crypto'\nconst glob = '/*'; const all = '*/'"],
    ['src/base/text.ts', "export const hint = 'process.environment, taken from here'"],
  ])
  expect(checkArchitecture(sources)).toEqual({ findings: [], importCount: 12 })
})

function readTree(): Map<string, string> {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
  return new Map(files.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
}
