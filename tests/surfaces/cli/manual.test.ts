import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { variables } from '#surfaces/cli/manual.ts'

const src = fileURLToPath(new URL('../../../src', import.meta.url))

test('the manual names every variable of ours that the code knows', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const known = files.flatMap((name) => readFileSync(`${src}/${name}`, 'utf8').match(/ORCHASTRATION_[A-Z_]+/g) ?? [])
  const named = variables.flatMap(([names]) => names.split(', '))
  expect([...new Set(known)].filter((name) => !named.includes(name))).toEqual([])
})
