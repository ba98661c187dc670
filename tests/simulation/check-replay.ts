import { drainMicrotasks } from 'bun:jsc'
import { canonicalJson } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { endingOf } from '#domain/run/ending.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { recordedDraft } from '#engine/drafts.ts'
import type { Completion, Host, Stop } from '#engine/host-port.ts'
import { Replay } from '#engine/replay.ts'
import { execute } from '#engine/scheduler.ts'
import type { Workflow } from '#engine/workflow.ts'
import { job } from '#workflows/job.ts'
import { type Complain, isEnding } from './check-run.ts'
import { programWorkflow } from './programs.ts'
import { type SimRun, text } from './world.ts'

const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  job,
  program: programWorkflow({ wait: () => new Promise(() => undefined) }),
}

/** Executed from its journal alone, a run gives the same commands and comes to the same end. */
export async function checkReplay(run: SimRun, events: readonly RunEvent[], complain: Complain): Promise<void> {
  const last = events.at(-1)
  const workflow = WORKFLOWS[run.queued.workflow]
  if (last === undefined || workflow === undefined) return
  const host = new ReplayHost(run, events)
  const input = JSON.parse(canonicalJson(run.queued.input))
  const executed = await execute(workflow, input, host)
  if (!executed.ok) {
    // Closed from outside, its journal just stops.
    const isCut = last.type === 'run.cancelled' || !isEnding(last)
    if (executed.error.kind === 'parked' && isCut) return
    return complain(`its journal does not lead to its end: ${text(executed.error)}`)
  }
  if (!host.isOver) complain('its journal holds more than its workflow asks for')
  const ending = endingOf(executed.value)
  const recorded = { type: last.type, body: last.body }
  const isClosed = last.type === 'run.cancelled' && ending.type !== last.type
  if (!isClosed && text(ending) !== text(recorded))
    complain(`a replay ends as ${text(ending)}, not as ${text(recorded)}`)
}

/** A host that has nothing but the journal. */
class ReplayHost implements Host {
  readonly #replay: Replay
  readonly #kinds = new Map<number, string>()
  #fault: Stop | undefined

  constructor(run: SimRun, events: readonly RunEvent[]) {
    this.#replay = new Replay(run.id, events)
  }

  get isOver(): boolean {
    return this.#replay.isOver
  }

  start(command: Parameters<Host['start']>[0]): void {
    this.#kinds.set(command.number, command.kind)
    this.#keep(this.#replay.isOver ? ok() : this.#replay.command(command))
  }

  cancel(number: number): void {
    const kind = this.#kinds.get(number)
    if (kind === 'step' || kind === undefined || this.#replay.isOver) return
    const fault = this.#replay.cancellation(number)
    if (fault !== undefined) this.#keep(err(fault))
  }

  draw(number: number, kind: 'now' | 'random' | 'uuid'): string | number {
    if (this.#replay.isOver) return 0
    const drawn = this.#replay.drawn(number, kind)
    this.#keep(drawn)
    return drawn.ok ? drawn.value : 0
  }

  record(number: number, fact: Parameters<Host['record']>[1]): void {
    const fault = this.#replay.isOver ? undefined : this.#replay.recorded(recordedDraft(number, fact))
    if (fault !== undefined) this.#keep(err(fault))
  }

  async next(): Promise<Result<Completion, Stop>> {
    if (this.#fault !== undefined) return err(this.#fault)
    if (this.#replay.isOver) return err({ kind: 'parked', readyAt: null })
    const completion = this.#replay.completion()
    return completion.ok ? completion : err({ kind: 'stopped', failure: completion.error })
  }

  turn(run: () => void): void {
    drainMicrotasks()
    run()
    drainMicrotasks()
  }

  #keep(result: Result<unknown, Extract<Stop, { kind: 'stopped' }>['failure']>): void {
    if (!result.ok) this.#fault ??= { kind: 'stopped', failure: result.error }
  }
}
