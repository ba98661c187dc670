import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import { jobEndOf } from '../follow.ts'
import type { Call, Operation } from '../operation.ts'
import { jobNames } from '../run-jobs-of.ts'
import { onStoreChange } from '../store-change.ts'
import type { RunSummary } from '../store-port.ts'

const Input = z.object({
  run: z.string(),
  job: z.optional(z.string()),
  follow: z.optional(z.boolean()),
  stdout: z.optional(z.boolean()),
  stderr: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

type Stream = 'stdout' | 'stderr'

/** Tells what the jobs of a run wrote, in the order in which they started; with `follow` also what they go on to write. */
export const showLogs: Operation<Input, RunSummary> = {
  name: 'runs logs',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const { reader, watch } = reading.value
    const changes = onStoreChange(watch, call.stop)
    const tail = new Tail(input, call)
    try {
      for (;;) {
        const run = await reader.findRun(input.run)
        if (!run.ok) return run
        const page = await reader.runEvents(run.value.id, 0)
        if (!page.ok) return page
        const shown = tail.show(page.value.events)
        if (!shown.ok) return shown
        if (input.follow !== true || isEnded(run.value.status) || !(await changes.next())) return ok(run.value)
      }
    } finally {
      changes.end()
    }
  },
}

/** How far each output has been told. */
class Tail {
  readonly #input: Input
  readonly #call: Call
  readonly #told = new Map<string, number>()

  constructor(input: Input, call: Call) {
    this.#input = input
    this.#call = call
  }

  show(events: readonly RunEvent[]): Result<void, Failure> {
    const steps = events.filter(
      (event): event is EventOf<'step.started'> => event.type === 'step.started' && event.body.activity === 'command',
    )
    const wanted = steps.filter(({ body }) => this.#input.job === undefined || body.name === this.#input.job)
    if (wanted.length === 0 && this.#input.job !== undefined && !jobNames(events).includes(this.#input.job)) {
      return err(unknownJob(this.#input.job, jobNames(events)))
    }
    const ends = new Map(
      events.flatMap((event) => {
        const end = jobEndOf(event)
        return end === undefined ? [] : [[end.number, end] as const]
      }),
    )
    for (const { runId, body } of wanted) {
      for (const stream of this.#streams()) {
        const digest = ends.get(body.number)?.report[stream].digest
        const path =
          digest === undefined
            ? this.#call.services.files.running(`${runId}/${body.number}`, stream)
            : this.#call.services.files.artifact(digest)
        if (path !== undefined) this.#tell({ job: body.name, stream, path })
      }
    }
    return ok()
  }

  #streams(): readonly Stream[] {
    const { stdout, stderr } = this.#input
    if (stdout === true && stderr !== true) return ['stdout']
    return stderr === true && stdout !== true ? ['stderr'] : ['stdout', 'stderr']
  }

  #tell(output: { readonly job: string; readonly stream: Stream; readonly path: string }): void {
    const key = `${output.job} ${output.stream}`
    const from = this.#told.get(key) ?? 0
    const until = this.#call.services.files.size(output.path)
    if (until > from) this.#call.report({ kind: 'output', ...output, from, until })
    this.#told.set(key, Math.max(from, until))
  }
}

function unknownJob(job: string, known: readonly string[]): Failure {
  const suggestion = nearest(job, known)
  return { code: 'unknown_job', job, known: [...known], ...(suggestion !== undefined && { nearest: suggestion }) }
}
