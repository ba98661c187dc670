import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { jobEndOf } from '../command-ends.ts'
import type { Operation } from '../operation.ts'
import { OrchestrationRecorder } from '../orchestration-records.ts'
import type { Executing } from '../services.ts'
import { taskEndsOf } from '../task-ends.ts'
import { exportTaskEnd } from '../task-exports.ts'

const Input = z.object({})

const EVERY_RUNNING = 10_000

/** How many runs are held at once. */
const PAGE_RUNS = 200

export interface Rebuilt {
  readonly runs: number
  readonly records: number
}

/** Makes the tables of the store and the JSON records anew from the log. */
export const rebuild: Operation<z.infer<typeof Input>, Rebuilt> = {
  name: 'rebuild',
  effect: 'write',
  callers: ['person', 'system'],
  input: Input,
  run: async (_input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    // A living process writes records of its own, and would take ours for those of another run.
    const running = await executing.value.reader.listRuns({ status: 'running', limit: EVERY_RUNNING })
    if (!running.ok) return running
    const inHand = running.value.find(({ interrupted }) => !interrupted)
    if (inHand !== undefined) return err({ code: 'run_owned', run: inHand.id, owner: 'a living process' })
    const rebuilt = await executing.value.rebuild()
    const made = rebuilt.ok ? await writeRecords(executing.value) : rebuilt
    if (made.ok) call.services.log.write({ level: 'info', message: 'rebuilt', fields: { ...made.value } })
    return made
  },
}

async function writeRecords(executing: Executing): Promise<Result<Rebuilt, Failure>> {
  const cleared = await executing.records.clear()
  if (!cleared.ok) return cleared
  let runs = 0
  let records = 0
  // The oldest first, so that of two records in one second the earlier one has the shorter name again.
  for (let last: RunId | undefined; ; ) {
    const page = await executing.reader.runsAfter(last, PAGE_RUNS)
    if (!page.ok) return page
    for (const run of page.value) {
      const written = await writeRunRecords(executing, run.id)
      if (!written.ok) return written
      records += written.value
    }
    runs += page.value.length
    last = page.value.at(-1)?.id
    if (last === undefined) return ok({ runs, records })
  }
}

/** The records of one run; events that cannot be read have none, and hide no others. */
async function writeRunRecords({ reader, records }: Executing, runId: RunId): Promise<Result<number, Failure>> {
  const page = await reader.runEvents(runId, 0)
  if (!page.ok) return page
  const ends = page.value.events
    .flatMap((event) => jobEndOf(event) ?? [])
    .filter(({ report }) => report.up_to_date === undefined)
  const lasts = await reader.lastJobs(ends.map(({ job }) => job))
  if (!lasts.ok) return lasts
  for (const { job, number, report, exit } of ends) {
    const last = lasts.value.get(job)
    const isLast = last?.runId === runId && last.number === number
    const written = await records.write({ job, runId, report, exit, isNew: true, isLast })
    if (!written.ok) return written
  }
  const tasks = await writeTaskRecords({ reader, records }, page.value.events)
  if (!tasks.ok) return tasks
  const recorder = OrchestrationRecorder.begin(page.value.events[0])
  for (const event of page.value.events) recorder?.add(event)
  const orchestration = (await recorder?.write(records, true)) ?? ok(false)
  return orchestration.ok ? ok(ends.length + tasks.value + Number(orchestration.value)) : orchestration
}

async function writeTaskRecords(
  parts: Pick<Executing, 'reader' | 'records'>,
  events: readonly RunEvent[],
): Promise<Result<number, Failure>> {
  const begun = new Map<number, EventOf<'step.started'>>()
  let written = 0
  for (const event of events) {
    if (event.type === 'step.started') begun.set(event.body.number, event)
    if (event.type !== 'step.succeeded' && event.type !== 'step.failed') continue
    const started = begun.get(event.body.number)
    for (const end of started === undefined ? [] : taskEndsOf(event, started)) {
      const exported = await exportTaskEnd(parts, end, true)
      if (!exported.ok) return exported
      written += 1
    }
  }
  return ok(written)
}
