import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { EXECUTED_DOCUMENTS } from '../scripts/update-snippets.ts'
import { normalised, runSnippets } from './support/snippets.ts'

const top = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

describe.each(EXECUTED_DOCUMENTS)('the snippets of %s', (name) => {
  test('print what stands below them', () => {
    const { snippets } = runSnippets(readFileSync(top(name), 'utf8'), top('dist'))
    expect(snippets.length).toBeGreaterThan(2)
    for (const { command, shown, printed } of snippets) {
      expect(`$ ${command}\n${normalised(printed)}`).toBe(`$ ${command}\n${normalised(shown)}`)
    }
  })
})
