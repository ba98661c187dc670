import type { Digest } from '#base/digest.ts'
import type { Json } from '#base/json.ts'
import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { TREE_ACTIVITY, type TreeReport } from '#domain/run/recorded-tree.ts'
import type { Pending, WorkflowContext } from '#engine/workflow.ts'
import type { KnownSecret } from '../agents/tool-call.ts'
import { tree } from '../tree.ts'
import type { OrchestrationInput } from './input.ts'

/** A repository that takes longer is gone on without. */
const TIMEOUT_MS = 60_000

/** Activities that change nothing where a run works. Of all others it is taken that they may. */
const CHANGES_NOTHING: ReadonlySet<string> = new Set(['plan', 'reply', 'review', 'issue', TREE_ACTIVITY])
/** Tools of agents of which the same is known, and those whose answers say what they changed. */
const READING_TOOLS: ReadonlySet<string> = new Set(['read', 'list', 'search'])
const WRITING_TOOLS: ReadonlySet<string> = new Set(['write', 'edit'])

/** What a step may change of a tree; what is told by its own facts is kept with the next tree. */
type Change = 'nothing' | 'told' | 'anything'

/**
 * Records the trees in which a run works whenever a node or step begins and something may have changed them since: so
 * each step's beginning has the tree that it found. Where nothing can have changed, nothing is asked; nor is it after
 * tools of agents that say what they write, before something else may change that, or the run ends.
 */
export class TreeRecorder {
  /** The context of the run; the workflow uses this one. */
  readonly ctx: WorkflowContext
  readonly #ctx: WorkflowContext
  readonly #directories: readonly string[]
  readonly #secrets: readonly KnownSecret[]
  #known: Readonly<Record<string, Digest>> = {}
  #mayHaveChanged = true
  #isToldMore = false
  #recording: Promise<void> | undefined
  #hasFound = false
  /** No repository was found, or it took too long: nothing more is asked. */
  #isOff: boolean

  constructor(ctx: WorkflowContext, { trees = [], tools }: Pick<OrchestrationInput, 'trees' | 'tools'>) {
    this.#ctx = ctx
    this.#directories = trees
    this.#secrets = tools?.secrets ?? []
    this.#isOff = trees.length === 0
    this.ctx = {
      ...ctx,
      run: (contract, input, options) => {
        const change = changeBy(contract.name, input)
        const start = () => ctx.run(contract, input, options)
        const recording = change === 'anything' ? this.record() : this.#recordUntold()
        const pending = recording === undefined ? start() : after(recording, start)
        if (change !== 'nothing') void pending.then(() => this.#changed(change))
        return pending
      },
      sleep: (durationMs) => this.#changing(ctx.sleep(durationMs)),
      signal: <Payload extends Json>(...asked: Parameters<WorkflowContext['signal']>) => {
        // Who is asked may change something before the answer.
        if (asked[1] !== undefined) void this.record()
        return this.#changing(ctx.signal<Payload>(...asked))
      },
      record: (fact) => {
        ctx.record(fact)
        if (fact.type === 'node.started') void this.#recordUntold()
      },
    }
  }

  /** Resolves once all that has changed so far is kept; undefined where there is nothing to wait for. */
  record(): Promise<void> | undefined {
    if (this.#isToldMore) this.#mayHaveChanged = true
    return this.#recordUntold()
  }

  /** Resolves once all that may have changed so far is recorded, or told by its own facts. */
  #recordUntold(): Promise<void> | undefined {
    if (this.#isOff) return undefined
    if (this.#mayHaveChanged) {
      this.#mayHaveChanged = false
      this.#isToldMore = false
      const recording = this.#next(this.#recording)
      this.#recording = recording
      void recording.then(() => {
        if (this.#recording === recording) this.#recording = undefined
      })
    }
    return this.#recording
  }

  async #next(before: Promise<void> | undefined): Promise<void> {
    await before
    if (this.#isOff) return
    const secrets = this.#secrets
    const input = { directories: this.#directories, known: this.#known, ...(secrets.length > 0 && { secrets }) }
    const recorded = this.#ctx.run(tree, input, { name: TREE_ACTIVITY, idempotent: true, timeoutMs: TIMEOUT_MS })
    this.#take(await recorded)
  }

  #take(report: Result<TreeReport, Failure>): void {
    // That a tree could not be recorded is in the record, and no reason to end the run, or to wait for it once more.
    if (!report.ok) this.#isOff = true
    if (!report.ok) return
    this.#hasFound ||= report.value.trees.length > 0
    this.#isOff = !this.#hasFound
    this.#known = Object.fromEntries(report.value.trees.map(({ root, digest }) => [root, digest]))
  }

  #changed(change: Change): void {
    if (change === 'told') this.#isToldMore = true
    else this.#mayHaveChanged = true
  }

  /** While somebody was waited for, anything may have happened. */
  #changing<T>(pending: Pending<T>): Pending<T> {
    void pending.then(() => this.#changed('anything'))
    return pending
  }
}

function changeBy(activity: string, input: Json): Change {
  if (CHANGES_NOTHING.has(activity)) return 'nothing'
  if (activity !== 'tool') return 'anything'
  // The activity's name says what its input is.
  const { tool } = input as { readonly tool: string }
  return READING_TOOLS.has(tool) ? 'nothing' : WRITING_TOOLS.has(tool) ? 'told' : 'anything'
}

/** A step that starts once something else has ended. */
function after<T>(before: Promise<void>, start: () => Pending<T>): Pending<T> {
  let started: Pending<T> | undefined
  let isCancelled = false
  const promise = (async (): Promise<Result<T, Failure>> => {
    await before
    if (isCancelled) return err({ code: 'cancelled' })
    started = start()
    return await started
  })()
  const cancel = () => {
    isCancelled = true
    started?.cancel()
  }
  return Object.assign(promise, { kind: 'step', cancel } as const)
}
