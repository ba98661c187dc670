import type { Io } from './io.ts'
import { LiveRegion } from './live-region.ts'

/** What moves at the bottom of the terminal, and stands aside while a person is asked something there. */
export class PromptedRegion {
  readonly #region: LiveRegion
  #held = ''
  #isPrompting = false

  constructor(io: Io, lines: () => readonly string[]) {
    this.#region = new LiveRegion(io, () => (this.#isPrompting ? [] : lines()))
  }

  get isDrawn(): boolean {
    return this.#region.isDrawn
  }

  begin(): void {
    this.#region.begin()
  }

  /** Whole lines; while something reads what is typed, they wait until it is done. */
  say(text: string): void {
    if (this.#isPrompting) this.#held += text
    else this.#region.say(text)
  }

  /** What a person is asked, which cannot wait. */
  ask(text: string): void {
    this.#region.say(text)
  }

  prompting(isPrompting: boolean): void {
    if (this.#isPrompting === isPrompting) return
    this.#isPrompting = isPrompting
    if (isPrompting) {
      this.#region.clear()
      return
    }
    this.#region.say(this.#held)
    this.#held = ''
  }

  end(): void {
    this.prompting(false)
    this.#region.end()
  }
}
