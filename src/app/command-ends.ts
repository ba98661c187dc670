import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { recordedExit, reportOf } from '#domain/run/job-record.ts'

/** The end of a job, as its step recorded it. */
export interface JobEnd {
  readonly job: string
  readonly number: number
  readonly report: CommandReport
  readonly exit: number
  readonly failure?: Failure
}

/** Activities that run a command and answer with a report on it. */
const COMMANDS: ReadonlySet<string> = new Set(['command', 'build', 'check'])

/** Whether a step of this activity runs a command. */
export function runsCommand(activity: string): boolean {
  return COMMANDS.has(activity)
}

/** The end of a job that this event records, if it does. */
export function jobEndOf(event: RunEvent): JobEnd | undefined {
  return 'activity' in event.body && event.body.activity === 'command' ? commandEndOf(event) : undefined
}

/** The end of any command that this event records, be it that of a job or of a task. */
export function commandEndOf(event: RunEvent): JobEnd | undefined {
  if (event.type !== 'step.succeeded' && event.type !== 'step.failed') return undefined
  if (!runsCommand(event.body.activity)) return undefined
  const { name: job, number } = event.body
  if (event.type === 'step.succeeded') {
    // What runs a command answers with a report, whatever else it says.
    const report = event.body.output as CommandReport
    return { job, number, report, exit: recordedExit(report) }
  }
  const { failure } = event.body
  const report = reportOf(failure)
  return report === undefined ? undefined : { job, number, report, exit: recordedExit(report, failure), failure }
}
