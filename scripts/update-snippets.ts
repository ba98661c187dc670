// Runs the snippets of the documents and writes what they print into them: `bun scripts/update-snippets.ts`.
import { fileURLToPath } from 'node:url'
import { runSnippets } from '../tests/support/snippets.ts'

/** The documents whose snippets are executed. */
export const EXECUTED_DOCUMENTS = [
  'README.md',
  'USAGE.md',
  'docs/agents.md',
  'docs/flows.md',
  'examples/README.md',
] as const

if (import.meta.main) {
  for (const name of EXECUTED_DOCUMENTS) {
    const path = fileURLToPath(new URL(`../${name}`, import.meta.url))
    const { document } = runSnippets(await Bun.file(path).text(), fileURLToPath(new URL('../dist', import.meta.url)))
    await Bun.write(path, document)
  }
}
