import { describe, expect, test } from 'vitest'
import { readConfig } from '#adapters/files/read-config.ts'
import type { Offer } from '#app/init/offered-job.ts'
import { startingConfig } from '#app/init/starting-config.ts'
import { must } from '../proof-store.ts'

const job = (name: string, more: Partial<Offer['jobs'][number]> = {}) => ({
  name,
  argv: ['npm', 'run', name] as const,
  params: [],
  ...more,
})

async function read(offers: readonly Offer[]) {
  const { text, jobs } = startingConfig(offers)
  const config = must(await readConfig('/orchastration.toml', Buffer.from(text), { isProject: true }))
  expect(Object.keys(config.jobs ?? {})).toEqual(jobs)
  return config
}

describe('a starting configuration', () => {
  test('is valid, and has a job to begin with where the directory offers none', async () => {
    expect((await read([])).jobs?.['hello']?.command).toEqual(['echo', 'hello'])
  })

  test('is valid whatever things are called', async () => {
    const names = ['a:b', 'a-b', 'A-B', 'con', '__proto__', 'x'.repeat(99), '..', 'é', 'a"b\\', 'nul\u0000', 'ok.v1']
    const odd = names.map((name) => job(name, { description: `${name}\n\u007f"` }))
    await read([{ file: 'package.json', tool: 'npm', jobs: odd }])
    expect(startingConfig([{ file: 'package.json', tool: 'npm', jobs: odd }]).text).toContain(
      '# left out: "con" of package.json',
    )
  })

  test('has one job of each name, the second one with its tool in front', async () => {
    const config = await read([
      { file: 'package.json', tool: 'npm', jobs: [job('test')] },
      { file: 'Makefile', tool: 'make', jobs: [job('test'), job('Test')] },
    ])
    expect(Object.keys(config.jobs ?? {})).toEqual(['test', 'make-test'])
  })

  test('gives recipes their parameters', async () => {
    const params = [{ name: 'stage' }, { name: 'to', default: 'a "b"' }]
    const config = await read([
      {
        file: 'justfile',
        tool: 'just',
        jobs: [job('deploy', { argv: ['just', 'deploy', '{{stage}}', '{{to}}'], params })],
      },
    ])
    expect(config.jobs?.['deploy']?.params).toEqual({ stage: {}, to: { default: 'a "b"' } })
  })
})
