import { outcomeWords } from '#app/course/step-words.ts'
import { describeFailure } from '#app/failure-text.ts'
import type { OutputPaths } from '#app/services.ts'
import { formatDuration } from '#base/duration.ts'
import { onOneLine } from '#base/text.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { reportOf } from '#domain/run/job-record.ts'
import type { GraphWatch } from './graph-watch.ts'
import type { Io } from './io.ts'
import { stepWords } from './moment-words.ts'
import { OutputLines } from './output-lines.ts'

/** How often what commands write is looked at, where it is told as it comes. */
const LOOK_MS = 100
const INDENT = '        '

type StepEnd = EventOf<'step.succeeded'> | EventOf<'step.failed'>
type Printed = Pick<CommandReport, 'stdout' | 'stderr'>

interface Telling {
  readonly files: OutputPaths
  readonly say: (text: string) => void
}

/**
 * Tells the steps of an orchestration: in a file or a pipe each as it ends, with `--verbose` also what their commands
 * write, as it comes. That one is tried again is told everywhere.
 */
export class StepTeller {
  readonly #io: Io
  readonly #say: (text: string) => void
  readonly #outputs: OutputLines | undefined
  #looking: NodeJS.Timeout | undefined

  constructor(io: Io, { files, say }: Telling) {
    this.#io = io
    this.#say = say
    if (io.loudness === 'verbose') this.#outputs = new OutputLines(files, say)
  }

  begin(runId: string, watch: () => GraphWatch | undefined): void {
    if (this.#outputs === undefined) return
    this.#looking = setInterval(() => this.#outputs?.look(runId, watch()?.running ?? []), LOOK_MS)
  }

  /** Before the event is taken in: the step is still known. */
  tell(event: RunEvent, watch: GraphWatch): void {
    if (event.type === 'step.retried') this.#retried(event, watch)
    else if (event.type === 'step.succeeded' || event.type === 'step.failed') this.#ended(event, watch)
  }

  end(): void {
    clearInterval(this.#looking)
  }

  #retried({ at, body: { number, attempt, due_at, failure } }: EventOf<'step.retried'>, watch: GraphWatch): void {
    const step = watch.step(number)
    const why = onOneLine(describeFailure(failure).headline)
    const when = formatDuration(due_at - at)
    this.#say(`  again ${step?.label ?? ''} · ${step?.action ?? ''}: try ${attempt} in ${when}: ${why}\n`)
  }

  #ended(event: StepEnd, watch: GraphWatch): void {
    const { number } = event.body
    const step = watch.step(number)
    if (step === undefined) return
    const report = printedBy(event)
    if (report !== undefined) this.#outputs?.finish({ job: step.label, number, report })
    if (this.#io.isLive) return
    const words = { what: step.action, took_ms: event.at - step.since, ...outcomeWords(event.body) }
    this.#say(`${INDENT}${step.label} · ${stepWords(words, this.#io.paint)}\n`)
  }
}

/** What a step's command has printed, where it ran one. */
function printedBy(event: StepEnd): Printed | undefined {
  if (event.type === 'step.failed') return reportOf(event.body.failure)
  const { stdout, stderr } = (event.body.output ?? {}) as Partial<Printed>
  const isOutput = (each: Printed['stdout'] | undefined) => typeof each === 'object' && typeof each?.digest === 'string'
  return stdout !== undefined && stderr !== undefined && isOutput(stdout) && isOutput(stderr)
    ? { stdout, stderr }
    : undefined
}
