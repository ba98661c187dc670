import * as z from 'zod/mini'
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
  /** How many other steps may have changed something, such as commands: what, nobody knows. */
  readonly others: number
}

/** Steps that write facts of files: tools of agents, pages of tasks, and undoing either. */
const WRITERS: ReadonlySet<string> = new Set(['tool', 'document', 'restore'])
/** Steps that may change something without such a fact. */
const OTHERS: ReadonlySet<string> = new Set(['command', 'check', 'agent', 'build', 'branch', 'issue'])

const Changes = z.object({ changes: z.array(FileChange) })

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
  /** Steps in which agents asked for a command; one that was refused has changed nothing. */
  readonly #ranBy = new Set<number>()
  #others = 0

  constructor(wanted: string | undefined) {
    this.#wanted = wanted
  }

  get changes(): RunChanges {
    const files = [...this.#files.values()].toReversed().flatMap((chain) => chain.toReversed())
    return { files, nodes: [...this.#nodes], others: this.#others }
  }

  add(event: RunEvent): void {
    if (event.type === 'step.started') this.#begin(event.body)
    if (event.type !== 'step.succeeded' || !WRITERS.has(event.body.activity)) return
    if (this.#ranBy.delete(event.body.number) && isRefused(event.body.output)) this.#others -= 1
    const node = this.#nodeOf.get(event.body.number)
    const changes = changesIn(event.body.output).filter(({ sha256, before }) => sha256 !== before)
    if (changes.length === 0) return
    if (node !== undefined) this.#nodes.add(node)
    if (this.#wanted === undefined || node === this.#wanted) for (const change of changes) this.#change(change)
  }

  #begin({ number, activity, name, input }: Extract<RunEvent, { readonly type: 'step.started' }>['body']): void {
    const { node, tool } = (input ?? {}) as { readonly node?: unknown; readonly tool?: unknown }
    if (activity === 'tool' && typeof node === 'string') this.#nodeOf.set(number, node)
    // The step of a node is called after it.
    if (activity === 'document') this.#nodeOf.set(number, name.split(':')[0] ?? name)
    const isRun = activity === 'tool' && tool === 'run'
    if (isRun) this.#ranBy.add(number)
    if (isRun || OTHERS.has(activity)) this.#others += 1
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

function isRefused(output: unknown): boolean {
  return (output as { readonly ok?: unknown } | null)?.ok === false
}

function changesIn(output: unknown): readonly FileChange[] {
  const one = FileChange.safeParse(output)
  if (one.success) return [one.data]
  const several = Changes.safeParse(output)
  return several.success ? several.data.changes : []
}
