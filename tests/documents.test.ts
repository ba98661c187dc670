import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { generatedDocuments } from '../scripts/generate-docs.ts'

describe('the generated documents', () => {
  test.each(Object.entries(generatedDocuments))('%s is what bun scripts/generate-docs.ts writes', (path, make) => {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url))
    expect(readFileSync(file, 'utf8')).toBe(make())
  })
})
