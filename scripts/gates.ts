// The gates, in one place for every platform: all of them run, even after one has failed, and the results are kept.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GATES_FILE, type GateResult, REPORT_DIR, VITEST_FILE } from './report.ts'

// Without --bun, a tool's first line would send it to whatever Node lies on the path.
const TOOL = ['--bun', 'run']
const VITEST = [...TOOL, 'vitest', 'run', '--config', 'tests/vitest.config.ts']

const GATES: readonly (readonly [name: string, ...args: string[]])[] = [
  ['biome', ...TOOL, 'biome', 'ci', '--error-on-warnings', '.'],
  ['oxlint', ...TOOL, 'oxlint', '--deny-warnings'],
  ['tsc', ...TOOL, 'tsc', '-p', '.'],
  ['knip', ...TOOL, 'knip'],
  ['knip --production', ...TOOL, 'knip', '--production'],
  ['build', 'scripts/build.ts'],
  ['vitest', ...VITEST, '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_FILE}`],
]

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const only = process.argv.slice(2)
process.exitCode = only.length > 0 ? bun([...VITEST, ...only]) : runGates()

/**
 * Tests fetch nothing, and those of the Windows binary are left out and listed where its runtime was never fetched. So it
 * is fetched here, once, if there is a network; that there is none is no failure.
 */
function fetchForTests(): void {
  console.log('\n== the Windows binary, for its tests')
  const env = { ...process.env, NPM_CONFIG_FETCH_RETRIES: '0' }
  spawnSync(process.execPath, ['scripts/build.ts', 'windows-amd64'], { env, stdio: ['ignore', 'inherit', 'inherit'] })
}

function runGates(): number {
  rmSync(REPORT_DIR, { recursive: true, force: true })
  mkdirSync(REPORT_DIR, { recursive: true })
  fetchForTests()
  const results = GATES.map(([name, ...args]) => runGate(name, args))
  writeFileSync(GATES_FILE, JSON.stringify(results, null, 2))
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? 'ok  ' : 'FAIL'}  ${name}  ${seconds.toFixed(1)}s`)
  }
  return results.every(({ passed }) => passed) ? 0 : 1
}

function runGate(name: string, args: readonly string[]): GateResult {
  console.log(`\n== ${name}`)
  const start = performance.now()
  const passed = bun(args) === 0
  return { name, passed, seconds: (performance.now() - start) / 1000 }
}

function bun(args: readonly string[]): number {
  return spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1
}
