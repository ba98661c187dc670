import { expect, test } from 'vitest'
import { keepSecretsOut } from '#app/keep-secrets-out.ts'
import { err, ok } from '#base/result.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import type { JobRunInput } from '#workflows/job.ts'

type Planned = JobRunInput['jobs'][number]

function planned(name: string, change: Partial<Planned> = {}): Planned {
  return { name, job: { command: ['true'] }, directory: '/work', argv: ['true'], ...change }
}

async function check(jobs: readonly Planned[]) {
  let asked = 0
  const secretSources = async () => ({
    secret: ({ env, file }: SecretSource) => {
      asked += 1
      if (env === 'UNSET') return err({ reason: 'unset' as const })
      if (file !== undefined) return err({ reason: 'unreadable' as const, detail: 'ENOENT' })
      return env === undefined ? undefined : ok('hush-hush')
    },
  })
  const checked = await keepSecretsOut(jobs, { secretSources })
  return { checked, asked }
}

const withSecret = (source: SecretSource): Partial<Planned> => ({
  job: { command: ['true'], secrets: { TOKEN: source } },
})

test('nothing is asked where no job has secrets, nor for one that will not run', async () => {
  const reused = planned('b', { ...withSecret({ env: 'UNSET' }), reused: 'run' })
  expect(await check([planned('a'), reused])).toEqual({ checked: ok(), asked: 0 })
})

test('a variable that is not set is told at once; a file may still come, a command is not run', async () => {
  const { checked } = await check([planned('a', withSecret({ env: 'UNSET' }))])
  expect(checked).toEqual({
    ok: false,
    error: { code: 'secret_unusable', job: 'a', secret: 'TOKEN', source: 'env', from: 'UNSET', reason: 'unset' },
  })
  expect((await check([planned('a', withSecret({ file: 'x' }))])).checked).toEqual(ok())
  expect((await check([planned('a', withSecret({ command: ['x'] }))])).checked).toEqual(ok())
})

test('a value is found in any job of the run, and told by where it was said first', async () => {
  const holder = planned('a', withSecret({ env: 'SET' }))
  const other = planned('b', { params: { p: 'hush-hush' }, argv: ['echo', 'hush-hush'] })
  expect((await check([other, holder])).checked).toEqual({
    ok: false,
    error: { code: 'secret_exposed', secret: 'TOKEN', job: 'b', key: 'params.p', isRecorded: false },
  })
})
