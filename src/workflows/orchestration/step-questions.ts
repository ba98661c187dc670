import { AFTER_FAILURE, BEFORE_STEP } from '#domain/conductor/asking.ts'
import type { Steer, SteeringCommand } from '#domain/conductor/command.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { OpenQuestions } from './open-questions.ts'

/** What the question that ends a pause is about. */
const PAUSE = 'run'

/** What the Conductor asks people about steps and pauses; each answer is a command like any other. */
export class StepQuestions {
  readonly #steps: OpenQuestions
  readonly #pause: OpenQuestions
  readonly #name: string
  readonly #take: (said: Steer) => void

  constructor(ctx: WorkflowContext, name: string, take: (said: Steer) => void) {
    this.#steps = new OpenQuestions(ctx)
    this.#pause = new OpenQuestions(ctx)
    this.#name = name
    this.#take = take
  }

  /** The steps that are asked about. */
  get asked(): readonly string[] {
    return this.#steps.about
  }

  toBegin(id: string, round: number): void {
    this.#ask(id, { text: round === 1 ? `begin ${id}?` : `begin ${id}, round ${round}?`, choices: BEFORE_STEP })
  }

  afterFailure(id: string, message: string): void {
    this.#ask(id, { text: `${id} failed (${message}): what now?`, choices: AFTER_FAILURE })
  }

  close(id: string): void {
    this.#steps.close(id)
  }

  /** Whoever looks into the inbox sees that the run is paused, and may let it go on from there. */
  toContinue(id: string, pausedBy: string): void {
    this.#pause.ask(PAUSE, {
      text: `paused by ${pausedBy}, ${id} waits: go on?`,
      choices: ['continue', 'stop'],
      asker: this.#name,
      answered: ({ choice, by }) =>
        this.#take({ command: choice === 'stop' ? { do: 'stop' } : { do: 'continue', node: null }, by }),
    })
  }

  endPause(): void {
    this.#pause.close(PAUSE)
  }

  #ask(id: string, asked: { readonly text: string; readonly choices: readonly string[] }): void {
    this.#steps.ask(id, {
      ...asked,
      asker: id,
      answered: ({ choice, by }) => this.#take({ command: commandOf(choice, id), by }),
    })
  }
}

function commandOf(choice: string, node: string): SteeringCommand {
  switch (choice) {
    case 'skip':
    case 'repeat':
      return { do: choice, node }
    case 'stop':
      return { do: choice }
    default:
      return { do: 'continue', node }
  }
}
