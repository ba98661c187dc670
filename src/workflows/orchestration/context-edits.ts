import { CONDUCTOR_STEP, type ContextEntry, OrchContext } from '#domain/context/orch-context.ts'
import { placedEdits } from '#domain/context/placed-edits.ts'

interface Edit {
  readonly entry: ContextEntry
  readonly begunSince: Set<string>
}

/** The values that were put into the run's own context from outside, and which steps have begun since. */
export class ContextEdits {
  readonly #edits: Edit[] = []

  set({ key, value }: Pick<ContextEntry, 'key' | 'value'>, by: string): void {
    this.#edits.push({ entry: { key, value, writer: by, step: CONDUCTOR_STEP }, begunSince: new Set() })
  }

  begun(step: string): void {
    for (const { begunSince } of this.#edits) begunSince.add(step)
  }

  /** The context with them; what a step writes that began after an edit counts over it. */
  in(context: OrchContext): OrchContext {
    if (this.#edits.length === 0) return context
    const edits = this.#edits.map(({ entry, begunSince }) => ({
      entry,
      isBefore: ({ step }: ContextEntry) => begunSince.has(step),
    }))
    return OrchContext.of(placedEdits(context.entries, edits))
  }
}
