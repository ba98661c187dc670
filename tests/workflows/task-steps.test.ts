import { describe, expect, test } from 'vitest'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Task } from '#domain/definition/task.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { StepOptions, WorkflowContext } from '#engine/workflow.ts'
import { buildTask, reviewTasks } from '#workflows/task-steps.ts'

const report: CommandReport = {
  argv: ['x'],
  directory: '/r',
  started_at: 1,
  ended_at: 2,
  exit: 1,
  signal: null,
  stdout: { digest: 'o', bytes: 0 },
  stderr: { digest: 'e', bytes: 0 },
  environment: { salt: '', digest: '', variables: 0 },
}

interface Step {
  readonly activity: string
  readonly input: Json
  readonly options: StepOptions | undefined
}

/** A context whose activities end at once, the checks by the last of their words. */
function context(checks: Readonly<Record<string, Result<Json, Failure>>>) {
  const steps: Step[] = []
  const run = async (contract: { readonly name: string }, input: Json, options?: StepOptions) => {
    steps.push({ activity: contract.name, input, options })
    if (contract.name !== 'check') return ok(input)
    return checks[(input as { readonly argv: readonly string[] }).argv.at(-1) ?? ''] ?? ok({ ...report, exit: 0 })
  }
  // Only this method of the context is used by these steps.
  return { steps, ctx: { run } as unknown as WorkflowContext }
}

const task: Task = { repo: 'external', working_dir: '/r', command: ['make'], timeout_seconds: 5 }

test('a build is a step with the name that it is given, the time of its task, and no leave to start again', async () => {
  const { ctx, steps } = context({})
  await buildTask(ctx, { name: 't', task: { ...task, outputs: ['o'] } }, 'build:t')
  expect(steps).toMatchObject([
    { activity: 'build', input: { task: 't', argv: ['make'], outputs: ['o'], directory: '/r' } },
  ])
  expect(steps[0]?.options).toEqual({ name: 'build:t', timeoutMs: 5000 })
})

describe('a review', () => {
  const planned = {
    name: 't',
    task: {
      ...task,
      checks: [
        ['x', 'good'],
        ['x', 'bad'],
        ['x', 'slow'],
      ],
    },
  }

  test('runs all checks, each a step of its own, and weighs how they ended', async () => {
    const failures = {
      bad: err({ code: 'command_failed', exit: 1, report } as const),
      slow: err({ code: 'timed_out', timeout_ms: 5000, report } as const),
    }
    const { ctx, steps } = context(failures)
    await reviewTasks(ctx, { tasks: [planned], outputs: ['/r/o'] }, 'review')
    expect(steps.map(({ options }) => options?.name)).toEqual(['review:t:1', 'review:t:2', 'review:t:3', 'review'])
    expect(steps.at(-1)?.input).toMatchObject({
      outputs: ['/r/o'],
      checks: [
        { argv: ['x', 'good'], passed: true, exit: 0 },
        { argv: ['x', 'bad'], passed: false, ended: 'exit', exit: 1 },
        { argv: ['x', 'slow'], passed: false, ended: 'timeout' },
      ],
    })
  })

  test.each<Failure>([
    { code: 'program_missing', program: 'x', report },
    { code: 'cancelled', report },
  ])('with a check that could not run says nothing of the work: $code', async (failure) => {
    const { ctx, steps } = context({ bad: err(failure) })
    expect(await reviewTasks(ctx, { tasks: [planned], outputs: [] }, 'review')).toEqual(err(failure))
    expect(steps.map(({ activity }) => activity)).toEqual(['check', 'check'])
  })
})
