import * as z from 'zod/mini'
import { ChangedFile } from '#domain/run/changed-file.ts'
import type { EventType } from '#domain/run/event.ts'
import { Moment } from '#domain/run/moment.ts'
import { NodeState } from '#domain/run/node-state.ts'
import { GivenVerdict } from '#domain/run/verdict.ts'
import { about, document, erasureReason, failure, question, runId, runShape, time } from './shapes.ts'

/** `list`. */
export const list = document('list', {
  jobs: z.array(
    z.object({
      name: z.string(),
      description: z.optional(z.string()),
      group: z.optional(z.string()),
      needs: about(z.array(z.string()), 'the jobs that must have succeeded before'),
    }),
  ),
})

const lastJob = z.object({
  job: z.string(),
  run: runId(),
  number: about(z.int(), 'its step in the run'),
  exit: z.int(),
  started_at: time('when it began'),
  ended_at: time('when it ended'),
})

/** `show`. */
export const show = document('show', {
  job: z.string(),
  directory: about(z.string(), 'where it runs; absolute, unless a parameter decides it'),
  before: about(z.array(z.string()), 'all that runs before it'),
  definition: about(z.record(z.string(), z.unknown()), 'the job as the configuration has it'),
  last: about(z.nullable(lastJob), 'its last recorded end'),
})

/** `status`. */
export const statusDocument = document('status', {
  jobs: z.array(
    z.object({
      name: z.string(),
      last: about(z.optional(lastJob), 'its last recorded end'),
      cause: about(z.optional(z.string()), 'the code of what ended it, where that left no exit code'),
      in_run: about(z.optional(z.string()), 'the run that is not over and has the job, where it never ended before'),
    }),
  ),
  open: about(
    z.array(
      z.object({
        ...runShape,
        in_flight: about(
          z.array(z.object({ step: z.string(), number: z.int(), idempotent: z.boolean() })),
          'steps without a recorded end',
        ),
        leftovers: about(
          z.array(z.object({ pid: z.int(), command: z.string() })),
          'processes that a dead owner left behind',
        ),
        steps_ended: z.int(),
        steps_planned: z.int(),
        is_due: about(z.boolean(), 'its time has come, and nobody serves it'),
      }),
    ),
    'runs that are not over',
  ),
  questions: z.array(question),
})

/** `runs list`. */
export const runsList = document('runs-list', { runs: z.array(z.object(runShape)) })

const jobSide = z.object({
  outcome: about(z.enum(['ok', 'failed', 'reused', 'none']), 'how the job went in this run'),
  exit: z.nullable(z.int()),
  duration_ms: z.nullable(z.int()),
  stdout: about(z.nullable(z.string()), 'SHA-256 of what it wrote'),
  stderr: about(z.nullable(z.string()), 'SHA-256 of what it wrote'),
})

/** `runs diff`. */
export const runsDiff = document('runs-diff', {
  first: runId(),
  second: runId(),
  same_config: about(z.boolean(), 'whether both were made from the same text of the configuration'),
  jobs: z.array(
    z.object({
      job: z.string(),
      in: about(z.enum(['both', 'first', 'second']), 'which of the runs have the job'),
      changes: about(
        z.array(z.object({ key: z.string(), first: z.unknown(), second: z.unknown() })),
        'the keys of its definition that differ',
      ),
      first: jobSide,
      second: jobSide,
    }),
  ),
})

/** `why`. */
export const why = document('why', {
  job: about(z.nullable(z.string()), 'null where the whole run is explained'),
  run: about(z.nullable(z.object(runShape)), 'null where there is none'),
  verdict: about(z.string(), 'what became of it, or what it is at'),
  fact: about(
    z.looseObject({ kind: z.string() }),
    'the one fact that decides, by its kind: had it been different, the verdict would be another one',
  ),
  evidence: about(
    z.array(z.object({ seq: z.int(), type: z.string(), at: time('when it was recorded') })),
    'the events that show it',
  ),
  text: about(
    z.object({ headline: z.string(), because: z.string(), otherwise: z.nullable(z.string()) }),
    'the same in words',
  ),
})

