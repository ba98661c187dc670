import type { DatabaseSync } from 'node:sqlite'
import type { Failure } from '#domain/failure.ts'
import { ANSWER_PREFIX, type Answer, type Question } from '#domain/people/question.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { ErasedJobEnd } from '#domain/run/erasure.ts'
import type { EventBodies, EventOf, EventType, RunEvent } from '#domain/run/event.ts'
import { recordedExit, reportOf } from '#domain/run/job-record.ts'
import type { OpenRuns, Run } from './fold.ts'
import { prepared } from './prepared.ts'
import { endBuilds, setTaskAction, taskFailed, taskStarted, taskSucceeded } from './task-projection.ts'

/** Folds events into the projections. It reads nothing but the event and the projections themselves. */
export interface Projection {
  /** Whether events of this type change anything. */
  folds(type: string): boolean
  fold(event: RunEvent): void
  /** An event of this type that cannot be read: it counts all the same where its kind is counted. */
  pass(type: string): void
}

export interface ProjectionOptions {
  /** Nobody else folds into these tables, and they began empty: it may remember which runs have something open. */
  readonly isAlone?: boolean
}

export function projectionOn(database: DatabaseSync, { isAlone = false }: ProjectionOptions = {}): Projection {
  const runs = isAlone ? new Set<string>() : undefined
  const open: OpenRuns = {
    add: (runId) => void runs?.add(runId),
    mayHave: (runId) => runs?.has(runId) !== false,
    remove: (runId) => void runs?.delete(runId),
  }
  const execute = (sql: string, ...values: readonly (string | number | null)[]) => {
    prepared(database, sql).run(...values)
  }
  const run = Object.assign(execute, { open })
  return {
    folds: (type) => Object.hasOwn(FOLDERS, type),
    pass: (type) => pass(run, type),
    fold: (event) => {
      pass(run, event.type)
      const folder = FOLDERS[event.type]
      // The table pairs each type with a folder of that type.
      if (folder !== undefined) (folder as Folder<EventType>)(run, event as EventOf<EventType>)
    },
  }
}

type Folder<Type extends EventType> = (run: Run, event: EventOf<Type>) => void

