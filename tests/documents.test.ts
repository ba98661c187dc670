import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_ROLES, DEFAULT_ROLES } from '#domain/agents/role.ts'
import { generatedBlocks, generatedDocuments, withBlock } from '../scripts/generate-docs.ts'
import { normalised } from './support/snippets.ts'

describe('the generated documents', () => {
  test.each(Object.entries(generatedDocuments))(
    '%s is what bun scripts/generate-docs.ts writes',
    async (path, make) => {
      const file = fileURLToPath(new URL(`../${path}`, import.meta.url))
      expect(readFileSync(file, 'utf8')).toBe(await make())
    },
  )

  test.each(Object.entries(generatedBlocks))(
    '%s has the block that bun scripts/generate-docs.ts writes',
    (path, make) => {
      const text = readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')
      expect(text).toBe(withBlock(text, make()))
    },
  )
})

const top = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

describe('the code map', () => {
  const documents = ['README.md', 'USAGE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md']
  const all = [...documents, ...readdirSync(top('docs')).map((name) => `docs/${name}`)]

  test.each(all)('names only paths that are there: %s', (document) => {
    const text = readFileSync(top(document), 'utf8')
    const named = text.match(/\b(src|tests|docs|scripts|configs|bench)\/[A-Za-z0-9_./-]*[A-Za-z0-9]/g) ?? []
    expect(named.filter((path) => ![path, `${path}.ts`].some((each) => existsSync(top(each))))).toEqual([])
  })

  test('has a line for every layer', () => {
    const map = readFileSync(top('docs/architecture.md'), 'utf8')
    const layers = readdirSync(top('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(layers.map(({ name }) => name).filter((name) => !map.includes(`\`src/${name}\``))).toEqual([])
  })
})

test.each(['docs/run.svg', 'docs/orchestration.svg'])(
  'the picture %s shows what README says that its command prints',
  (picture) => {
    const [first = '', ...lines] = [...readFileSync(top(picture), 'utf8').matchAll(/<text [^>]*>(.*)<\/text>/g)].map(
      ([, line = '']) =>
        line
          .replaceAll(/<[^>]*>/g, '')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&'),
    )
    const shown = [
      ...readFileSync(top('README.md'), 'utf8').matchAll(
        /\$ [^\n']*script -qec '([^']*)'[^\n]*\n([\s\S]*?)(?=```|\n\$ )/g,
      ),
    ]
    const printed = shown.find(([, command]) => `$ ${command}` === first)?.[2] ?? 'README does not run this command'
    expect(normalised(`${lines.join('\n')}\n`)).toBe(normalised(`${printed.trimEnd()}\n`))
  },
)

test('docs/orchestrations.md says what the built-in agents read and write', () => {
  const keys = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
  const rows = BUILT_IN_ROLES.filter(({ name }) => DEFAULT_ROLES.includes(name)).map(
    ({ name, reads, feedback, writes }) => `| ${name} | ${keys(reads)} | ${keys(feedback)} | ${keys(writes)} |`,
  )
  const shown = readFileSync(top('docs/orchestrations.md'), 'utf8').match(/^\| \w+Agent \|.*$/gm)
  expect(shown?.map((row) => row.replaceAll(/ +/g, ' '))).toEqual(rows.map((row) => row.replaceAll(/ +/g, ' ')))
})
