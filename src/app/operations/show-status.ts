import * as z from 'zod/mini'
import { ok, type Result } from '#base/result.ts'
import type { Failure, FailureCode } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import { inFlight } from '#engine/recovery.ts'
import { commandEndOf } from '../command-ends.ts'
import type { Operation } from '../operation.ts'
import { jobNames } from '../run-jobs-of.ts'
import type { Reading, Services } from '../services.ts'
import type { AskedQuestion, LastJob, RunSummary } from '../store-port.ts'

const Input = z.object({})

export interface JobStatus {
  readonly name: string
  /** Undefined where no end of the job was ever recorded. */
  readonly last?: LastJob
  /** Why it has no exit code, where it was ended from outside. */
  readonly cause?: FailureCode
  /** The run that is not over and has the job, where it never ended before. */
  readonly inRun?: RunId
}

/** A run that is not over and not simply going on. */
export interface OpenRun {
  readonly run: RunSummary
  readonly inFlight: readonly { readonly step: string; readonly number: number; readonly idempotent: boolean }[]
  /** Processes that the dead owner left behind. */
  readonly leftovers: readonly { readonly pid: number; readonly command: string }[]
  readonly stepsEnded: number
  readonly stepsPlanned: number
  /** Whether its time has come and nobody serves it. */
  readonly isDue: boolean
}

export interface Status {
  readonly jobs: readonly JobStatus[]
  readonly open: readonly OpenRun[]
  readonly questions: readonly AskedQuestion[]
}

/** How many open runs are looked at in detail. */
const SHOWN = 50

/** How each configured job last ended, and which runs need somebody. */
export const showStatus: Operation<z.infer<typeof Input>, Status> = {
  name: 'status',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, call) => {
    const config = await call.services.config()
    if (!config.ok) return config
    const names = Object.keys(config.value.config.jobs ?? {}).sort()
    const reading = await call.services.reading()
    if (!reading.ok) {
      if (reading.error.code !== 'store_missing') return reading
      return ok({ jobs: names.map((name) => ({ name })), open: [], questions: [] })
    }
    return await statusOf(names, reading.value, call.services)
  },
}

async function statusOf(
  names: readonly string[],
  { reader }: Reading,
  services: Services,
): Promise<Result<Status, Failure>> {
  const lasts = await reader.lastJobs(names)
  if (!lasts.ok) return lasts
  const questions = await reader.openQuestions()
  if (!questions.ok) return questions
  const open: OpenRun[] = []
  for (const status of ['interrupted', 'paused', 'waiting', 'running', 'queued'] as const) {
    const runs = await reader.listRuns({ status, limit: SHOWN })
    if (!runs.ok) return runs
    for (const run of runs.value) {
      if (status === 'running' && run.interrupted) continue
      open.push(await openRun(run, reader, services))
    }
  }
  const jobs: JobStatus[] = []
  const causes = new Causes(reader)
  for (const name of names) {
    const last = lasts.value.get(name)
    jobs.push(last === undefined ? await withoutEnd(name, open, reader) : await withEnd(name, last, causes))
  }
  return ok({ jobs, open, questions: questions.value })
}

async function withEnd(name: string, last: LastJob, causes: Causes): Promise<JobStatus> {
  const cause = last.exit < 0 ? await causes.of(last) : undefined
  return cause === undefined ? { name, last } : { name, last, cause }
}

/** What ended jobs, from the events of their runs, each of which is read once. */
class Causes {
  readonly #reader: Reading['reader']
  readonly #ends = new Map<RunId, ReadonlyMap<number, FailureCode | undefined>>()

  constructor(reader: Reading['reader']) {
    this.#reader = reader
  }

  async of({ runId, number }: LastJob): Promise<FailureCode | undefined> {
    const known = this.#ends.get(runId)
    if (known !== undefined) return known.get(number)
    const page = await this.#reader.runEvents(runId, 0)
    const ends = (page.ok ? page.value.events : []).map(commandEndOf).filter((end) => end !== undefined)
    const codes = new Map(ends.map((end) => [end.number, end.failure?.code]))
    this.#ends.set(runId, codes)
    return codes.get(number)
  }
}

/** A job that never ended may be part of its first run right now. */
async function withoutEnd(name: string, open: readonly OpenRun[], reader: Reading['reader']): Promise<JobStatus> {
  const runs = open.length === 0 ? ok([]) : await reader.listRuns({ name, limit: 1 })
  const run = runs.ok ? runs.value[0] : undefined
  return run === undefined || isEnded(run.status) ? { name } : { name, inRun: run.id }
}

async function openRun(run: RunSummary, reader: Reading['reader'], services: Services): Promise<OpenRun> {
  const isDue = run.status === 'queued' || (run.readyAt !== null && run.readyAt <= services.clock.now())
  const nothing = { inFlight: [], leftovers: [], stepsEnded: 0, stepsPlanned: 0 }
  // Only of a run that stands still for no good reason does anybody want to know where.
  if (!run.interrupted && run.status !== 'paused') return { run, isDue, ...nothing }
  const page = await reader.runEvents(run.id, 0)
  const events: readonly RunEvent[] = page.ok ? page.value.events : []
  const flying = inFlight(events)
  const leftovers = await Promise.all(
    flying.map(async ({ body }) => await services.leftovers(`${run.id}/${body.number}`)),
  )
  return {
    run,
    isDue,
    inFlight: flying.map(({ body: { name: step, number, idempotent } }) => ({ step, number, idempotent })),
    leftovers: leftovers.flat(),
    stepsEnded: events.filter(({ type }) => type === 'step.succeeded' || type === 'step.failed').length,
    stepsPlanned: jobNames(events).length,
  }
}
