#!/usr/bin/env bun
import { runCli } from '#surfaces/cli/cli.ts'
import { version, versionText } from './version.ts'

const code = await runCli(process.argv.slice(2), {
  version: versionText,
  release: version,
  compose: async (options) => (await import('./compose.ts')).compose(options),
  environment: async () => (await import('./compose.ts')).environment(),
})
process.exit(code)