const FOLDERS: { readonly [Type in EventType]?: Folder<Type> } = {
  'run.queued': (run, { runId, tenant, epoch, at, body }) => {
    run(
      `INSERT INTO runs (id, tenant, workflow, name, status, epoch, queued_at) VALUES (?, ?, ?, ?, 'queued', ?, ?)`,
      runId,
      tenant,
      body.workflow,
      body.name,
      epoch,
      at,
    )
    for (const name of [body.name, ...jobsOf(body)])
      run(`INSERT OR IGNORE INTO run_jobs (job, run_id) VALUES (?, ?)`, name, runId)
    const { fork_of: fork } = body
    if (fork !== undefined) run(`INSERT INTO forks (run_id, of_run, step) VALUES (?, ?, ?)`, runId, fork.run, fork.step)
  },
  'run.started': (run, { runId, epoch, at, body }) =>
    run(
      `UPDATE runs SET status = 'running', epoch = ?, owner = ?, ready_at = NULL, started_at = ? WHERE id = ?`,
      epoch,
      body.owner,
      at,
      runId,
    ),
  'run.resumed': (run, event) => {
    const { runId, epoch, body } = event
    run(
      `UPDATE runs SET status = 'running', epoch = ?, owner = ?, ready_at = NULL WHERE id = ?`,
      epoch,
      body.owner,
      runId,
    )
    closeRecoveryQuestions(run, event)
  },
  'run.waiting': (run, { runId, epoch, body }) =>
    run(
      `UPDATE runs SET status = 'waiting', epoch = ?, owner = NULL, ready_at = ? WHERE id = ?`,
      epoch,
      body.ready_at,
      runId,
    ),
  'run.paused': (run, { runId, epoch, at, body }) => {
    run(`UPDATE runs SET status = 'paused', epoch = ?, owner = NULL, ready_at = NULL WHERE id = ?`, epoch, runId)
    if (body.question !== null) ask(run, { runId, wait: null, at, question: body.question })
  },
  'run.cancel_requested': (run, { runId, epoch }) => {
    run(`UPDATE runs SET epoch = max(epoch, ?) WHERE id = ?`, epoch, runId)
    run(`UPDATE runs SET ready_at = 0 WHERE id = ? AND status = 'waiting'`, runId)
  },
  'run.succeeded': (run, event) => end(run, event, 'succeeded'),
  'run.failed': (run, event) => end(run, event, 'failed'),
  'run.cancelled': (run, event) => end(run, event, 'cancelled'),
  'run.timed_out': (run, event) => end(run, event, 'timed_out'),
  'run.erased': erase,

  'step.started': (run, event) => taskStarted(run, event),
  'step.retried': (run, { runId, body }) =>
    wait(run, runId, { number: body.number, kind: 'retry', key: null, dueAt: body.due_at }),
  'step.succeeded': (run, event) => {
    const { runId, seq, body } = event
    endWait(run, runId, body.number)
    taskSucceeded(run, event)
    if (body.activity === 'command') recordJob(run, { runId, seq, ...body, report: body.output as CommandReport })
  },
  'step.failed': (run, event) => {
    const { runId, seq, body } = event
    endWait(run, runId, body.number)
    taskFailed(run, event)
    const report = reportOf(body.failure)
    if (body.activity === 'command' && report !== undefined) recordJob(run, { runId, seq, ...body, report })
  },

  'node.started': (run, { runId, body }) => {
    if (body.backend === 'scripted') run(`UPDATE runs SET scripted = 1 WHERE id = ? AND scripted = 0`, runId)
  },

  'timer.started': (run, { runId, body }) =>
    wait(run, runId, { number: body.number, kind: 'timer', key: null, dueAt: body.due_at }),
  'timer.fired': (run, { runId, body }) => endWait(run, runId, body.number),
  'timer.cancelled': (run, { runId, body }) => endWait(run, runId, body.number),

  'wait.opened': (run, { runId, at, body }) => {
    wait(run, runId, { number: body.number, kind: 'signal', key: body.signal, dueAt: null })
    if (body.question !== null) ask(run, { runId, wait: body.number, at, question: body.question })
  },
  'wait.closed': (run, { runId, at, body }) => {
    endWait(run, runId, body.number)
    // Before its time is up, a wait is given up because nobody needs to know any more.
    run(
      `UPDATE questions SET state = iif(deadline <= ?, 'expired', 'withdrawn'), closed_at = ?
       WHERE run_id = ? AND wait = ? AND state = 'open'`,
      at,
      at,
      runId,
      body.number,
    )
  },
  'signal.received': (run, { runId, at, actor, body }) => {
    run(
      `UPDATE runs SET ready_at = 0 WHERE id = ? AND status = 'waiting'
       AND EXISTS (SELECT 1 FROM waits WHERE run_id = ? AND kind = 'signal' AND key = ?)`,
      runId,
      runId,
      body.signal,
    )
    const answered = answerOf(body)
    if (answered === undefined) return
    run(
      `UPDATE questions SET state = 'answered', choice = ?, closed_by = ?, closed_at = ?
       WHERE id = ? AND run_id = ? AND state = 'open'`,
      answered.choice,
      actor,
      at,
      answered.question,
      runId,
    )
  },
  'signal.taken': (run, { runId, body }) => endWait(run, runId, body.number),
}

/** Types of events that may ask a question. */
const ASKING: ReadonlySet<string> = new Set(['wait.opened', 'run.paused'])

/** Questions are numbered by the events that may ask one, so that erasing some does not renumber the others. */
function pass(run: Run, type: string): void {
  if (!ASKING.has(type)) return
  run(`INSERT INTO counters (name, value) VALUES ('questions', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`)
}

/** The jobs of a run of jobs, the task of a run of a task. Of whatever else stands there, nothing is taken. */
function jobsOf({ workflow, input }: EventBodies['run.queued']): readonly string[] {
  if (workflow === 'task') return [(input as { readonly planned: { readonly name: string } }).planned.name]
  if (workflow !== 'job' || typeof input !== 'object' || input === null || !('jobs' in input)) return []
  const { jobs } = input
  if (!Array.isArray(jobs)) return []
  return jobs
    .map((job: Partial<Record<'name', unknown>> | null) => job?.name)
    .filter((name) => typeof name === 'string')
}

function answerOf(
  body: EventBodies['signal.received'],
): { readonly question: string; readonly choice: string } | undefined {
  if (!body.signal.startsWith(ANSWER_PREFIX)) return undefined
  return { question: body.signal.slice(ANSWER_PREFIX.length), choice: (body.payload as Answer).choice }
}

interface Asked {
  readonly runId: string
  readonly wait: number | null
  readonly at: number
  readonly question: Question
}

