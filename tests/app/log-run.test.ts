import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { LogEntry } from '#app/log-port.ts'
import { runLog } from '#app/log-run.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies, EventType, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'

const RUN = '01k9aaaaaaaaaaaaaaaaaaaaaa' as RunId
const failure: Failure = { code: 'jobs_failed', failed: ['a'], jobs: {} }
const report = {
  started_at: 1000,
  ended_at: 1500,
  directory: '/srv',
  stdout: { digest: 'aa', bytes: 1 },
  stderr: { digest: 'bb', bytes: 2 },
}
const step = { number: 1, name: 'build', activity: 'command', attempt: 1 }
const question = {
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  text: 'Really?',
  choices: ['yes', 'no'],
  asker: 'build',
  addressee: 'anyone',
  deadline: null,
}

function event<Type extends EventType>(type: Type, body: EventBodies[Type], at = 0): RunEvent {
  const place = { seq: 1, runId: RUN, runSeq: 1, actor: 'person:ada', tenant: 'local', epoch: 1, dedupeKey: null }
  return { ...place, at, type, body } as unknown as RunEvent
}

const BEGIN = [
  event('run.queued', {
    workflow: 'job',
    workflow_version: 1,
    name: 'build',
    input: null,
    resume: 'ask',
    config: null,
  }),
  event('run.started', { owner: 'o' }, 1000),
  event('step.started', {
    number: 1,
    name: 'build',
    activity: 'command',
    input: { argv: ['npm', 'run', 'build'] },
    input_digest: '' as never,
    idempotent: false,
  }),
]

/** The line for an event of a run that began a second after the epoch. */
function linesOf(last: RunEvent, exit?: number): readonly LogEntry[] {
  const written: LogEntry[] = []
  const tell = runLog({ write: (entry) => written.push(entry), warm: () => undefined, flush: async () => undefined })
  for (const each of BEGIN) tell(each, false)
  tell(last, true, exit === undefined ? undefined : ({ job: 'build', exit, report } as never))
  return written
}

const run = { run: RUN, name: 'build' }
const job = { run: RUN, job: 'build' }
const lines: readonly (readonly [RunEvent, number | undefined, LogEntry['level'], string, LogEntry['fields']])[] = [
  [event('run.started', { owner: 'o' }), undefined, 'info', 'run starting', run],
  [
    event('run.resumed', { owner: 'o', unattended: true, restarted: [1, 2] }),
    undefined,
    'info',
    'run resumed',
    { ...run, unattended: true, restarted: 2 },
  ],
  [
    event('run.waiting', { ready_at: 5000 }),
    undefined,
    'info',
    'run waiting',
    { ...run, until: '1970-01-01T00:00:05.000Z' },
  ],
  [
    event('run.paused', { reason: { kind: 'resumed_too_often', times: 3 }, question: null }),
    undefined,
    'warn',
    'run paused',
    { ...run, reason: 'resumed_too_often' },
  ],
  [
    event('run.cancel_requested', { signal: 'SIGINT' }),
    undefined,
    'info',
    'run cancelling',
    { ...run, by: 'person:ada', signal: 'SIGINT' },
  ],
  [event('run.succeeded', { output: null }, 3000), undefined, 'info', 'run succeeded', { ...run, duration_ms: 2000 }],
  [
    event('run.failed', { failure }, 3000),
    undefined,
    'error',
    'run failed',
    { ...run, error: 'jobs_failed', duration_ms: 2000 },
  ],
  [
    event('run.timed_out', { failure: { code: 'timed_out', timeout_ms: 5 } }, 3000),
    undefined,
    'error',
    'run timed out',
    { ...run, error: 'timed_out', duration_ms: 2000 },
  ],
  [
    event('run.cancelled', { failure: { code: 'cancelled' } }, 3000),
    undefined,
    'warn',
    'run cancelled',
    { ...run, duration_ms: 2000 },
  ],
  [BEGIN[2] as RunEvent, undefined, 'info', 'job starting', { ...job, command: 'npm run build' }],
  [
    event('step.retried', { number: 1, attempt: 1, failure, due_at: 9000 }),
    undefined,
    'warn',
    'job retrying',
    { ...job, attempt: 1, error: 'jobs_failed', until: '1970-01-01T00:00:09.000Z' },
  ],
  [
    event('step.succeeded', { ...step, output: null }),
    0,
    'info',
    'job succeeded',
    { ...job, exit: 0, duration_ms: 500 },
  ],
  [
    event('step.failed', { ...step, failure: { code: 'timed_out', timeout_ms: 1500 } }),
    -1,
    'error',
    'job timed out',
    { ...job, timeout_seconds: 1.5, exit: -1, duration_ms: 500 },
  ],
  [
    event('step.failed', { ...step, failure: { code: 'cancelled' } }),
    -1,
    'warn',
    'job cancelled',
    { ...job, exit: -1, duration_ms: 500 },
  ],
  [
    event('step.failed', { ...step, failure: { code: 'program_missing', program: 'x' } }),
    undefined,
    'error',
    'job failed',
    { ...job, error: 'program_missing' },
  ],
  [
    event('wait.opened', { number: 4, signal: 's', question }),
    undefined,
    'info',
    'question asked',
    { run: RUN, asker: 'build', question: 'Really?' },
  ],
  [
    event('wait.opened', { number: 4, signal: 's', question: null }),
    undefined,
    'debug',
    'wait opened',
    { run: RUN, number: 4 },
  ],
  [event('timer.fired', { number: 2 }), undefined, 'debug', 'timer fired', { run: RUN, number: 2 }],
  [event('signal.received', { signal: 's', payload: 'secret' }), undefined, 'debug', 'signal received', { run: RUN }],
  [
    event('value.drawn', { number: 3, kind: 'uuid', value: 'secret' }),
    undefined,
    'debug',
    'value drawn',
    { run: RUN, number: 3 },
  ],
]

describe('the log file', () => {
  test.each(lines.map((line) => ({ title: line[3], line })))('says `$title`', ({ line }) => {
    const [last, exit, level, message, fields] = line
    expect(linesOf(last, exit)[0]).toEqual({ level, message, at: last.at, fields })
  })

  test('says in detail where a job ran and what was kept of it', () => {
    const [, detail] = linesOf(event('step.succeeded', { ...step, output: null }), 0)
    const kept = { stdout: 'aa', stdout_bytes: 1, stderr: 'bb', stderr_bytes: 2 }
    const fields = { ...job, directory: '/srv', ...kept }
    expect(detail).toEqual({ level: 'debug', message: 'job output', at: 0, fields })
  })

  test('has each of its words explained in USAGE.md', () => {
    const usage = readFileSync(fileURLToPath(new URL('../../USAGE.md', import.meta.url)), 'utf8')
    const words = lines.filter(([, , level]) => level !== 'debug').map(([, , , message]) => message)
    const others = ['job output', 'record not written', 'backup made', 'rebuilt', 'repaired', 'internal error']
    expect([...words, ...others].filter((message) => !usage.includes(`\`${message}\``))).toEqual([])
  })
})
