import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type Options } from 'tsup'
import manifest from '../../package.json' with { type: 'json' }
import { buildConstants, WORKERS } from './binary.ts'
import { documents } from './documents.ts'
import { PackagingError } from './fail.ts'
import { version } from './version.ts'

const FOLDER = 'dist/npm'

/** What esbuild must be told of the runtime's ways: its own modules, and text files as modules. */
const likeBun: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'like-bun',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(bun|node)(:|$)/ }, ({ path }) => ({ path, external: true }))
    onLoad({ filter: /./ }, ({ path, with: { type } }) =>
      type === 'text' ? { contents: readFileSync(path, 'utf8'), loader: 'text' } : undefined,
    )
  },
}

/** The command line for who has Bun already: every dependency is bundled, so an installation fetches nothing else. */
export async function npmPackage(outDir: string): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  await bundle()
  for (const { path, bytes } of documents()) write(path, bytes)
  write('package.json', `${JSON.stringify(packageJson(), null, 2)}\n`)
  setModes()
  const { status } = spawnSync(
    `npm pack ./${FOLDER} --loglevel=error --no-update-notifier --ignore-scripts --pack-destination ${outDir}`,
    {
      shell: true,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) throw new PackagingError('npm pack failed; see above')
}

async function bundle(): Promise<void> {
  await build({
    config: false,
    entry: ['src/main.ts', ...WORKERS],
    outDir: join(FOLDER, 'lib'),
    format: 'esm',
    platform: 'node',
    target: 'esnext',
    splitting: true,
    dts: false,
    silent: true,
    // Some modules, such as node:sqlite, exist under their whole name only.
    removeNodeProtocol: false,
    // Everything but what the runtime brings.
    noExternal: [/.*/],
    esbuildPlugins: [likeBun],
    define: Object.fromEntries(Object.entries(buildConstants()).map(([name, value]) => [name, JSON.stringify(value)])),
  })
}

/** npm packs the modes it finds, which differ with the umask. */
function setModes(): void {
  for (const entry of readdirSync(FOLDER, { recursive: true, withFileTypes: true })) {
    const executable = entry.isDirectory() || entry.name === 'main.js'
    chmodSync(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644)
  }
}

function packageJson(): Readonly<Record<string, unknown>> {
  return {
    name: manifest.name,
    version,
    description: manifest.description,
    license: manifest.license,
    type: 'module',
    bin: { orchastration: 'lib/main.js' },
    man: ['man/orchastration.1'],
    engines: { bun: `>=${manifest.devDependencies.bun}` },
    files: readdirSync(FOLDER).toSorted(),
  }
}

function write(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(FOLDER, path)), { recursive: true })
  writeFileSync(join(FOLDER, path), bytes)
}