function ask(run: Run, { runId, wait: number, at, question }: Asked): void {
  run.open.add(runId)
  run(
    `INSERT INTO questions (number, id, run_id, wait, text, choices, asker, addressee, asked_at, deadline, state)
     VALUES ((SELECT value FROM counters WHERE name = 'questions'), ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
    question.id,
    runId,
    number,
    question.text,
    JSON.stringify(question.choices),
    question.asker,
    question.addressee,
    at,
    question.deadline,
  )
}

/** A run that goes on has answered what it was paused for. */
function closeRecoveryQuestions(run: Run, { runId, actor, at }: RunEvent): void {
  run(
    `UPDATE questions SET state = 'answered', choice = 'resume', closed_by = ?, closed_at = ?
     WHERE run_id = ? AND wait IS NULL AND state = 'open'`,
    actor,
    at,
    runId,
  )
}

function end(run: Run, event: RunEvent, status: string): void {
  const { runId, epoch, at } = event
  run(
    `UPDATE runs SET status = ?, epoch = ?, owner = NULL, ready_at = NULL, ended_at = ? WHERE id = ?`,
    status,
    epoch,
    at,
    runId,
  )
  if (!run.open.mayHave(runId)) return
  endBuilds(run, event)
  run(`DELETE FROM waits WHERE run_id = ?`, runId)
  run(`UPDATE questions SET state = 'run_ended', closed_at = ? WHERE run_id = ? AND state = 'open'`, at, runId)
  run.open.remove(runId)
}

interface Wait {
  readonly number: number
  readonly kind: 'timer' | 'signal' | 'retry'
  readonly key: string | null
  readonly dueAt: number | null
}

function wait(run: Run, runId: string, { number, kind, key, dueAt }: Wait): void {
  run.open.add(runId)
  run(
    `INSERT OR REPLACE INTO waits (run_id, number, kind, key, due_at) VALUES (?, ?, ?, ?, ?)`,
    runId,
    number,
    kind,
    key,
    dueAt,
  )
}

function endWait(run: Run, runId: string, number: number): void {
  if (run.open.mayHave(runId)) run(`DELETE FROM waits WHERE run_id = ? AND number = ?`, runId, number)
}

/** Whatever could still be read of the run before, its rows are those that the fact tells. */
function erase(run: Run, { runId, tenant, epoch, at, body: { summary } }: EventOf<'run.erased'>): void {
  for (const table of ['run_jobs', 'forks', 'waits', 'questions', 'checked_ends', 'task_actions'])
    run(`DELETE FROM ${table} WHERE run_id = ?`, runId)
  run.open.remove(runId)
  run(
    `INSERT OR REPLACE INTO runs (id, tenant, workflow, name, status, epoch, queued_at, started_at, ended_at, erased_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    runId,
    tenant,
    summary.workflow,
    summary.name,
    summary.status,
    epoch,
    summary.queued_at,
    summary.started_at,
    summary.ended_at,
    at,
  )
  for (const name of [summary.name, ...summary.jobs])
    run(`INSERT OR IGNORE INTO run_jobs (job, run_id) VALUES (?, ?)`, name, runId)
  for (const action of summary.tasks ?? []) setTaskAction(run, runId, { ...action, about: null })
  for (const end of summary.ends) {
    setLastJob(run, runId, end)
    // That no earlier success counts after a failure stays true, though what the failure said is gone.
    if (end.exit !== 0) run(`DELETE FROM checked_ends WHERE job = ? AND seq < ?`, end.job, end.seq)
  }
}

interface JobEnd {
  readonly runId: string
  readonly seq: number
  readonly number: number
  readonly name: string
  readonly report: CommandReport
  readonly failure?: Failure
}

/** What did not run leaves the last end as it was. */
function recordJob(run: Run, end: JobEnd): void {
  const { runId, seq, number, name: job, report, failure } = end
  const { started_at, ended_at, up_to_date } = report
  if (up_to_date !== undefined) return
  setLastJob(run, runId, { job, number, seq, exit: recordedExit(report, failure), started_at, ended_at })
  recordChecked(run, end)
}

function setLastJob(run: Run, runId: string, { job, number, seq, exit, started_at, ended_at }: ErasedJobEnd): void {
  run(
    `INSERT INTO last_jobs (job, run_id, number, seq, exit, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (job) DO UPDATE SET run_id = excluded.run_id, number = excluded.number, seq = excluded.seq,
     exit = excluded.exit, started_at = excluded.started_at, ended_at = excluded.ended_at WHERE excluded.seq >= seq`,
    job,
    runId,
    number,
    seq,
    exit,
    started_at,
    ended_at,
  )
}

/** A success that can be compared with, or a failure after which no earlier success counts. */
function recordChecked(run: Run, { seq, runId, name, report, failure }: JobEnd): void {
  const says = failure === undefined ? report.fingerprint !== undefined : report.stale !== undefined
  if (!says) return
  run(`INSERT INTO checked_ends (job, directory, seq, run_id) VALUES (?, ?, ?, ?)`, name, report.directory, seq, runId)
}
