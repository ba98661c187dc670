// The benchmarks: `bun bench/run.ts [group…]` prints ratios taken in one run, and writes them to dist/bench.json.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hash } from './hash.ts'
import { manyJobs } from './many-jobs.ts'
import { manyRuns } from './many-runs.ts'
import { memory } from './memory.ts'
import { orchestrations } from './orchestrations.ts'
import { replay } from './replay.ts'
import { resume } from './resume.ts'
import { runJob } from './run-job.ts'
import { startUp } from './start-up.ts'
import { status } from './status.ts'
import { steps } from './steps.ts'
import type { Finding } from './support/measure.ts'
import { machineLine, textOf } from './support/report.ts'
import { upToDate } from './up-to-date.ts'
import { verify } from './verify.ts'

const GROUPS = [
  startUp,
  runJob,
  manyJobs,
  steps,
  manyRuns,
  orchestrations,
  memory,
  replay,
  resume,
  verify,
  status,
  hash,
  upToDate,
]
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !GROUPS.some((group) => group.name === name))
if (unknown.length > 0) {
  console.error(`no such group: ${unknown.join(' ')}; there are: ${GROUPS.map(({ name }) => name).join(' ')}`)
  process.exit(2)
}

const machine = machineLine()
console.log(`${machine}\n`)
const findings: Record<string, readonly Finding[]> = {}
for (const { name, measure } of GROUPS) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const found = await measure()
  findings[name] = found
  for (const finding of found) console.log(textOf(finding))
}
const dist = fileURLToPath(new URL('../dist', import.meta.url))
mkdirSync(dist, { recursive: true })
writeFileSync(join(dist, 'bench.json'), `${JSON.stringify({ machine, findings }, null, 2)}\n`)
process.exit(0)
