import type { RunEvent } from './event.ts'
import { FileChange } from './file-change.ts'

/** A file that a run changed, as undoing it takes it: from what the run left to what it found. */
export type ChangedFile = {
  /** Absolute: the directory of its space; the path is below it, with `/` between names. */
  readonly root: string
  readonly path: string
  /** The digest that the run left it with; null where it removed it. */
  readonly left: string | null
  /** The digest that it had before; null where it was not there. */
  readonly found: string | null
  /** Its permissions before. */
  readonly mode: number | null
  /** Directories that the run made for it, below the root, the outermost first. */
  readonly made: readonly string[]
}

export interface RunChanges {
  /** Those last changed first. */
  readonly files: readonly ChangedFile[]
  /** The nodes that changed files, in their order. */
  readonly nodes: readonly string[]
  /** How many commands ran: what they changed, nobody knows. */
  readonly commands: number
}

/** Steps that write facts of files: by the tools of agents, and by undoing those. */
const WRITERS: ReadonlySet<string> = new Set(['tool', 'restore'])
/** Steps that run commands. */
const COMMANDS: ReadonlySet<string> = new Set(['command', 'check', 'agent', 'build'])

/** What a run, or one node of it, changed by the facts in its log. */
export function changesOf(events: readonly RunEvent[], node?: string): RunChanges {
  const fold = new ChangesFold(node)
  for (const event of events) fold.add(event)
  return fold.changes
}

class ChangesFold {
  readonly #wanted: string | undefined
  readonly #nodeOf = new Map<number, string>()
  /** By root and path; what was changed last stands last. */
  readonly #files = new Map<string, ChangedFile[]>()
  readonly #nodes = new Set<string>()
  #commands = 0

  constructor(wanted: string | undefined) {
    this.#wanted = wanted
  }

  get changes(): RunChanges {
    const files = [...this.#files.values()].toReversed().flatMap((chain) => chain.toReversed())
    return { files, nodes: [...this.#nodes], commands: this.#commands }
  }

  add(event: RunEvent): void {
    if (event.type === 'step.started') this.#begin(event.body)
    if (event.type !== 'step.succeeded' || !WRITERS.has(event.body.activity)) return
    const node = this.#nodeOf.get(event.body.number)
    const change = FileChange.safeParse(event.body.output)
    if (!change.success || change.data.sha256 === change.data.before) return
    if (node !== undefined) this.#nodes.add(node)
    if (this.#wanted === undefined || node === this.#wanted) this.#change(change.data)
  }

  #begin({ number, activity, input }: Extract<RunEvent, { readonly type: 'step.started' }>['body']): void {
    const { node, tool } = (input ?? {}) as { readonly node?: unknown; readonly tool?: unknown }
    if (WRITERS.has(activity) && typeof node === 'string') this.#nodeOf.set(number, node)
    if (COMMANDS.has(activity) || (activity === 'tool' && tool === 'run')) this.#commands += 1
  }

  /** Changes of one file that follow from one another are one; where somebody else wrote between them, they are not. */
  #change({ root, path, sha256, before, mode, made }: FileChange): void {
    const name = `${root}\0${path}`
    const chain = this.#files.get(name) ?? []
    const last = chain.at(-1)
    if (last !== undefined && last.left === before) {
      chain[chain.length - 1] = { ...last, left: sha256, made: last.made.length > 0 ? last.made : made }
    } else chain.push({ root, path, left: sha256, found: before, mode, made })
    this.#files.delete(name)
    this.#files.set(name, chain)
  }
}
