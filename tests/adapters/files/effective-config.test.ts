import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { configCache } from '#adapters/files/config-cache.ts'
import { configFile } from '#adapters/files/config-file.ts'
import { type EffectiveOptions, effectiveConfig, projectHere } from '#adapters/files/effective-config.ts'
import { projects } from '#adapters/files/projects.ts'
import { trustRecords } from '#adapters/files/trust-records.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'orchastration-effective-')))
afterAll(() => rmSync(root, { recursive: true }))
let made = 0

const GOOD = '[jobs.j]\ncommand = ["./run.sh"]\n'
const EVIL = '[jobs.j]\ncommand = ["./ruin.sh"]\n'

test('the bytes that were checked are the bytes that count, whatever lies there a moment later', async () => {
  const place = await trustedPlace()
  const here = projectHere(place.options)
  writeFileSync(place.file, EVIL)
  expect(here).toMatchObject({ ok: true, value: { state: 'trusted' } })
  expect(await place.load(here)).toMatchObject({ value: { config: { jobs: { j: { command: ['./run.sh'] } } } } })
})

test('a file that is swapped and swapped back is trusted by what it holds, not by its age or its name', async () => {
  const place = await trustedPlace()
  writeFileSync(join(place.directory, 'evil.toml'), EVIL)
  renameSync(place.file, join(place.directory, 'good.toml'))
  renameSync(join(place.directory, 'evil.toml'), place.file)
  utimesSync(place.file, 0, 0)
  expect(projectHere(place.options)).toMatchObject({ value: { state: 'untrusted', untrusted: { reason: 'changed' } } })
  renameSync(join(place.directory, 'good.toml'), place.file)
  expect(projectHere(place.options)).toMatchObject({ value: { state: 'trusted' } })
})

test('a configuration in the cache is no trust', async () => {
  const place = await trustedPlace()
  const cache = configCache(join(root, 'cache'), 'test')
  writeFileSync(place.file, EVIL)
  const own = await configFile(place.file, { usual: '/nowhere', currentDirectory: root, cache })
  expect(own.ok).toBe(true)
  const here = projectHere({ ...place.options, cache })
  expect(here).toMatchObject({ value: { state: 'untrusted' } })
  expect(await place.load(here)).toMatchObject({ value: { config: {}, untrusted: { files: ['orchastration.toml'] } } })
})

test('keys that are not for projects are refused, also where the cache knows the bytes as right', async () => {
  const place = await trustedPlace()
  writeFileSync(place.file, `${GOOD}[state]\ndir = "x"\n`)
  const cache = configCache(join(root, 'cache'), 'test')
  const own = await configFile(place.file, { usual: '/nowhere', currentDirectory: root, cache })
  expect(own.ok).toBe(true)
  const here = projectHere({ ...place.options, isTrusted: true })
  if (!here.ok || !own.ok) throw new Error('both can be read')
  expect(await effectiveConfig(own.value, here.value, cache)).toMatchObject({
    ok: false,
    error: { code: 'config_invalid', problems: [{ kind: 'not_here', key: 'state' }] },
  })
})

test('a directory that becomes a link to another one is another project', async () => {
  const place = await trustedPlace()
  const other = join(root, `other-${++made}`)
  mkdirSync(other)
  writeFileSync(join(other, 'orchastration.toml'), GOOD)
  renameSync(place.directory, `${place.directory}-moved`)
  symlinkSync(other, place.directory)
  expect(projectHere(place.options)).toMatchObject({ value: { state: 'untrusted', untrusted: { directory: other } } })
})

test('what a link inside the project leads to is what is watched', async () => {
  const place = await trustedPlace()
  mkdirSync(join(place.directory, 'a'))
  mkdirSync(join(place.directory, 'b'))
  writeFileSync(join(place.directory, 'a/run.sh'), 'good')
  writeFileSync(join(place.directory, 'b/run.sh'), 'evil')
  symlinkSync('a', join(place.directory, 'current'))
  writeFileSync(place.file, '[jobs.j]\ncommand = ["current/run.sh"]\n')
  await place.trust()
  expect(projectHere(place.options)).toMatchObject({ value: { state: 'trusted' } })
  rmSync(join(place.directory, 'current'))
  symlinkSync('b', join(place.directory, 'current'))
  expect(projectHere(place.options)).toMatchObject({ value: { untrusted: { files: ['current/run.sh'] } } })
})

test("paths that leave the project and come back are inside, those that do not are nobody's", async () => {
  const place = await trustedPlace()
  const name = place.directory.split('/').at(-1)
  const inside = `[jobs.j]\ncommand = ["../${name}/run.sh"]\n`
  writeFileSync(place.file, `${inside}[jobs.k]\ncommand = ["../run.sh"]\nenv_file = ["../${name}", "/etc/x"]\n`)
  const review = await place.trust()
  expect(review.covered.map(({ path }) => path)).toEqual(['orchastration.toml', 'run.sh'])
  expect(review.outside.map(({ path }) => path)).toEqual(['../run.sh', `../${name}`, '/etc/x'])
})

test('two who trust at once leave one whole record', async () => {
  const place = await trustedPlace()
  await Promise.all(Array.from({ length: 20 }, () => place.trust()))
  expect(projectHere(place.options)).toMatchObject({ value: { state: 'trusted' } })
  expect(place.records.list()).toMatchObject({ ok: true, value: [{ directory: place.directory }] })
})

async function trustedPlace(text = GOOD) {
  const directory = join(root, `project-${++made}`)
  const file = join(directory, 'orchastration.toml')
  mkdirSync(directory)
  writeFileSync(file, text)
  writeFileSync(join(directory, 'run.sh'), 'true')
  const records = trustRecords(join(root, `trust-${made}`))
  const found = projects({ currentDirectory: directory, home: undefined, records, clock: { now: () => 0 } })
  const trust = async () => {
    const project = found.find()
    if (!project.ok || project.value === undefined) throw new Error('there is a project')
    const review = await found.review(project.value)
    if (!review.ok) throw new Error('it is valid')
    expect(found.trust(review.value)).toEqual({ ok: true, value: undefined })
    return review.value
  }
  await trust()
  const options: EffectiveOptions = { projects: found, records, isTrusted: false, trustedPaths: undefined }
  const load = async (here: ReturnType<typeof projectHere>) => {
    const own = await configFile(undefined, { usual: '/nowhere/config.toml', currentDirectory: root })
    if (!own.ok || !here.ok) throw new Error('both can be read')
    return await effectiveConfig(own.value, here.value, undefined)
  }
  return { directory, file, records, options, trust, load }
}
