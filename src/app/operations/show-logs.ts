import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import { bodyErased } from '../body-erased.ts'
import { type CommandStart, commandStarts } from '../command-starts.ts'
import type { Call, Operation } from '../operation.ts'
import { RestTeller } from '../rest-teller.ts'
import { jobNames } from '../run-jobs-of.ts'
import { onStoreChange } from '../store-change.ts'
import type { RunSummary } from '../store-port.ts'
import { unknownJobOfRun } from '../unknown-job-of-run.ts'

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
    const rest = new RestTeller(call, input.follow === true)
    try {
      for (;;) {
        tail.findRunning()
        const run = await reader.findRun(input.run)
        if (!run.ok) return run
        const page = await reader.runEvents(run.value.id, 0)
        if (!page.ok) return page
        const { erased } = page.value
        if (erased !== undefined) return err(bodyErased(erased))
        const shown = tail.show(run.value.id, page.value.events)
        if (!shown.ok) return shown
        rest.look(run.value)
        if (input.follow !== true || isEnded(run.value.status) || !(await changes.next())) return ok(run.value)
      }
    } finally {
      changes.end()
    }
  },
}

/** How far an output has been told. */
interface Told {
  readonly path: string
  readonly until: number
}

/** Tells what is new of each output. */
class Tail {
  readonly #input: Input
  readonly #call: Call
  readonly #told = new Map<string, Told>()
  /** Which start a file of a running one was first told for: a dead start's file is not the next one's. */
  readonly #owners = new Map<string, string>()
  readonly #known = new Map<number, RunId>()
  #running = new Map<string, string | undefined>()

  constructor(input: Input, call: Call) {
    this.#input = input
    this.#call = call
  }

  /**
   * Finds the files that steps write to. Before the events are read: what these then call running was so already, so
   * that the file of a later start is not taken for it.
   */
  findRunning(): void {
    const { files } = this.#call.services
    this.#running = new Map()
    for (const [number, runId] of this.#known) {
      for (const stream of this.#streams()) {
        this.#running.set(`${number} ${stream}`, files.running(`${runId}/${number}`, stream))
      }
    }
  }

  show(run: RunId, events: readonly RunEvent[]): Result<void, Failure> {
    const { follow, job } = this.#input
    this.#learn(events)
    // Looked at only once, nothing can be told twice.
    if (follow !== true) this.findRunning()
    const wanted = commandStarts(events).filter((start) => job === undefined || start.job === job)
    if (wanted.length === 0 && job !== undefined && !jobNames(events).includes(job)) {
      return err(unknownJobOfRun(job, run, jobNames(events)))
    }
    for (const start of wanted) {
      for (const stream of this.#streams()) this.#showStream(start, stream)
    }
    return ok()
  }

  #learn(events: readonly RunEvent[]): void {
    for (const { runId, type, body } of events) if (type === 'step.started') this.#known.set(body.number, runId)
  }

  #showStream({ job, key, number, report }: CommandStart, stream: Stream): void {
    const output = { job, stream }
    if (report !== undefined) {
      // The bytes are those that the running start wrote, wherever they lie now.
      const path = this.#call.services.files.artifact(report[stream].digest)
      const from = this.#told.get(`${key} ${stream}`)?.until ?? 0
      this.#tell(`${key} ${stream}`, { ...output, path, from })
      return
    }
    const path = this.#running.get(`${number} ${stream}`)
    if (path === undefined || (this.#owners.get(path) ?? key) !== key) return
    this.#owners.set(path, key)
    const told = this.#told.get(`${key} ${stream}`)
    this.#tell(`${key} ${stream}`, { ...output, path, from: told?.path === path ? told.until : 0 })
  }

  #streams(): readonly Stream[] {
    const { stdout, stderr } = this.#input
    if (stdout === true && stderr !== true) return ['stdout']
    return stderr === true && stdout !== true ? ['stderr'] : ['stdout', 'stderr']
  }

  #tell(
    key: string,
    output: { readonly job: string; readonly stream: Stream; readonly path: string; readonly from: number },
  ): void {
    const until = this.#call.services.files.size(output.path)
    if (until > output.from) this.#call.report({ kind: 'output', ...output, until })
    this.#told.set(key, { path: output.path, until: Math.max(output.from, until) })
  }
}
