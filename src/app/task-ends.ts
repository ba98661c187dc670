import type { Failure } from '#domain/failure.ts'
import type { EventOf } from '#domain/run/event.ts'
import { recordedExit, reportOf } from '#domain/run/job-record.ts'
import type { RunId } from '#domain/run/run.ts'
import type { TaskRunRecord } from '#domain/run/task-record.ts'
import type { ReviewReport, TaskAction, TaskReport } from '#domain/run/task-report.ts'
import type { ReviewInput, TaskInput } from '#workflows/task-activities.ts'
import { describeFailure } from './failure-text.ts'

/** Something done with a task that has ended. */
export interface TaskEnd {
  readonly task: string
  readonly runId: RunId
  readonly number: number
  readonly action: TaskAction
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly endedAt: number
  /** Undefined where it stands where its latest build has left it. */
  readonly status: TaskRunRecord['status'] | undefined
  readonly exit: number
  readonly message: string
}

/** The steps that do something with tasks, and what they do. */
const ACTIONS: Readonly<Record<string, TaskAction>> = {
  plan: 'plan.create',
  build: 'build.run',
  review: 'review.run',
  document: 'doc.generate',
  issue: 'git.issue.create',
  branch: 'git.branch.create',
}

/** Whether a step does something with tasks. */
export function isAboutTasks({ body }: EventOf<'step.started'>): boolean {
  return Object.hasOwn(ACTIONS, body.activity)
}

type StepEnd = EventOf<'step.succeeded' | 'step.failed'>

/** What ended with this event for which tasks; `started` is the beginning of its step. */
export function taskEndsOf(event: StepEnd, started: EventOf<'step.started'>): readonly TaskEnd[] {
  const { activity, number } = event.body
  const action = ACTIONS[activity]
  if (action === undefined) return []
  const base = { runId: event.runId, number, action, startedAt: started.at, endedAt: event.at }
  // These activities are given what their contracts say.
  const tasks = tasksOf(activity, started.body.input as TaskInput | ReviewInput)
  return tasks.map((task) => ({ task, ...base, ...outcomeOf(event) }))
}

function tasksOf(activity: string, input: TaskInput | ReviewInput): readonly string[] {
  if (activity === 'review') return (input as ReviewInput).tasks.map(({ task }) => task)
  return [(input as TaskInput).task]
}

function outcomeOf(event: StepEnd): Pick<TaskEnd, 'status' | 'exit' | 'message'> {
  if (event.type === 'step.failed') return failureOutcome(event.body.activity, event.body.failure)
  if (event.body.activity === 'build') return { status: 'done', exit: 0, message: 'completed' }
  if (event.body.activity === 'review') {
    const { status, report } = event.body.output as ReviewReport
    return { status, exit: status === 'passed' ? 0 : 1, message: report }
  }
  const { status, message } = event.body.output as TaskReport
  return { status, exit: 0, message }
}

function failureOutcome(activity: string, failure: Failure): Pick<TaskEnd, 'status' | 'exit' | 'message'> {
  const report = reportOf(failure)
  const exit = report === undefined ? 1 : recordedExit(report, failure)
  const status = activity === 'build' ? 'failed' : undefined
  return { status, exit, message: describeFailure(failure).headline }
}
