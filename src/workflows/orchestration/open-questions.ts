import { type Answer, answerSignal, type Question } from '#domain/people/question.ts'
import type { Pending, WorkflowContext } from '#engine/workflow.ts'

/** What the Conductor wants to know, and what is done with the answer. */
interface Inquiry extends Pick<Question, 'text' | 'choices' | 'asker'> {
  readonly answered: (answer: Answer) => void
}

/** Questions of the Conductor to people, one about each thing, until they are answered or nobody needs to know any more. */
export class OpenQuestions {
  readonly #ctx: WorkflowContext
  readonly #open = new Map<string, Pending<Answer>>()

  constructor(ctx: WorkflowContext) {
    this.#ctx = ctx
  }

  /** What is being asked about. */
  get about(): readonly string[] {
    return [...this.#open.keys()]
  }

  /** Asks, unless that is being asked. */
  ask(about: string, { answered, ...asked }: Inquiry): void {
    if (this.#open.has(about)) return
    const id = this.#ctx.uuid()
    const pending = this.#ctx.signal<Answer>(answerSignal(id), { id, ...asked, addressee: 'anyone', deadline: null })
    this.#open.set(about, pending)
    void pending.then((answer) => {
      if (!answer.ok) return
      this.#open.delete(about)
      answered(answer.value)
    })
  }

  close(about: string): void {
    const pending = this.#open.get(about)
    this.#open.delete(about)
    pending?.cancel()
  }
}
