import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies, RunEvent } from '#domain/run/event.ts'
import type { TaskAction, TaskStatus } from '#domain/run/task-report.ts'
import { type TaskRunInput, type TaskRunOutput, taskStep, task as workflow } from '#workflows/task.ts'
import type { PlannedTask } from '#workflows/task-steps.ts'
import type { Attended } from './attended.ts'
import { commandEndOf } from './command-ends.ts'
import type { LoadedConfig } from './config-port.ts'
import type { Call } from './operation.ts'
import { requireTaskTrust } from './project-jobs.ts'
import { startRun } from './start-run.ts'

/** What became of one thing that was to be done with a task. */
export interface TaskRun {
  readonly task: string
  readonly action: TaskAction
  readonly runId: string
  readonly attended: Attended
  /** Where the task stands now; undefined where the run is not over. */
  readonly status: TaskStatus | undefined
  /** The exit code of the task's command as records have it, where it was a build. */
  readonly exit: number | undefined
  /** What the run answers with; undefined where it did not succeed. */
  readonly output: TaskRunOutput | undefined
}

/** Does one thing with one configured task, as a durable run of its own, and stays with it. */
export async function runTask(name: string, action: TaskAction, call: Call): Promise<Result<TaskRun, Failure>> {
  const config = await call.services.config()
  if (!config.ok) return config
  const trusted = await requireTaskTrust(config.value, name)
  if (!trusted.ok) return trusted
  const planned = findTask(config.value.config, name)
  if (!planned.ok) return planned
  const events: RunEvent[] = []
  const watching: Call = {
    ...call,
    report: (progress) => {
      if (progress.kind === 'event') events.push(progress.event)
      call.report(progress)
    },
  }
  const queued = queuedBody({ planned: planned.value, action }, config.value)
  const steps = action === 'build.run' ? [queued.name] : []
  const started = await startRun(watching, queued, { steps })
  if (!started.ok) return started
  const { runId, attended } = started.value
  // Nothing was detached.
  if (attended === undefined) return err({ code: 'unknown_run', run: runId })
  return await taskRun({ name, action, attended, events }, call)
}

interface Ended {
  readonly name: string
  readonly action: TaskAction
  readonly attended: Attended
  readonly events: readonly RunEvent[]
}

async function taskRun({ name, action, attended, events }: Ended, call: Call): Promise<Result<TaskRun, Failure>> {
  const executing = await call.services.executing()
  if (!executing.ok) return executing
  const states = await executing.value.reader.taskStates([name])
  if (!states.ok) return states
  const last = events.at(-1)
  const end = action === 'build.run' ? events.map(commandEndOf).find((each) => each !== undefined) : undefined
  return ok({
    task: name,
    action,
    runId: attended.run.id,
    attended,
    status: states.value.get(name)?.status,
    exit: end?.exit,
    // What a run of this workflow answers with.
    output: last?.type === 'run.succeeded' ? (last.body.output as TaskRunOutput) : undefined,
  })
}

/** The configured task of that name. */
export function findTask({ tasks = {} }: Config, name: string): Result<PlannedTask, Failure> {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task !== undefined) return ok({ name, task })
  const known = Object.keys(tasks).sort()
  const suggestion = nearest(name, known)
  return err({
    code: 'unknown_task',
    task: name,
    ...(suggestion !== undefined && { nearest: suggestion }),
    known: known.slice(0, 50),
  })
}

function queuedBody(input: TaskRunInput, { sources }: Pick<LoadedConfig, 'sources'>): EventBodies['run.queued'] {
  return {
    workflow: workflow.name,
    workflow_version: workflow.version,
    name: taskStep(input),
    input,
    resume: 'ask',
    config: sources.map(({ path, digest }) => ({ path, digest })),
  }
}
