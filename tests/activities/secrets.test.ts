import { expect, test } from 'vitest'
import type { Captured, CaptureFault, CaptureSpec } from '#activities/process-port.ts'
import { resolveSecrets } from '#activities/secrets.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import type { Failure } from '#domain/failure.ts'
import type { ActivityAttempt } from '#engine/activities.ts'

const never = new AbortController().signal

function resolving(
  secrets: Readonly<Record<string, SecretSource>>,
  capture: (spec: CaptureSpec) => Result<Captured, CaptureFault>,
  signal: AbortSignal = never,
) {
  const attempt: ActivityAttempt = { key: 'r/1', step: 'j', attempt: 1, start: '1.1.1', signal, hurry: never }
  const input = { argv: ['true'] as const, directory: '/work', env: {}, secrets }
  const surroundings = async () => ({
    envFile: () => ({ path: '', text: ok('') }),
    secret: ({ env }: SecretSource) => (env === undefined ? undefined : ok(`value of ${env}`)),
  })
  const processes = { capture: async (spec: CaptureSpec) => capture(spec) }
  return resolveSecrets({ surroundings, processes }, { input, attempt, environment: { A: '1' } })
}

const exited = (output: string, exit = 0): Result<Captured, CaptureFault> =>
  ok({ end: { kind: 'exited', exit }, output: Buffer.from(output) })

test('values come from all kinds of sources', async () => {
  let asked: CaptureSpec | undefined
  const resolved = await resolving({ A: { env: 'X' }, B: { command: ['pass', 'show'] } }, (spec) => {
    asked = spec
    return exited('from a command\n')
  })
  expect(resolved).toEqual({ ok: true, value: { A: 'value of X', B: 'from a command' } })
  expect(asked).toMatchObject({
    argv: ['pass', 'show'],
    directory: '/work',
    environment: { A: '1' },
    step: 'r/1',
    timeoutMs: 60_000,
  })
})

test.each<readonly [name: string, captured: Result<Captured, CaptureFault>, error: object]>([
  ['an exit code', exited('hush-hush', 3), { reason: 'exit', detail: '3' }],
  [
    'a signal',
    ok({ end: { kind: 'signalled', signal: 'SIGSEGV' }, output: Buffer.from('hush-hush') }),
    { reason: 'killed', detail: 'SIGSEGV' },
  ],
  ['its time', err({ kind: 'slow' }), { reason: 'slow' }],
  ['too many words', err({ kind: 'large' }), { reason: 'large' }],
  ['no start', err({ kind: 'not_started', reason: 'ENOENT' }), { reason: 'not_started', detail: 'ENOENT' }],
  ['a short value', exited('abc'), { reason: 'short' }],
])('a command that gives none by %s is named, and nothing that it gave', async (_name, captured, error) => {
  const resolved = await resolving({ TOKEN: { command: ['pass', 'show'] } }, () => captured)
  expect(resolved).toEqual({
    ok: false,
    error: { code: 'secret_unusable', secret: 'TOKEN', source: 'command', from: 'pass show', ...error },
  })
})

test('who stops the attempt is the reason, not the secret', async () => {
  const stop = new AbortController()
  const reason: Failure = { code: 'cancelled', by: 'person:ada' }
  const resolved = await resolving(
    { TOKEN: { command: ['pass'] } },
    () => {
      stop.abort(reason)
      return err({ kind: 'killed' })
    },
    stop.signal,
  )
  expect(resolved).toEqual({ ok: false, error: reason })
})
