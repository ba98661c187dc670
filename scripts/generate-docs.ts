import { fileURLToPath } from 'node:url'
import { type FailureCode, failureCatalogue } from '#domain/failure.ts'
import { failureRules } from '#domain/failure-rules.ts'
import { commandReference, exitCodeTable } from './command-reference.ts'
import { configKeyTables, configSchema } from './config-reference.ts'
import { jsonReference } from './json-reference.ts'

/** The documents that are made from code, by their path below the top of the repository. */
export const generatedDocuments: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/failures.md': failureReference,
  'docs/json.md': jsonReference,
  'configs/config.schema.json': configSchema,
}

/** Documents of which a block is made from code: what stands between the two marks. */
export const generatedBlocks: Readonly<Record<string, () => string>> = {
  'README.md': exitCodeTable,
  'USAGE.md': commandReference,
  'docs/configuration.md': configKeyTables,
}

const FROM = '<!-- made by bun scripts/generate-docs.ts; do not edit -->\n'
const UNTIL = '\n<!-- end of what is made -->'

/** The document with its block as it should be. */
export function withBlock(document: string, block: string): string {
  const from = document.indexOf(FROM)
  const until = document.indexOf(UNTIL)
  if (from < 0 || until < from) throw new Error('the marks of the generated block are missing')
  return `${document.slice(0, from)}${FROM}\n${block}\n${document.slice(until)}`
}

const WHO = { later: 'the program, later', person: 'a person', never: 'nobody' } as const

/** Every failure code with its exit code and data, from the catalogue. */
export function failureReference(): string {
  const entries = Object.entries(failureCatalogue).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const rows = entries.map(([code, { means, data }]) => {
    const { exit, retry } = failureRules[code as FailureCode]
    const fields = Object.entries(data.shape).map(([field, type]) => `\`${field}${isOptional(type) ? '?' : ''}\``)
    return `| \`${code}\` | ${exit} | ${WHO[retry]} | ${means} | ${fields.join(' ')} |`
  })
  return `${INTRODUCTION}\n${rows.join('\n')}\n`
}

const INTRODUCTION = `# Failures

Made from \`src/domain/failure.ts\` by \`bun scripts/generate-docs.ts\`; do not edit.

Every failure that you or your machine can cause has a stable code. \`--json\` shows the code and its data; on the
terminal the same failure is told in words. "Exit" is the exit code where the failure ends a command. "Who may try
again": the program by itself, a person who has changed something, or nobody, since it cannot end otherwise. A field
with \`?\` may be missing.

| code | exit | who may try again | meaning | data |
|---|---|---|---|---|`

function isOptional(type: unknown): boolean {
  return typeof type === 'object' && type !== null && 'type' in type && type.type === 'optional'
}

if (import.meta.main) {
  const top = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
  for (const [path, make] of Object.entries(generatedDocuments)) await Bun.write(top(path), await make())
  for (const [path, make] of Object.entries(generatedBlocks)) {
    await Bun.write(top(path), withBlock(await Bun.file(top(path)).text(), make()))
  }
}
