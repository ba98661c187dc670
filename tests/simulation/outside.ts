import type { DatabaseSync } from 'node:sqlite'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { Chance } from '../support/sim-random.ts'
import type { Agenda } from './agenda.ts'

/** One start of a step, as the world outside saw it. */
export interface Start {
  readonly key: string
  readonly id: string
  readonly epoch: number
  readonly attempt: number
  readonly owner: string
  readonly step: number
  state: 'going' | 'ended' | 'orphan' | 'killed'
}

/** How a try is going to end. */
export type Plan =
  | { readonly kind: 'ends'; readonly afterMs: number; readonly result: Result<Json, Failure> }
  | { readonly kind: 'hangs' }
  | { readonly kind: 'throws' }

export interface OutsideParts {
  readonly agenda: Agenda
  readonly side: DatabaseSync
  readonly chance: Chance
  readonly plan: (activity: string, attempt: ActivityAttempt, input: Json) => Plan
  /** How often a try that is told to stop has just ended by itself. */
  readonly ignoresAborts: number
  readonly fail: (message: string) => void
  /** Whether this process lives and owns what it thinks it owns. */
  readonly isSound: (owner: string) => boolean
  readonly epochOf: (runId: string) => number
  /** Whether a person or its policy has let this run's in-flight steps start again. */
  readonly hasConsent: (runId: string, epochs: { readonly after: number; readonly upTo: number }) => boolean
}

/** The world that activities act upon. It keeps its own books, and compares them with what is durable. */
export class Outside {
  readonly starts: Start[] = []
  readonly #parts: OutsideParts
  readonly #facts

  constructor(parts: OutsideParts) {
    this.#parts = parts
    this.#facts = parts.side.prepare(
      `SELECT type, body FROM events WHERE run_id = ? AND (type LIKE 'step.%') AND json_extract(body, '$.number') = ?
       ORDER BY run_seq`,
    )
  }

  activity(owner: string, name: string): Activity {
    return {
      run: async (input, attempt) => await this.#run(owner, { name, input }, attempt),
      endLeftovers: async (key) => await this.#endLeftovers(owner, key),
    }
  }

  /** The process is gone; what it had started goes on without it. */
  orphan(owner: string): void {
    for (const start of this.goingOf(owner)) {
      const [runId = ''] = start.key.split('/')
      start.state = start.epoch < this.#parts.epochOf(runId) ? 'ended' : 'orphan'
    }
  }

  goingOf(owner: string, runId?: string): readonly Start[] {
    return this.starts.filter(
      (start) =>
        start.owner === owner && start.state === 'going' && (runId === undefined || start.key.startsWith(`${runId}/`)),
    )
  }

  async #run(
    owner: string,
    { name, input }: { readonly name: string; readonly input: Json },
    attempt: ActivityAttempt,
  ): Promise<Result<Json, Failure>> {
    const { agenda, plan } = this.#parts
    const [, epoch = '0'] = attempt.start.split('.')
    const start: Start = {
      key: attempt.key,
      id: attempt.start,
      epoch: Number(epoch),
      attempt: attempt.attempt,
      owner,
      step: agenda.step,
      state: 'going',
    }
    this.#checkStart(start)
    this.starts.push(start)
    const planned = plan(name, attempt, input)
    const result = await this.#perform(start, planned, attempt.signal)
    if (start.state === 'going') start.state = 'ended'
    if (planned.kind === 'throws') throw new Error('an activity of ours has a bug')
    return result
  }

  #perform(start: Start, planned: Plan, signal: AbortSignal): Promise<Result<Json, Failure>> {
    const { agenda, chance, ignoresAborts } = this.#parts
    const { owner, key } = start
    return new Promise((resolve) => {
      let stop: () => void = () => undefined
      const endWith = (label: string, result: Result<Json, Failure>) => {
        stop = agenda.offer({ owner, label: `${key} ${label}`, kind: 'plain', run: () => resolve(result) })
      }
      if (planned.kind === 'throws') endWith('throws', ok(null))
      if (planned.kind === 'ends') {
        const end = () => endWith('ends', planned.result)
        const due = agenda.elapsed + planned.afterMs
        if (planned.afterMs === 0) end()
        else stop = agenda.arm({ owner, label: `${key} works`, kind: 'elapsed', due, isOutside: true, call: end })
      }
      signal.addEventListener('abort', () => {
        if (planned.kind !== 'hangs' && chance.happens(ignoresAborts)) return
        stop()
        endWith('is aborted', err(signal.reason as Failure))
      })
    })
  }

  #checkStart(start: Start): void {
    const { key, id, attempt, epoch } = start
    const [runId = '', number = ''] = key.split('/')
    const facts = this.#facts.all(runId, Number(number)).map((row) => ({
      type: String(row['type']),
      body: JSON.parse(String(row['body'])),
    }))
    const started = facts.find(({ type }) => type === 'step.started')
    const complain = (message: string) => this.#parts.fail(`start ${id} of ${key} in ${start.owner}: ${message}`)
    if (started === undefined) complain('its step.started is not durable')
    // A process whose lock was lost does not know it before its next append.
    if (!this.#parts.isSound(start.owner)) return
    if (facts.some(({ type }) => type === 'step.succeeded' || type === 'step.failed')) complain('the step is over')
    const retried = facts.findLast(({ type }) => type === 'step.retried')?.body
    if ((retried?.attempt ?? 1) !== attempt) complain(`try ${attempt}, though the log says ${retried?.attempt ?? 1}`)
    const earlier = this.starts.filter((other) => other.key === key)
    const from = earlier.findLast((other) => other.attempt < attempt)?.step ?? 0
    if (retried !== undefined && this.#parts.agenda.latestShown(from, start.step) < retried.due_at)
      complain('before its retry is due')
    this.#checkRivals(start, earlier, complain)
    const died = earlier.findLast((other) => isSuccessorOf(start, other))
    if (died === undefined || started?.body.idempotent === true) return
    if (!this.#parts.hasConsent(runId, { after: died.epoch, upTo: epoch }))
      complain('nobody has agreed to a second start of a step that was in flight')
  }

  #checkRivals(start: Start, earlier: readonly Start[], complain: (message: string) => void): void {
    if (earlier.some((other) => other.id === start.id)) complain('the same start twice')
    if (earlier.some((other) => other.state === 'orphan')) complain('what a dead process left of it still runs')
    const rival = earlier.find((other) => other.state === 'going' && this.#parts.isSound(other.owner))
    if (rival !== undefined) complain(`while ${rival.owner} runs it`)
  }

  async #endLeftovers(owner: string, key: string): Promise<number> {
    await this.#parts.agenda.gate(owner, `${owner} ends leftovers of ${key}`)
    const own = this.starts.find(
      (start) => start.key === key && start.state === 'going' && this.#parts.isSound(start.owner),
    )
    if (own !== undefined) this.#parts.fail(`${owner} ended what the living ${own.owner} runs of ${key}`)
    const left = this.starts.filter(
      (start) => start.key === key && (start.state === 'orphan' || start.state === 'going'),
    )
    for (const start of left) start.state = 'killed'
    return left.length
  }
}

