// The end of a CI run: what did not run and why, then one line that counts. Only tests count as passed; a failed gate counts as one failure.
import { existsSync, readFileSync } from 'node:fs'
import { GATES_FILE, type GateResult, VITEST_FILE } from './report.ts'

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

const gates = read<readonly GateResult[]>(GATES_FILE)
const tests = read<VitestReport>(VITEST_FILE)
const failedTests = tests?.numFailedTests ?? 0
const failedGates = (gates ?? [{ name: 'setup', passed: false, seconds: 0 }]).filter(
  // Failed tests are counted one by one, not a second time as their gate.
  ({ name, passed }) => !passed && !(name === 'vitest' && failedTests > 0),
)
const failed = failedTests + failedGates.length

printFailedGates()
printNotRun()
console.log(`${tests?.numPassedTests ?? 0} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function read<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}

function printFailedGates(): void {
  for (const { name } of failedGates) console.log(`failed gate: ${name}`)
}

function printNotRun(): void {
  console.log('\nnot run:')
  for (const [id, name] of Object.entries(PLATFORMS)) {
    if (id !== process.platform) console.log(`- tests and scripts on ${name}: this machine runs ${process.platform}`)
  }
  console.log(`- other processors: this machine is ${process.arch}`)
  console.log(
    '- the binaries for macOS and for other processors: scripts/package.ts makes them, nothing here starts them',
  )
  console.log('- scripts/run, scripts/build-* and scripts/package-*: of these, the gates run only what is behind them')
  for (const name of skippedTests()) console.log(`- skipped test: ${name}`)
}

function skippedTests(): string[] {
  return (tests?.testResults ?? [])
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName)
}
