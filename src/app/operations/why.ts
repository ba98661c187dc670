import * as z from 'zod/mini'
import { parseMoment } from '#base/moment.ts'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { explainJob } from '../explain/explain-job.ts'
import { explainRun } from '../explain/explain-run.ts'
import type { Explanation } from '../explain/explanation.ts'
import type { Call, Operation } from '../operation.ts'
import { asJobRun, type BegunRun, type JobRun, readBegunRun } from '../read-run.ts'
import type { AskedQuestion, StoreReader } from '../store-port.ts'
import { unknownJobOfRun } from '../unknown-job-of-run.ts'

const Input = z.object({ subject: z.string(), job: z.optional(z.string()), at: z.optional(z.string()) })

/** The one fact that, had it been different, would have made a job or a run do something else. */
export const why: Operation<z.infer<typeof Input>, Explanation> = {
  name: 'why',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ subject, job, at }, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading.error.code === 'store_missing' ? await neverRun(subject, call) : reading
    const { reader } = reading.value
    if (at !== undefined) return await whyThen(reader, { job: subject, at }, call)
    const run = await readBegunRun(reader, subject)
    if (!run.ok) return run.error.code === 'unknown_run' ? await neverRun(subject, call) : run
    return await explain(reader, run.value, { subject, ...(job !== undefined && { job }) })
  },
}

/** A run is meant by its id; by another name, the job of it that is called so. */
function jobMeant({ run, input }: JobRun, subject: string): string | undefined {
  if (run.id.startsWith(subject)) return undefined
  return input.jobs.some(({ name }) => name === subject) ? subject : undefined
}

interface Asked {
  readonly subject: string
  readonly job?: string
}

async function explain(
  reader: StoreReader,
  begun: BegunRun,
  { subject, job }: Asked,
): Promise<Result<Explanation, Failure>> {
  const questions = await reader.openQuestions(begun.run.id)
  if (!questions.ok) return questions
  if (begun.queued.body.workflow === 'orchestration') return await explainNodes(begun, job, questions.value)
  const run = asJobRun(begun)
  if (!run.ok) return run
  const meant = job ?? jobMeant(run.value, subject)
  if (meant === undefined) return ok(explainRun(run.value, questions.value))
  const explained = explainJob(run.value, meant, questions.value)
  return explained === undefined ? err(notInRun(meant, run.value)) : ok(explained)
}

/** Loaded for orchestrations only. */
async function explainNodes(
  run: BegunRun,
  node: string | undefined,
  questions: readonly AskedQuestion[],
): Promise<Result<Explanation, Failure>> {
  const { explainOrchestration, nodesOf } = await import('../explain/explain-orchestration.ts')
  const explained = explainOrchestration(run, node, questions)
  return explained === undefined ? err(unknownJobOfRun(node ?? '', run.run.id, nodesOf(run))) : ok(explained)
}

function notInRun(job: string, { input, run }: JobRun): Failure {
  return unknownJobOfRun(
    job,
    run.id,
    input.jobs.map(({ name }) => name),
  )
}

async function whyThen(
  reader: StoreReader,
  { job, at: text }: { readonly job: string; readonly at: string },
  call: Call,
): Promise<Result<Explanation, Failure>> {
  const at = parseMoment(text, call.services.clock.now())
  if (!at.ok) {
    const expected = 'a time such as 2026-11-20T02:00:00Z, 02:00 or "2h ago" for --at'
    return err({ code: 'usage', problem: 'bad_value', word: text, command: 'why', expected })
  }
  const around = await reader.runsAround(job, at.value)
  if (!around.ok) return around
  const { during, before, after } = around.value
  if (during !== undefined) {
    const run = await readBegunRun(reader, during.id)
    return run.ok ? await explain(reader, run.value, { subject: job }) : run
  }
  if (before === undefined && after === undefined) return await neverRun(job, call)
  const fact = { kind: 'nobody_asked', before: before ?? null, after: after ?? null } as const
  return ok({ job, run: null, verdict: 'not_asked', fact, evidence: [] })
}

/** A job that is configured and has no run; anything else is nothing that we know. */
async function neverRun(subject: string, call: Call): Promise<Result<Explanation, Failure>> {
  const config = await call.services.config()
  if (!config.ok) return config
  const known = Object.keys(config.value.config.jobs ?? {})
  if (known.includes(subject)) {
    const fact = { kind: 'nobody_asked', before: null, after: null } as const
    return ok({ job: subject, run: null, verdict: 'never_run', fact, evidence: [] })
  }
  const suggestion = nearest(subject, known)
  return err({ code: 'unknown_job', job: subject, known, ...(suggestion !== undefined && { nearest: suggestion }) })
}
