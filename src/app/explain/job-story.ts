import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Answer } from '#domain/people/question.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { JobRun } from '../read-run.ts'

/** What the events of a run tell of one of its jobs: the last of each kind. */
export interface JobStory {
  readonly planned: PlannedJob
  asked?: EventOf<'wait.opened'>
  answered?: { readonly event: EventOf<'signal.received'>; readonly answer: Answer }
  /** Its question was closed without an answer. */
  closed?: EventOf<'wait.closed'>
  started?: EventOf<'step.started'>
  retried?: EventOf<'step.retried'>
  ended?: EventOf<'step.succeeded' | 'step.failed'>
}

/** The stories of all jobs of a run, in the run's order. */
export function jobStories({ input, events }: JobRun): ReadonlyMap<string, JobStory> {
  const stories = new Map<string, JobStory>(input.jobs.map((planned) => [planned.name, { planned }]))
  const teller = new Teller(stories)
  for (const event of events) teller.take(event)
  return stories
}

class Teller {
  readonly #stories: ReadonlyMap<string, JobStory>
  /** Which job a wait, a signal or a step belongs to. */
  readonly #byWait = new Map<number, JobStory>()
  readonly #bySignal = new Map<string, JobStory>()
  readonly #byStep = new Map<number, JobStory>()

  constructor(stories: ReadonlyMap<string, JobStory>) {
    this.#stories = stories
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'wait.opened':
        this.#opened(event)
        return
      case 'signal.received': {
        const story = this.#bySignal.get(event.body.signal)
        // What comes by the signal of a question is its answer.
        if (story !== undefined) story.answered = { event, answer: event.body.payload as Answer }
        return
      }
      case 'wait.closed': {
        const story = this.#byWait.get(event.body.number)
        if (story !== undefined) story.closed = event
        return
      }
      case 'step.started': {
        const story = this.#stories.get(event.body.name)
        if (story === undefined) return
        story.started = event
        this.#byStep.set(event.body.number, story)
        return
      }
      case 'step.retried': {
        const story = this.#byStep.get(event.body.number)
        if (story !== undefined) story.retried = event
        return
      }
      case 'step.succeeded':
      case 'step.failed': {
        const story = this.#byStep.get(event.body.number)
        if (story !== undefined) story.ended = event
        return
      }
      default:
    }
  }

  #opened(event: EventOf<'wait.opened'>): void {
    const story = this.#stories.get(event.body.question?.asker ?? '')
    if (story === undefined) return
    story.asked = event
    this.#byWait.set(event.body.number, story)
    this.#bySignal.set(event.body.signal, story)
  }
}
