// Makes the packages: `bun scripts/package.ts --target NAME... | --all`; without a target, for this machine.
// dist/SHA256SUMS is then over all packages of this version that lie there. What is in them: docs/packages.md.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { archive } from './packaging/archives.ts'
import { buildBinary } from './packaging/binary.ts'
import { deb } from './packaging/deb.ts'
import { PackagingError, runScript } from './packaging/fail.ts'
import { npmPackage } from './packaging/npm.ts'
import { writeSums } from './packaging/sums.ts'
import { findTarget, hostTarget, targets } from './packaging/targets.ts'

const OUT = 'dist'
const NPM = 'npm'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
await runScript('package', async () => {
  const names = wanted(process.argv.slice(2))
  mkdirSync(OUT, { recursive: true })
  for (const name of names) {
    await (name === NPM ? npmPackage(OUT) : packTarget(name))
    writeSums(OUT)
  }
})

function wanted(args: string[]): readonly string[] {
  const { all, target } = parse(args)
  if (all) return [...targets.map(({ name }) => name), NPM]
  if (target.length === 0) return [hostTarget().name]
  // Every name is looked at before the first package is made.
  return target.map((name) => (name === NPM ? NPM : findTarget(name).name))
}

function parse(args: string[]): { readonly all: boolean; readonly target: readonly string[] } {
  try {
    const { values } = parseArgs({
      args,
      options: { all: { type: 'boolean', default: false }, target: { type: 'string', multiple: true, default: [] } },
    })
    return values
  } catch (cause) {
    const mistake = cause instanceof Error ? cause.message : String(cause)
    throw new PackagingError(`${mistake}. Expected: --all, or --target NAME...`, { cause })
  }
}

function packTarget(name: string): void {
  const target = findTarget(name)
  const binary = buildBinary(target, join(OUT, name))
  write(archive(target, binary))
  if (target.os === 'linux') write(deb(target, binary))
}

function write({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): void {
  const unfinished = join(OUT, `${name}.part`)
  writeFileSync(unfinished, bytes)
  renameSync(unfinished, join(OUT, name))
  console.log(`${join(OUT, name)}: ${(bytes.length / 1_000_000).toFixed(1)} MB`)
}
