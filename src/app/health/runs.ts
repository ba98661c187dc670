import { count, onOneLine } from '#base/text.ts'
import type { RunId } from '#domain/run/run.ts'
import { inFlight } from '#engine/recovery.ts'
import { type JobEnd, jobEndOf } from '../command-ends.ts'
import type { Examination, Health } from '../health-port.ts'
import type { Services } from '../services.ts'
import type { RunSummary } from '../store-port.ts'
import { type Finding, failed, good, note, problem } from './finding.ts'

/** How many runs are named. */
const NAMED = 5
/** So many of the latest runs are compared with their JSON records. */
const COMPARED_RUNS = 200
/** How long that may take. */
const RECORDED_WITHIN_MS = 5000

/** Runs that stand still since their process died, and what that left running. */
export async function checkRuns(
  { reader }: Examination,
  services: Services,
  health: Health,
): Promise<readonly Finding[]> {
  const interrupted = await reader.interruptedRuns()
  if (!interrupted.ok) return [failed('runs', interrupted.error, health.home)]
  const runs = interrupted.value
  if (runs.length === 0) return [good('runs', 'none is interrupted')]
  const named = runs.slice(0, NAMED).map(({ id, name }) => `${onOneLine(name)}:  orchastration runs resume ${id}`)
  const more = runs.length > NAMED ? [`all of them:  orchastration runs list --status interrupted`] : []
  const isOne = runs.length === 1
  const what = `${count(runs.length, 'run')} ${isOne ? 'is' : 'are'} interrupted: ${isOne ? 'its process is' : 'their processes are'} gone`
  const left = await Promise.all(runs.slice(0, NAMED).map(async (run) => await leftoversOf(run, reader, services)))
  return [note('runs', what, { todo: [...named, ...more] }), ...left.flat()]
}

async function leftoversOf(
  { id }: RunSummary,
  reader: Examination['reader'],
  services: Services,
): Promise<readonly Finding[]> {
  const page = await reader.runEvents(id, 0)
  const steps = page.ok ? inFlight(page.value.events) : []
  const found = await Promise.all(steps.map(async ({ body }) => await services.leftovers(`${id}/${body.number}`)))
  const detail = found.flat().map(({ pid, command }) => `${pid}  ${onOneLine(command)}`)
  if (detail.length === 0) return []
  const what = `${processes(detail.length)} of run ${id} still ${detail.length === 1 ? 'runs' : 'run'}, and nobody records it`
  const todo = [`end them:  orchastration runs cancel ${id}`, `go on:  orchastration runs resume ${id}`]
  return [problem('leftovers', what, { detail, todo })]
}

/** JSON records of the latest runs: a process that died before it wrote one, or `rebuild` half way, left some out. */
export async function checkRecords({ reader }: Examination, services: Services, health: Health): Promise<Finding> {
  const check = 'records'
  const runs = await reader.listRuns({ limit: COMPARED_RUNS })
  if (!runs.ok) return failed(check, runs.error, health.home)
  // A living process that ended a job writes its record next.
  const isAnyAlive = (await health.owners()).some(({ isAlive }) => isAlive)
  const until = services.clock.now() - (isAnyAlive ? RECORDED_WITHIN_MS : 0)
  const faults: string[] = []
  let compared = 0
  for (const { id } of runs.value) {
    for (const end of await endsOf(id, until, reader)) {
      compared += 1
      const fault = await health.recordFault({ ...end, runId: id })
      if (fault !== undefined) faults.push(`${onOneLine(end.job)} of run ${id}: ${fault}`)
    }
  }
  const where = services.directories.records
  if (faults.length === 0) return good(check, `${count(compared, 'record')} of the latest runs are there`, where)
  const what = `${count(faults.length, 'JSON record')} of the latest runs ${faults.length === 1 ? 'is' : 'are'} missing`
  return problem(check, what, {
    where,
    detail: faults.slice(0, NAMED),
    todo: ['make them anew:  orchastration rebuild'],
  })
}

/** How the jobs of a run ended, up to a time. */
async function endsOf(runId: RunId, until: number, reader: Examination['reader']): Promise<readonly JobEnd[]> {
  const page = await reader.runEvents(runId, 0)
  const ends = page.ok ? page.value.events.flatMap((event) => jobEndOf(event) ?? []) : []
  return ends.filter(({ report }) => report.ended_at <= until)
}

/** A process may have made its file and not locked it yet; nobody takes a minute for that. */
const STALE_AFTER_MS = 60_000

/** Files by which dead processes were known. They do no harm, and a kill leaves one each time. */
export async function checkOwners(health: Health, services: Services, repair: boolean): Promise<Finding> {
  const check = 'processes'
  const owners = await health.owners()
  const stale = owners.filter(({ isAlive, ageMs }) => !isAlive && ageMs > STALE_AFTER_MS)
  const living = owners.filter(({ isAlive }) => isAlive).length
  const alive = `${processes(living)} of this program at work on the store`
  if (stale.length === 0) return good(check, alive)
  const files = count(stale.length, 'file')
  if (!repair) {
    const what = `${files} of processes that are gone`
    return note(check, what, { todo: ['remove them:  orchastration doctor --repair'] })
  }
  let removed = 0
  for (const { name } of stale) {
    const forgotten = await health.forgetOwner(name)
    if (!forgotten.ok) return failed(check, forgotten.error, health.home)
    removed += 1
    services.log.write({ level: 'info', message: 'repaired', fields: { removed: `owners/${name}` } })
  }
  return good(check, `removed ${count(removed, 'file')} of processes that are gone; ${alive}`)
}

function processes(number: number): string {
  return number === 1 ? '1 process' : `${number} processes`
}
