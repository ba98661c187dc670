import type { Progress } from '#app/progress.ts'
import type { OutputPaths } from '#app/services.ts'
import type { Io } from './io.ts'
import { JobStates } from './job-states.ts'
import { OrchestrationView } from './orchestration-view.ts'
import { RunView } from './run-view.ts'

/** Shows a run as it goes whose kind is known only from its first event. */
export class AnyRunView {
  readonly #io: Io
  readonly #files: OutputPaths
  readonly #held: Progress[] = []
  #view: RunView | OrchestrationView | undefined

  constructor(io: Io, files: OutputPaths) {
    this.#io = io
    this.#files = files
  }

  readonly report = (progress: Progress): void => {
    if (this.#view === undefined && (progress.kind !== 'event' || progress.event.type !== 'run.queued')) {
      this.#held.push(progress)
      return
    }
    this.#view ??= this.#viewFor(progress)
    for (const held of this.#held.splice(0)) this.#view.report(held)
    this.#view.report(progress)
  }

  stopping(times: number): void {
    this.#view?.stopping(times)
  }

  end(): void {
    this.#view?.end()
  }

  async sayFailures(): Promise<void> {
    if (this.#view instanceof RunView) await this.#view.sayFailures()
  }

  /** How the jobs of a run of jobs stand. */
  get states(): JobStates {
    return this.#view instanceof RunView ? this.#view.states : new JobStates()
  }

  #viewFor(progress: Progress): RunView | OrchestrationView {
    const isOrchestration =
      progress.kind === 'event' &&
      progress.event.type === 'run.queued' &&
      progress.event.body.workflow === 'orchestration'
    return isOrchestration ? new OrchestrationView(this.#io, this.#files) : new RunView(this.#io, this.#files)
  }
}
