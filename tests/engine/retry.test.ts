import { describe, expect, test } from 'vitest'
import { err, ok } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Journal } from '#engine/journal-port.ts'
import { delayBeforeRetry } from '#engine/retry.ts'
import { workflow } from '#engine/workflow.ts'
import { reportOf } from '../simulation/outside.ts'
import { done, Rig, RUN, work } from './rig.ts'

const policy = { attempts: 4, backoffMs: 100, backoffMaxMs: 300, spread: 0 }
const later: Failure = { code: 'spawn_failed', program: 'x', reason: 'y' }

describe('the wait before the next try', () => {
  test('doubles up to its limit and ends with the last try', () => {
    expect([1, 2, 3, 4].map((attempt) => delayBeforeRetry(policy, attempt, later))).toEqual([100, 200, 300, undefined])
  })

  test('is stretched by up to half for the step’s spread', () => {
    expect(delayBeforeRetry({ ...policy, spread: 1 }, 1, later)).toBe(150)
  })

  test('does not come without a policy, nor after a failure that cannot change by itself', () => {
    expect(delayBeforeRetry(undefined, 1, later)).toBeUndefined()
    expect(delayBeforeRetry(policy, 1, { code: 'cancelled' })).toBeUndefined()
  })

  test('comes only after the exit codes that the policy names', () => {
    const failed = (exit: number): Failure => ({ code: 'command_failed', exit, report: reportOf(0, exit) })
    const named = { ...policy, exitCodes: [7] }
    expect(delayBeforeRetry(named, 1, failed(7))).toBe(100)
    expect(delayBeforeRetry(named, 1, failed(1))).toBeUndefined()
    expect(delayBeforeRetry(policy, 1, failed(1))).toBe(100)
  })
})

describe('a step that fails', () => {
  const trying = workflow('trying', 1, async (ctx) => await ctx.run(work, 'it', { retry: policy }))

  test('is tried again at the recorded time, under the same key, by whoever has the run then', () => {
    const rig = new Rig()
    rig.begin(rig.process('a', trying), trying)
    rig.end(err(later))
    const due = rig.agenda.now() + 100
    expect(rig.events().find(({ type }) => type === 'step.retried')?.body).toMatchObject({ attempt: 2, due_at: due })
    // Nothing runs, so the process lets go of the run.
    expect(rig.types().at(-1)).toBe('run.waiting')
    rig.kill('a')
    rig.agenda.pass(100)
    const called = rig.goOn(rig.process('b', trying), true)
    rig.end(done('at last'))
    expect(called.outcome).toMatchObject({ result: ok('at last') })
    expect(rig.starts).toEqual([`${RUN}/1 1.1.1`, `${RUN}/1 1.2.2`])
  })

  test('is not tried again before it is written down that it will be, however soon that is', () => {
    const held: (() => void)[] = []
    let holds = false
    const slow = (journal: Journal): Journal => ({
      ...journal,
      append: async (append) => {
        const answer = await journal.append(append)
        if (holds) await new Promise<void>((resolve) => held.push(resolve))
        return answer
      },
    })
    const atOnce = { attempts: 2, backoffMs: 0, backoffMaxMs: 0, spread: 0 }
    const both = workflow('both', 1, async (ctx) => {
      await Promise.all([ctx.run(work, 'steady'), ctx.run(work, 'failing', { retry: atOnce })])
      return done()
    })
    const rig = new Rig({ journal: slow })
    rig.begin(rig.process('a', both), both)
    const [steady, failing] = rig.going
    holds = true
    steady?.end(done())
    rig.settle()
    failing?.end(err(later))
    rig.settle()
    rig.pass(0)
    held.splice(0).forEach((release) => void release())
    rig.settle()
    expect(rig.types()).toContain('step.retried')
    expect(rig.starts).toHaveLength(2)
    held.splice(0).forEach((release) => void release())
    rig.settle()
    expect(rig.starts).toHaveLength(3)
  })
})
