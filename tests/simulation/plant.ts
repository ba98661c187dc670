import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PlantedFault } from './planted-faults.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = [
  'package.json',
  'tsconfig.json',
  'src',
  'tests/simulation',
  'tests/support',
  'tests/engine',
  'tests/workflows',
  'tests/app',
  'tests/workflows',
  'tests/activities',
  'tests/second-verifier.mjs',
]

/** How often the text to replace stands in the file. */
export function occurrences({ file, find }: PlantedFault): number {
  return readFileSync(join(ROOT, file), 'utf8').split(find).length - 1
}

/** Runs the tests that must find the fault, in a copy of the source tree that has it. */
export async function runWith(
  fault: PlantedFault,
  limit: { readonly seeds: number },
): Promise<{ found: boolean; output: string }> {
  const copy = mkdtempSync(join(tmpdir(), 'planted-'))
  try {
    for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true })
    cpSync(join(ROOT, 'tests/vitest.config.ts'), join(copy, 'tests/vitest.config.ts'))
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    const path = join(copy, fault.file)
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(fault.find, () => fault.replace),
    )
    const args =
      fault.by === undefined
        ? ['tests/simulation/run.ts', '--seeds', `${limit.seeds}`]
        : ['--bun', 'node_modules/.bin/vitest', 'run', '--config', 'tests/vitest.config.ts', '--bail', '1', fault.by]
    return await run(args, copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function run(args: readonly string[], cwd: string): Promise<{ found: boolean; output: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: 'pipe' })
  let output = ''
  const keep = (chunk: unknown) => {
    output = (output + chunk).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { found: code !== 0, output }
}