/** Whether this is the same try once more, after the first one died on its way. */
function isSuccessorOf({ attempt, epoch }: Start, earlier: Start): boolean {
  return earlier.attempt === attempt && earlier.state === 'killed' && earlier.epoch < epoch
}

/** Ends of tries by chance. */
export function randomPlan(
  chance: Chance,
  { now, hangs }: { readonly now: () => number; readonly hangs: number },
): OutsideParts['plan'] {
  return (activity) => {
    const afterMs = chance.happens(0.6) ? 0 : 50 + chance.below(2500)
    const value = chance.below(1000)
    const exit = chance.one([1, 1, 2])
    const report = reportOf(now(), exit)
    const result = ok<Json>(outputOf(activity, { value, now: now() }))
    const retryable: Failure =
      activity === 'command'
        ? { code: 'command_failed', exit, report }
        : { code: 'spawn_failed', program: 'work', reason: String(value) }
    return chance.weighted<Plan>([
      [14, { kind: 'ends', afterMs, result }],
      [5, { kind: 'ends', afterMs, result: err(retryable) }],
      [1, { kind: 'ends', afterMs, result: err({ code: 'output_lost', path: '/', reason: 'gone' }) }],
      [hangs, { kind: 'hangs' }],
      [0.4, { kind: 'throws' }],
    ])
  }
}

/** What an activity gives, as its contract says. */
function outputOf(activity: string, { value, now }: { readonly value: number; readonly now: number }): Json {
  switch (activity) {
    case 'command':
      return reportOf(now, 0)
    case 'agent':
      return { ...reportOf(now, 0), writes: { 'build.outputs': [`f${value}`] } }
    case 'review': {
      const findings = value % 2 === 0 ? [] : [`flaw ${value}`]
      return { status: findings.length === 0 ? 'passed' : 'rejected', report: `${value}`, findings, tasks: [] }
    }
    default:
      return { value }
  }
}

export function reportOf(now: number, exit: number): CommandReport {
  const empty = { digest: '', bytes: 0 }
  return {
    argv: ['do', 'it'],
    directory: '/simulation',
    started_at: now,
    ended_at: now,
    exit,
    signal: null,
    stdout: empty,
    stderr: empty,
    environment: { salt: '', digest: '', variables: 0 },
  }
}
