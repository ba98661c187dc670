import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Pending } from '#engine/workflow.ts'
import type { Turn } from './turn.ts'

/** The time that a whole turn has, whatever it does; without a limit there is no end to it. */
export class TurnClock {
  readonly #node: string
  readonly #seconds: number
  readonly #late: Pending<void> | undefined

  constructor({ ctx, node }: Pick<Turn, 'ctx' | 'node'>, seconds = 0) {
    this.#node = node.id
    this.#seconds = seconds
    this.#late = seconds > 0 ? ctx.sleep(seconds * 1000) : undefined
  }

  /** What comes of it, unless the time of the turn is over before. */
  async within<T>(work: Pending<T> | Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    if (this.#late === undefined) return await work
    const first = await Promise.race([work.then(() => 'work'), this.#late.then(() => 'late')])
    if (first === 'work') return await work
    if ('cancel' in work) work.cancel()
    // What was begun is seen through: what really became of it stands in the log before the turn ends.
    await work
    return err({ code: 'turn_limit', agent: this.#node, limit: 'timeout_seconds', allowed: this.#seconds })
  }

  end(): void {
    this.#late?.cancel()
  }
}
