import * as z from 'zod/mini'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { jobEndOf } from '../follow.ts'
import type { Operation } from '../operation.ts'
import type { Executing } from '../services.ts'

const Input = z.object({})

/** How many runs one page of the list holds. */
const EVERY_RUN = Number.MAX_SAFE_INTEGER

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
    const rebuilt = await executing.value.rebuild()
    return rebuilt.ok ? await writeRecords(executing.value) : rebuilt
  },
}

async function writeRecords({ reader, records }: Executing): Promise<Result<Rebuilt, Failure>> {
  const cleared = await records.clear()
  if (!cleared.ok) return cleared
  const runs = await reader.listRuns({ limit: EVERY_RUN })
  if (!runs.ok) return runs
  let written = 0
  // The oldest first, so that of two records in one second the earlier one has the shorter name again.
  for (const run of [...runs.value].reverse()) {
    const page = await reader.runEvents(run.id, 0)
    if (!page.ok) return page
    for (const end of page.value.events.map(jobEndOf)) {
      if (end === undefined) continue
      const lasts = await reader.lastJobs([end.job])
      const last = lasts.ok ? lasts.value.get(end.job) : undefined
      const isLast = last?.runId === run.id && last.number === end.number
      const { job, report, exit } = end
      const record = await records.write({ job, runId: run.id, report, exit, isNew: true, isLast })
      if (!record.ok) return record
      written += 1
    }
  }
  return ok({ runs: runs.value.length, records: written })
}
