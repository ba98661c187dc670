import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const REPORT = `
[jobs.test]
command = ["sh", "-c", "mkdir -p out/deep; echo report > out/report.txt; echo deep > out/deep/'a b'; exit $(cat code)"]
artifacts = ["out/**", "none/*.xml"]
`

const digestOf = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest('hex')

/** What lies where steps that have not ended keep their files. */
function runningFiles(place: TestPlace): readonly string[] {
  const folder = join(place.store, 'running')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  )
}

function artifactOf(place: TestPlace, text: string): string {
  return join(place.store, 'artifacts', digestOf(text).slice(0, 2), digestOf(text))
}

describe.skipIf(onWindows)('artifacts', () => {
  test.each([
    ['0', 0],
    ['7', 7],
  ])('are kept with the run where the job ends with %s', async (code, exit) => {
    const place = given({ config: REPORT, files: { code } })
    expect((await place.run(['run', 'test'])).exit).toBe(exit)
    rmSync(place.path('out'), { recursive: true })
    await place.gives(['runs', 'artifacts', 'test'], {
      stdout: `${digestOf('deep\n')}  5  test  out/deep/a b\n${digestOf('report\n')}  7  test  out/report.txt\n`,
      stderr: 'test: none/*.xml matches nothing\nwrite them: orchastration runs artifacts <run> --output DIR\n',
      exit: 0,
    })
    expect(await place.json(['runs', 'artifacts', 'test'])).toMatchObject({
      jobs: [{ job: 'test', artifacts: [{ bytes: 5 }, { bytes: 7 }], notes: [{ path: 'none/*.xml' }], kept_in: null }],
      output: null,
    })
    await place.gives(['runs', 'artifacts', 'test', 'test', '--output', 'kept'], {
      stderr: '2 files in kept\ntest: none/*.xml matches nothing\n',
      exit: 0,
    })
    expect(place.read('kept/out/deep/a b')).toBe('deep\n')
    await place.run(['runs', 'artifacts', 'test', '--output', 'kept'])
    expect(place.read('kept/test/out/report.txt')).toBe('report\n')
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('are kept of what a timeout ended', async () => {
    const place = given({
      config: `[jobs.slow]\ncommand = ["sh", "-c", "echo early > log; sleep 60"]\ntimeout_seconds = 1\nartifacts = ["log"]\n`,
    })
    expect((await place.run(['run', 'slow'])).exit).toBe(124)
    expect((await place.run(['runs', 'artifacts', 'slow'])).stdout).toContain('  slow  log\n')
  })

  test('that were changed or lost are told by verify, and not written out', async () => {
    const place = given({ config: REPORT, files: { code: '0' } })
    await place.run(['run', 'test'])
    writeFileSync(artifactOf(place, 'deep\n'), 'DEEP\n')
    const verified = await place.run(['verify', '--outputs'])
    expect(verified.exit).toBe(4)
    expect(verified.stdout).toContain(`the output ${digestOf('deep\n')} was changed`)
    const written = await place.run(['runs', 'artifacts', 'test', 'test', '--output', 'kept'])
    expect(written.exit).toBe(2)
    expect(written.stderr).toContain('its content was changed since it was kept')
    expect(place.has('kept/out/deep/a b')).toBe(false)
    rmSync(artifactOf(place, 'deep\n'))
    expect((await place.run(['verify', '--outputs'])).stdout).toContain('is missing')
  })

  test('are never written over what is there, but with --force', async () => {
    const place = given({ config: REPORT, files: { code: '0', 'kept/out/report.txt': 'mine' } })
    await place.run(['run', 'test'])
    const refused = await place.run(['runs', 'artifacts', 'test', 'test', '--output', 'kept'])
    expect(refused.exit).toBe(2)
    expect(refused.stderr).toContain('the file is there already: ')
    expect(place.read('kept/out/report.txt')).toBe('mine')
    expect(place.has('kept/out/deep')).toBe(false)
    expect((await place.run(['runs', 'artifacts', 'test', 'test', '--output', 'kept', '--force'])).exit).toBe(0)
    expect(place.read('kept/out/report.txt')).toBe('report\n')
  })

  test('are never written through links, nor out of the directory', async () => {
    const place = given({ config: REPORT, files: { code: '0' } })
    await place.run(['run', 'test'])
    mkdirSync(place.path('elsewhere'))
    mkdirSync(place.path('kept/out'), { recursive: true })
    symlinkSync(place.path('elsewhere'), place.path('kept/out/deep'))
    symlinkSync(place.path('elsewhere/report'), place.path('kept/out/report.txt'))
    for (const force of [[], ['--force']]) {
      const written = await place.run(['runs', 'artifacts', 'test', 'test', '--output', 'kept', ...force])
      expect(written.stderr).toContain('part of the path is not a directory')
      expect(written.exit).toBe(1)
    }
    rmSync(place.path('kept/out/deep'))
    await place.run(['runs', 'artifacts', 'test', 'test', '--output', 'kept', '--force'])
    expect(place.read('kept/out/report.txt')).toBe('report\n')
    expect(place.has('elsewhere/report')).toBe(false)
  })

  test('that are links out of the directory fail the job, and links within it count by their files', async () => {
    const place = given({
      config: `[jobs.test]\ncommand = ["true"]\nartifacts = ["out/**"]\n`,
      files: { 'in/report': 'report\n', 'out/x': 'x' },
    })
    symlinkSync('../in/report', place.path('out/link'))
    expect((await place.run(['run', 'test'])).exit).toBe(0)
    writeFileSync(join(place.home, 'private'), 'private\n')
    symlinkSync(join(place.home, 'private'), place.path('out/away'))
    symlinkSync('away', place.path('out/by'))
    for (const gone of ['by', 'away']) {
      const { exit, stderr } = await place.run(['run', 'test'])
      expect(exit).toBe(1)
      expect(stderr).toContain("lies outside of the job's directory")
      rmSync(place.path('out/away'))
      rmSync(place.path('out/by'))
      symlinkSync(join(place.home, 'private'), place.path(`out/${gone}`))
      symlinkSync('elsewhere', place.path(`out/${gone === 'by' ? 'away' : 'by'}`))
    }
    expect(existsSync(artifactOf(place, 'private\n'))).toBe(false)
    rmSync(place.path('out'), { recursive: true })
    mkdirSync(join(place.home, 'far'))
    writeFileSync(join(place.home, 'far/report'), 'far\n')
    symlinkSync(join(place.home, 'far'), place.path('out'))
    expect((await place.run(['run', 'test'])).exit).toBe(0)
    expect(existsSync(artifactOf(place, 'far\n'))).toBe(true)
  })

  test('that lie outside of the directory, or are too much, fail a job that succeeded, and leave a failed one its cause', async () => {
    const config = (artifact: string, code: number) =>
      `[jobs.test]\ncommand = ["sh", "-c", "exit ${code}"]\nartifacts = ["${artifact}"]\n`
    const place = given({ config: config('../home', 0), files: { big: '' } })
    const outside = await place.run(['run', 'test'])
    expect(outside.exit).toBe(1)
    expect(outside.stderr).toContain("lies outside of the job's directory")
    truncateSync(place.path('big'), 1024 ** 3 + 1)
    place.configure(config('big', 0))
    const large = await place.run(['run', 'test'])
    expect(large.exit).toBe(1)
    expect(large.stderr).toContain('artifact big makes it more than 1 GiB')
    place.configure(config('big', 3))
    const failed = await place.run(['run', 'test'])
    expect(failed.exit).toBe(3)
    expect(failed.stderr).toContain('test: big makes it more than 1 GiB\n')
    expect((await place.run(['runs', 'artifacts', 'test'])).stderr).toContain('no artifacts are kept with this run')
    expect(runningFiles(place)).toEqual([])
  })

  test('of a job that was up to date are those of the run that made them', async () => {
    const place = given({
      config: `[jobs.build]\ncommand = ["sh", "-c", "cat in > out"]\ninputs = ["in"]\noutputs = ["out"]\nartifacts = ["out"]\n`,
      files: { in: 'x\n' },
    })
    await place.run(['run', 'build'])
    await place.run(['run', 'build'])
    const { stdout, stderr } = await place.run(['runs', 'artifacts', 'build'])
    expect(stdout).toBe('')
    const [, first = ''] = /build was up to date: orchastration (.*)/.exec(stderr) ?? []
    expect((await place.run(first.split(' '))).stdout).toContain(digestOf('x\n'))
  })

  test('with names that are not UTF-8 come out as they went in', async () => {
    const place = given({
      config: `[jobs.odd]\ncommand = ["./odd"]\nartifacts = ["out"]\n`,
      programs: { odd: '#!/bin/sh\nmkdir out; echo odd > "out/$(printf "x\\377")"\n' },
    })
    await place.run(['run', 'odd'])
    expect((await place.run(['runs', 'artifacts', 'odd', 'odd', '--output', 'kept'])).exit).toBe(0)
    const [name] = readdirSync(place.path('kept/out'), { encoding: 'buffer' })
    expect(name?.toString('hex')).toBe('78ff')
  })

  test('that cannot be kept since the disk is full are a failure that says so', async () => {
    const place = given({
      config: `[jobs.test]\ncommand = ["true"]\nartifacts = ["big"]\n`,
      files: { big: 'x'.repeat(3_000_000) },
    })
    // The store cannot grow by so much: a file may have 1 MiB here.
    const full = await place.run(['run', 'test'], {
      before: ['sh', '-c', 'trap "" XFSZ; ulimit -f 2048; exec "$@"', 'sh'],
    })
    expect(full.exit).toBe(1)
    expect(full.stderr).toContain('output lost')
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
    expect(runningFiles(place)).toEqual([])
  })

  test('do not go half into the log when the process dies while it keeps them', async () => {
    const place = given({
      config: `[jobs.test]\ncommand = ["sh", "-c", "echo $ORCHASTRATION_RUN_ID > id; truncate -s 900M big"]\nidempotent = true\nartifacts = ["big"]\n`,
    })
    const first = place.start(['run', 'test'])
    await until(() => runningFiles(place).some((name) => name.endsWith('.artifact')), 'an artifact is being kept')
    await first.crash()
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
    writeFileSync(place.path('big'), '')
    const run = readFileSync(place.path('id'), 'utf8').trim()
    expect((await place.run(['runs', 'resume', run])).exit).toBe(0)
    expect((await place.run(['runs', 'artifacts', run])).stdout).toContain('943718400')
    expect(runningFiles(place)).toEqual([])
  })
})
