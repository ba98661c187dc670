import type { Call } from './operation.ts'
import type { RunSummary } from './store-port.ts'

/** Tells whoever follows a run that nobody is working on it, once each time; what is followed may yet go on. */
export class RestTeller {
  readonly #call: Call
  readonly #follows: boolean
  #told: string | undefined

  constructor(call: Call, follows: boolean) {
    this.#call = call
    this.#follows = follows
  }

  look(run: RunSummary): void {
    if (!this.#follows) return
    const state = run.interrupted ? 'interrupted' : run.status === 'paused' ? 'paused' : undefined
    if (state !== undefined && state !== this.#told) {
      const text = `${state}, nothing comes until somebody goes on with it: orchastration runs resume ${run.id}`
      this.#call.report({ kind: 'note', text })
    }
    this.#told = state
  }
}
