import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PackagingError } from './fail.ts'
import { signMachO } from './mach-o.ts'
import { runtimeFor } from './runtime.ts'
import type { Target } from './targets.ts'
import { buildCommit, buildSeconds, version } from './version.ts'

const BUDGET_MB = 125
const BYTES_PER_MB = 1_000_000
/** What runs in a thread of its own: it is started by its place, so it is an entry beside the program. */
export const WORKERS = ['src/adapters/hashing/hash-worker.ts']

/** Builds the one binary for a target into a folder, and gives its path. */
export function buildBinary(target: Target, folder: string): string {
  // The file's name becomes part of the binary, so it is the same everywhere; only the folder tells the target.
  const outfile = join(folder, target.program)
  mkdirSync(folder, { recursive: true })
  const { NODE_ENV: _, BUN_OPTIONS: __, ...env } = process.env
  const { status } = spawnSync(
    process.execPath,
    [
      ...['build', '--compile', '--minify', '--bytecode', '--format=esm', '--splitting'],
      // A directory somebody enters must not be able to run code in us.
      ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
      ...[`--target=${target.bun}`, `--compile-executable-path=${runtimeFor(target)}`],
      ...Object.entries(buildConstants()).flatMap(([name, value]) => ['--define', `${name}=${JSON.stringify(value)}`]),
      ...['src/main.ts', ...WORKERS, '--outfile', outfile],
    ],
    { env, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (status !== 0) throw new PackagingError('bun build failed; see above')
  // For arm64 Bun has signed it anew itself.
  if (target.name === 'darwin-amd64') writeFileSync(outfile, signMachO(readFileSync(outfile), 'orchastration'))
  checkSize(outfile)
  return outfile
}

/** What `src/version.ts` and packages in CommonJS find in place of these names. */
export function buildConstants(): Readonly<Record<string, string>> {
  return {
    BUILD_VERSION: version,
    BUILD_COMMIT: buildCommit(),
    BUILD_TIME: new Date(buildSeconds() * 1000).toISOString(),
    // CommonJS packages would bake in the absolute path of this checkout.
    __dirname: '/app',
    __filename: '/app/x.js',
  }
}

function checkSize(outfile: string): void {
  const megabytes = statSync(outfile).size / BYTES_PER_MB
  console.log(`${outfile}: ${megabytes.toFixed(1)} MB of ${BUDGET_MB} MB`)
  if (megabytes > BUDGET_MB) throw new PackagingError(`${outfile} is larger than its budget of ${BUDGET_MB} MB`)
}
