import type { CommandReport } from '#domain/run/command-report.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { runsCommand } from './command-ends.ts'
import type { Log, LogEntry } from './log-port.ts'

type Words = Pick<LogEntry, 'level' | 'message' | 'fields'>
type Fields = NonNullable<LogEntry['fields']>

/**
 * What the log file says of a run, event by event, with the ancestor's words where it had some. USAGE.md has the table
 * of these words. All events of the run are told, in order; a line is written for those that are this process's own.
 */
export function runLog(log: Log): (event: RunEvent, isOurs: boolean, end?: JobEnding) => void {
  const names = new Map<number, string>()
  let run: Fields = {}
  let begun: number | undefined
  return (event, isOurs, end) => {
    if (event.type === 'step.started') names.set(event.body.number, event.body.name)
    if (event.type === 'run.queued') run = { run: event.runId, name: event.body.name }
    if (event.type === 'run.started') begun = event.at
    if (!isOurs) return
    const known = { run, runOnly: { run: event.runId }, names, end, durationMs: event.at - (begun ?? event.at) }
    const { level, message, fields } = wordsOf(event, known)
    log.write({ level, message, at: event.at, ...(fields !== undefined && { fields }) })
    if (end !== undefined) log.write({ ...outputWords(event.runId, end), at: event.at })
  }
}

/** Where a job ran, and what of it was kept. */
function outputWords(run: string, { job, report }: JobEnding): Words {
  const { directory, stdout, stderr } = report
  const kept = { stdout: stdout.digest, stdout_bytes: stdout.bytes, stderr: stderr.digest, stderr_bytes: stderr.bytes }
  return { level: 'debug', message: 'job output', fields: { run, job, directory, ...kept } }
}

/** How a job ended, where the event says so. */
interface JobEnding {
  readonly job: string
  readonly exit: number
  readonly report: CommandReport
}

interface Known {
  /** The run's id and its name. */
  readonly run: Fields
  readonly runOnly: Fields
  /** What the steps are called, by number. */
  readonly names: ReadonlyMap<number, string>
  readonly durationMs: number
  readonly end: JobEnding | undefined
}

function wordsOf(event: RunEvent, known: Known): Words {
  if (event.type.startsWith('run.')) return wordsOfRun(event, known) ?? detail(event)
  if (event.type.startsWith('step.')) return wordsOfStep(event, known) ?? detail(event)
  return wordsOfQuestion(event) ?? detail(event)
}

function wordsOfRun(event: RunEvent, { run, durationMs: duration_ms }: Known): Words | undefined {
  switch (event.type) {
    case 'run.started':
      return { level: 'info', message: 'run starting', fields: run }
    case 'run.resumed': {
      const { unattended, restarted } = event.body
      return { level: 'info', message: 'run resumed', fields: { ...run, unattended, restarted: restarted.length } }
    }
    case 'run.waiting':
      return { level: 'info', message: 'run waiting', fields: { ...run, until: dateOf(event.body.ready_at) } }
    case 'run.paused':
      return { level: 'warn', message: 'run paused', fields: { ...run, reason: event.body.reason.kind } }
    case 'run.cancel_requested':
      return {
        level: 'info',
        message: 'run cancelling',
        fields: { ...run, by: event.actor, signal: event.body.signal },
      }
    case 'run.succeeded':
      return { level: 'info', message: 'run succeeded', fields: { ...run, duration_ms } }
    case 'run.cancelled':
      return { level: 'warn', message: 'run cancelled', fields: { ...run, duration_ms } }
    case 'run.failed':
    case 'run.timed_out': {
      const message = event.type === 'run.failed' ? 'run failed' : 'run timed out'
      return { level: 'error', message, fields: { ...run, error: event.body.failure.code, duration_ms } }
    }
    default:
      return undefined
  }
}

function wordsOfStep(event: RunEvent, { runOnly, names, end }: Known): Words | undefined {
  if (event.type === 'step.retried') {
    const { number, attempt, failure, due_at } = event.body
    const fields = { job: names.get(number) ?? '', attempt, error: failure.code, until: dateOf(due_at) }
    return { level: 'warn', message: 'job retrying', fields: { ...runOnly, ...fields } }
  }
  if (event.type === 'step.started' && runsCommand(event.body.activity)) {
    // The command's activity is given an input with a command line, and only that.
    const { argv } = event.body.input as { readonly argv: readonly string[] }
    return {
      level: 'info',
      message: 'job starting',
      fields: { ...runOnly, job: event.body.name, command: argv.join(' ') },
    }
  }
  const ended = event.type === 'step.succeeded' || event.type === 'step.failed'
  return ended && runsCommand(event.body.activity) ? wordsOfJobEnd(event, runOnly, end) : undefined
}

type StepEnd = EventOf<'step.succeeded'> | EventOf<'step.failed'>

function wordsOfJobEnd(event: StepEnd, run: Fields, end: JobEnding | undefined): Words {
  const took = end === undefined ? {} : { exit: end.exit, duration_ms: end.report.ended_at - end.report.started_at }
  const job = { ...run, job: event.body.name }
  if (event.type === 'step.succeeded') {
    const since = end?.report.up_to_date?.run
    if (since !== undefined) return { level: 'info', message: 'job up to date', fields: { ...job, since, ...took } }
    return { level: 'info', message: 'job succeeded', fields: { ...job, ...took } }
  }
  const { failure } = event.body
  if (failure.code === 'timed_out') {
    const timeout_seconds = failure.timeout_ms / 1000
    return { level: 'error', message: 'job timed out', fields: { ...job, timeout_seconds, ...took } }
  }
  if (failure.code === 'cancelled') return { level: 'warn', message: 'job cancelled', fields: { ...job, ...took } }
  return { level: 'error', message: 'job failed', fields: { ...job, error: failure.code, ...took } }
}

function wordsOfQuestion(event: RunEvent): Words | undefined {
  if (event.type !== 'wait.opened' || event.body.question === null) return undefined
  const { text: question, asker } = event.body.question
  return { level: 'info', message: 'question asked', fields: { run: event.runId, asker, question } }
}

/** What only whoever looks for a fault wants to read: each other event by its type, never what it holds. */
function detail(event: RunEvent): Words {
  const message = event.type.replaceAll(/[._]/g, ' ')
  const number = 'number' in event.body ? { number: event.body.number } : {}
  return { level: 'debug', message, fields: { run: event.runId, ...number } }
}

function dateOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
