import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** These files are texts, as they are for the bundler. */
const TEXTS = /\.(?:bash|fish|ps1|sql|zsh)$/

const filesAsText = {
  name: 'files-as-text',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    TEXTS.test(id.split('?')[0] ?? '') ? { code: `export default ${JSON.stringify(code)}`, map: null } : undefined,
}

export default defineConfig({
  plugins: [filesAsText],
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
