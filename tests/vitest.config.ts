import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** A `.sql` file is a text, as it is for the bundler. */
const sqlAsText = {
  name: 'sql-as-text',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    id.split('?')[0]?.endsWith('.sql') === true
      ? { code: `export default ${JSON.stringify(code)}`, map: null }
      : undefined,
}

export default defineConfig({
  plugins: [sqlAsText],
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/**/*.test.ts'],
    // A process of its own for each file: tests spawn children, hold locks and send signals.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
})
