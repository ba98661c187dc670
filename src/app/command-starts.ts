import type { Json } from '#base/json.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { EventBodies, RunEvent } from '#domain/run/event.ts'
import { reportOf } from '#domain/run/job-record.ts'
import type { RunAnswer, ToolRefusal } from '#domain/run/tool-answer.ts'
import { commandEndOf, runsCommand } from './command-ends.ts'

/** One start of a command, with output files of its own. */
export interface CommandStart {
  readonly job: string
  /** The step, and which of its starts; it stays the same while the log grows. */
  readonly key: string
  readonly number: number
  /** What it left behind; undefined while it goes on. */
  readonly report: CommandReport | undefined
}

/** Every start of a command, by steps in their order: tries that failed, and the one that ended it or goes on. */
export function commandStarts(events: readonly RunEvent[]): readonly CommandStart[] {
  const steps = new Map<number, Step>()
  for (const event of events) {
    if (event.type === 'step.started' && startsCommand(event.body)) {
      steps.set(event.body.number, new Step(event.body.name, event.body.number))
    } else if (event.type === 'run.resumed') for (const number of event.body.restarted) steps.get(number)?.restart()
    else if (event.type === 'step.retried') steps.get(event.body.number)?.add(reportOf(event.body.failure))
    else endStep(steps, event)
  }
  return [...steps.values()].flatMap((step) => step.starts)
}

function endStep(steps: Map<number, Step>, event: RunEvent): void {
  const end = commandEndOf(event)
  if (end !== undefined) steps.get(end.number)?.end(end.report)
  if (event.type !== 'step.succeeded' || event.body.activity !== 'tool') return
  // What an agent was refused to run was never started.
  const report = ranByAgent(event.body.output)
  if (report === undefined) steps.delete(event.body.number)
  else steps.get(event.body.number)?.end(report)
}

/** Agents run commands by a tool among others. */
function startsCommand({ activity, input }: EventBodies['step.started']): boolean {
  return runsCommand(activity) || (activity === 'tool' && (input as { readonly tool?: unknown }).tool === 'run')
}

/** What the answer of that tool says of a command, as a report. */
function ranByAgent(output: Json): CommandReport | undefined {
  const answer = output as unknown as RunAnswer | ToolRefusal
  if (!answer.ok || answer.stdout === undefined) return undefined
  const { command, exit, signal, stdout, stderr, started_at, ended_at } = answer
  const environment = { salt: '', digest: '', variables: 0 }
  return { argv: [command], directory: '', started_at, ended_at, exit, signal, stdout, stderr, environment }
}

class Step {
  readonly #job: string
  readonly #number: number
  readonly #ended: CommandStart[] = []
  #tries = 0
  #restarts = 0
  #isOver = false

  constructor(job: string, number: number) {
    this.#job = job
    this.#number = number
  }

  get starts(): readonly CommandStart[] {
    return this.#isOver ? this.#ended : [...this.#ended, this.#start(undefined)]
  }

  add(report: CommandReport | undefined): void {
    // A try that left no report wrote nothing, and counts all the same.
    if (report !== undefined) this.#ended.push(this.#start(report))
    this.#tries += 1
  }

  end(report: CommandReport): void {
    this.add(report)
    this.#isOver = true
  }

  /** Its process died: what that start wrote has no report. */
  restart(): void {
    this.#restarts += 1
  }

  #start(report: CommandReport | undefined): CommandStart {
    const key = `${this.#number}.${this.#tries}.${this.#restarts}`
    return { job: this.#job, key, number: this.#number, report }
  }
}
