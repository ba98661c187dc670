import type { Json } from '#base/json.ts'

/** A value of the shared context, with who wrote it, in which step. When, its fact says. */
export type ContextEntry = {
  readonly key: string
  readonly value: Json
  /** The agent, or what else of the orchestration wrote it. */
  readonly writer: string
  /** The step that wrote it; empty for what the run began with. */
  readonly step: string
}

/** What stands for the step of a value that was put into the context from outside; no step of a graph is called so. */
export const CONDUCTOR_STEP = '@conductor'

/** What one step wrote, by key. */
export type ContextWrites = Readonly<Record<string, Json>>

/** What a step has written into the context. */
export interface StepWrites {
  readonly writer: string
  readonly step: string
  readonly writes: ContextWrites
}

/**
 * The shared context of an orchestration's run: named values, each with its writer. Steps that run together never see
 * each other's values half way: what a step reads was written by steps that had ended before it could begin, and
 * values come together in the order of the steps in the graph, not in the order in which they ended.
 */
export class OrchContext {
  readonly #entries: ReadonlyMap<string, readonly ContextEntry[]>

  private constructor(entries: ReadonlyMap<string, readonly ContextEntry[]>) {
    this.#entries = entries
  }

  /** The context that a run begins with. */
  static start(values: ContextWrites): OrchContext {
    return new OrchContext(new Map()).with([{ writer: 'run', step: '', writes: values }])
  }

  /** The context that these entries make up, as a record holds them. */
  static of(entries: readonly ContextEntry[]): OrchContext {
    const byKey = new Map<string, ContextEntry[]>()
    for (const entry of entries) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry])
    return new OrchContext(byKey)
  }

  /** This context and what further steps have written, in their order. */
  with(steps: readonly StepWrites[]): OrchContext {
    const entries = new Map([...this.#entries].map(([key, list]) => [key, [...list]]))
    for (const { writer, step, writes } of steps) {
      for (const [key, value] of Object.entries(writes)) {
        const entry = { key, value, writer, step }
        const before = entries.get(key)
        if (before === undefined) entries.set(key, [entry])
        else before.push(entry)
      }
    }
    return new OrchContext(entries)
  }

  /** The value under a key: of a list the items of all its writers, each once; of anything else the last one written. */
  get(key: string): Json | undefined {
    const written = this.#entries.get(key)
    if (written === undefined) return undefined
    // What was put in place of a value takes the place of everything before it, of a list, too.
    const entries = written.slice(
      Math.max(
        0,
        written.findLastIndex(({ step }) => step === CONDUCTOR_STEP),
      ),
    )
    const last = entries.at(-1)?.value
    return isList(key) ? joined(standing(key, entries).map(({ value }) => value)) : last
  }

  text(key: string): string | undefined {
    const value = this.get(key)
    return typeof value === 'string' ? value : undefined
  }

  /** The texts of a list; none where there is no list. */
  texts(key: string): readonly string[] {
    const value = this.get(key)
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }

  /** All entries, by key and in the order in which they were written. */
  get entries(): readonly ContextEntry[] {
    return [...this.#entries.values()].flat()
  }

  /** The values that count, by key. */
  get values(): Readonly<Record<string, Json>> {
    const keys = [...this.#entries.keys()]
    return Object.fromEntries(keys.map((key) => [key, this.get(key) ?? null]))
  }
}

/** Of lists that say how things are, what a step says again takes the place of what it said before; others grow. */
function standing(key: string, entries: readonly ContextEntry[]): readonly ContextEntry[] {
  if (GROWING.has(key)) return entries
  return [...new Map(entries.map((entry) => [entry.step, entry])).values()]
}

const GROWING: ReadonlySet<string> = new Set(['build.outputs', 'doc.paths', 'notes', 'transcript'])

/** Whether what is written of it adds up, also where one step writes it again. */
export function grows(key: string): boolean {
  return GROWING.has(key)
}

/** The known keys that hold lists; free keys hold what their last writer says. */
const LISTS: ReadonlySet<string> = new Set([
  'plan.tasks',
  'plan.items',
  'build.outputs',
  'build.items',
  'review.findings',
  'doc.paths',
  'notes',
  'transcript',
])

/** Whether several steps may write the key side by side: lists come together, anything else would be lost. */
export function isList(key: string): boolean {
  // What an orchestration within another one wrote stands there below its node: `inner.build.outputs`.
  return LISTS.has(key) || [...LISTS].some((list) => list.includes('.') && key.endsWith(`.${list}`))
}

/** The items of all lists in order, each text once. */
function joined(lists: readonly Json[]): readonly Json[] {
  const items = lists.flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : [list]))
  const seen = new Set<Json>()
  return items.filter((item) => {
    if (typeof item !== 'string') return true
    if (seen.has(item)) return false
    seen.add(item)
    return true
  })
}
