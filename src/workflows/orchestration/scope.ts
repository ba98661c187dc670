import type { Json } from '#base/json.ts'
import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Pending, WorkflowContext } from '#engine/workflow.ts'

/** A context whose commands can be ended together: of what is asked after that, nothing begins. */
export class Scope {
  readonly ctx: WorkflowContext
  readonly #open = new Set<Pending<unknown>>()
  #isEnded = false

  constructor(outer: WorkflowContext) {
    this.ctx = {
      ...outer,
      run: (contract, input, options) => this.#track('step', () => outer.run(contract, input, options)),
      sleep: (durationMs) => this.#track('timer', () => outer.sleep(durationMs)),
      signal: <Payload extends Json>(...asked: Parameters<WorkflowContext['signal']>) =>
        this.#track('signal', () => outer.signal<Payload>(...asked)),
    }
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    for (const pending of this.#open) pending.cancel()
  }

  #track<T>(kind: Pending<T>['kind'], ask: () => Pending<T>): Pending<T> {
    if (this.#isEnded) return over(kind)
    const pending = ask()
    this.#open.add(pending)
    void pending.then(() => this.#open.delete(pending))
    return pending
  }
}

function over<T>(kind: Pending<T>['kind']): Pending<T> {
  const ended: Result<T, Failure> = err({ code: 'cancelled' })
  return Object.assign(Promise.resolve(ended), { kind, cancel: () => undefined })
}

/** The work within its time; where that is up, all that it has begun is ended first. */
export async function within<T>(
  outer: WorkflowContext,
  limitMs: number | undefined,
  work: (ctx: WorkflowContext) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  if (limitMs === undefined) return await work(outer)
  const scope = new Scope(outer)
  let isLate = false
  const late = outer.sleep(limitMs)
  void late.then((slept) => {
    if (!slept.ok) return
    isLate = true
    scope.end()
  })
  const result = await work(scope.ctx)
  late.cancel()
  // What had succeeded before it could be ended has succeeded.
  return !result.ok && isLate ? err({ code: 'timed_out', timeout_ms: limitMs }) : result
}
