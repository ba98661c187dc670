// Builds the one binary: `bun scripts/build.ts [target]`, for instance bun-windows-x64; without a target, for this machine.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }

const BUDGET_MB = 125
const BYTES_PER_MB = 1_000_000

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
build(process.argv[2])

function build(target: string | undefined): void {
  const outfile = outfileFor(target)
  const runtime = target === undefined ? hostRuntime() : []
  const { NODE_ENV: _, BUN_OPTIONS: __, ...env } = process.env
  const { status } = spawnSync(
    process.execPath,
    [
      ...['build', '--compile', '--minify', '--bytecode', '--format=esm', '--splitting'],
      // A directory somebody enters must not be able to run code in us.
      ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
      ...(target === undefined ? [] : [`--target=${target}`]),
      ...runtime,
      ...Object.entries(constants()).flatMap(([name, value]) => ['--define', `${name}=${JSON.stringify(value)}`]),
      ...['src/main.ts', '--outfile', outfile],
    ],
    { env, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (status !== 0) fail('bun build failed; see above')
  checkSize(outfile)
}

/** The file's name becomes part of the binary, so it is the same everywhere; only the folder tells the target. */
function outfileFor(target: string | undefined): string {
  const folder = target === undefined ? 'dist' : join('dist', target)
  const isWindows = target?.includes('windows') ?? process.platform === 'win32'
  mkdirSync(folder, { recursive: true })
  return join(folder, isWindows ? 'orchastration.exe' : 'orchastration')
}

/** A finished binary must never be stripped (it would turn into plain Bun); the runtime that goes into it may. */
function hostRuntime(): string[] {
  if (process.platform !== 'linux') return []
  const runtime = join('build', `bun-linux-${process.arch}`)
  mkdirSync('build', { recursive: true })
  copyFileSync(process.execPath, runtime)
  chmodSync(runtime, 0o755)
  if (spawnSync('strip', [runtime], { stdio: 'ignore' }).status !== 0) return []
  return [`--compile-executable-path=${runtime}`]
}

function constants(): Record<string, string> {
  return {
    BUILD_VERSION: manifest.version,
    BUILD_COMMIT: commit(),
    BUILD_TIME: new Date(buildSeconds() * 1000).toISOString(),
    // CommonJS packages would bake in the absolute path of this checkout.
    __dirname: '/app',
    __filename: '/app/x.js',
  }
}

function commit(): string {
  const head = git('rev-parse', 'HEAD')
  if (head === '') return 'unknown'
  return git('status', '--porcelain') === '' ? head : `${head}-dirty`
}

/** Never the clock on the wall: the same sources give the same bytes. */
function buildSeconds(): number {
  return Number(process.env['SOURCE_DATE_EPOCH'] || git('log', '-1', '--format=%ct') || 0)
}

function git(...args: string[]): string {
  return spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? ''
}

function checkSize(outfile: string): void {
  const megabytes = statSync(outfile).size / BYTES_PER_MB
  console.log(`${outfile}: ${megabytes.toFixed(1)} MB of ${BUDGET_MB} MB`)
  if (megabytes > BUDGET_MB) fail(`${outfile} is larger than its budget of ${BUDGET_MB} MB`)
}

function fail(message: string): never {
  console.error(`build: ${message}`)
  process.exit(1)
}
