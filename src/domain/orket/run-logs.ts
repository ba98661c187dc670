import type { RunEvent } from '../run/event.ts'
import { OrketEvents } from './orket-events.ts'
import { StepIds } from './steps.ts'

/** A file of a run's logs, by the name that Orket gives it. */
export interface RunLog {
  /** Such as `orket.log` or `agents/coder.log`. */
  readonly name: string
  readonly text: string
}

/** The log files of a flow's run as Orket has them: all events, and those of each role. */
export class RunLogs {
  readonly #events: OrketEvents
  readonly #all: string[] = []
  readonly #byRole = new Map<string, string[]>()

  private constructor(events: OrketEvents) {
    this.#events = events
  }

  /** Begins with the first event of a run; undefined where that is none of an orchestration. */
  static begin(event: RunEvent | undefined): RunLogs | undefined {
    const events = OrketEvents.begin(event)
    return events === undefined ? undefined : new RunLogs(events)
  }

  add(event: RunEvent): void {
    for (const line of this.#events.add(event)) {
      const text = `${JSON.stringify(line)}\n`
      this.#all.push(text)
      if (line.role === null) continue
      const own = this.#byRole.get(line.role)
      if (own === undefined) this.#byRole.set(line.role, [text])
      else own.push(text)
    }
  }

  get files(): readonly RunLog[] {
    // Names of roles are whatever somebody wrote.
    const ids = new StepIds()
    const roles = [...this.#byRole].map(([role, lines]) => ({
      name: `agents/${ids.of(role)}.log`,
      text: lines.join(''),
    }))
    return [{ name: 'orket.log', text: this.#all.join('') }, ...roles]
  }
}