/** The compiler leaves none out. */
const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  'store.created': true,
  'store.behind': true,
  'run.queued': true,
  'run.borrowed': true,
  'run.started': true,
  'run.resumed': true,
  'run.waiting': true,
  'run.paused': true,
  'run.cancel_requested': true,
  'run.succeeded': true,
  'run.failed': true,
  'run.cancelled': true,
  'run.timed_out': true,
  'run.erased': true,
  'step.started': true,
  'step.retried': true,
  'step.succeeded': true,
  'step.failed': true,
  'timer.started': true,
  'timer.fired': true,
  'timer.cancelled': true,
  'wait.opened': true,
  'wait.closed': true,
  'signal.received': true,
  'signal.taken': true,
  'value.drawn': true,
  'node.started': true,
  'node.ended': true,
  'conductor.obeyed': true,
  'conductor.refused': true,
}

const eventShape = {
  seq: about(z.int(), 'its place in the log, from 1'),
  run: runId(),
  run_seq: about(z.int(), 'its place among the events of the run, from 1'),
  at: time('when it was written'),
  actor: about(z.string(), 'who caused it, such as person:ada'),
  tenant: z.string(),
  type: about(z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]), 'what happened'),
  epoch: about(z.int(), 'rises each time another process takes the run over'),
  dedupe_key: z.nullable(z.string()),
  body: about(z.record(z.string(), z.unknown()), 'what there is to say about it, by its type: docs/log-format.md'),
}

/** `runs events`: a line an event. */
export const runsEvents = document('runs-events', eventShape)

/** What `runs show` tells of an orchestration. */
const course = z.object({
  name: z.string(),
  goal: z.optional(z.string()),
  nodes: about(z.array(NodeState), 'how each round of each node ended or stands, in the order of the graph'),
  verdicts: about(z.array(GivenVerdict), 'the verdicts on the work, in their order'),
  timeline: about(z.array(Moment), 'what happened, in its order'),
  files: about(z.array(ChangedFile), 'what agents changed by their tools, in the order of the first changes'),
  context: about(
    z.array(
      z.object({
        key: z.string(),
        value: z.unknown(),
        writer: about(z.string(), 'who wrote it, such as a role'),
        step: about(z.string(), 'the node; empty for what the run began with'),
        at: time('when it was written'),
      }),
    ),
    'each value that was written into the shared context, in the order in which they come together',
  ),
})

const forkLink = z.object({ run: runId(), step: z.string() })

/** `runs show`. */
export const runsShow = document('runs-show', {
  ...runShape,
  forked_from: about(z.nullable(forkLink), 'the run that it goes on from, and its first step of its own'),
  forks: about(z.array(forkLink), 'the runs that go on from this one'),
  jobs: about(z.array(z.string()), 'all jobs of the run, in its order'),
  orchestration: about(z.nullable(course), 'the course of an orchestration; null for a run of something else'),
  events: z.array(z.object(eventShape)),
  unreadable: about(z.array(failure), 'events that are there and cannot be read'),
  questions: z.array(question),
  erased: about(
    z.nullable(
      z.object({
        by: z.string(),
        at: time('when it was erased'),
        seq: about(z.int(), 'the event that says so'),
        events: about(z.int(), 'how many events were erased'),
        reason: erasureReason,
        ends: about(
          z.array(
            z.object({
              job: z.string(),
              number: z.int(),
              seq: z.int(),
              exit: z.int(),
              started_at: time('when it began'),
              ended_at: time('when it ended'),
            }),
          ),
          'how its jobs ended',
        ),
      }),
    ),
    'that the run was erased',
  ),
})

/** `runs artifacts`. */
export const runsArtifacts = document('runs-artifacts', {
  run: runId(),
  jobs: about(
    z.array(
      z.object({
        job: z.string(),
        artifacts: z.array(
          z.object({
            path: about(z.string(), "relative to the job's directory, with / between names"),
            digest: about(z.string(), 'SHA-256'),
            bytes: z.int(),
          }),
        ),
        notes: about(
          z.array(z.object({ path: z.string(), reason: z.string() })),
          'patterns that matched nothing, and files that could not be kept',
        ),
        kept_in: about(z.nullable(runId()), 'of a job that was up to date, the run that has its files'),
      }),
    ),
    'the jobs that have ended',
  ),
  output: about(z.nullable(z.string()), 'where they were written; null where they were only listed'),
})

/** `runs logs`: a line for each piece of output. */
export const runsLogs = document('runs-logs', {
  job: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  text: about(
    z.string(),
    'what of it is no UTF-8 is shown as U+FFFD; the bytes are those of the command without --json',
  ),
})
