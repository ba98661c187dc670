import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { documents } from '#surfaces/cli/documents.ts'
import { onWindows } from '../support/binary.ts'
import { hasTool } from '../support/checkout.ts'
import { checkLeaks, given } from '../support/given.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const MINIMAL = `${dirname(Bun.which('node') ?? '/usr/bin/node')}:/usr/bin:/bin`
const FIX = ['orchestration', 'run', 'fix', '--goal', 'make the tests pass', '--backend', 'scripted']

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(onWindows || !hasTool('node') || !hasTool('git'))('the demonstration of agents', () => {
  test('needs no key, no home and nothing on its path but Node and git', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orchastration-demo-'))
    folders.push(folder)
    const { status, stdout, stderr } = spawnSync(process.execPath, [top('scripts/demo.ts'), join(folder, 'demo')], {
      env: { PATH: MINIMAL, HOME: join(folder, 'nobody') },
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
    expect(stderr).toContain('slug("Hello, World!") is "Hello,-World!", expected "hello-world"')
    expect(stdout).toMatch(/^orchestration=fix status=success duration_ms=\d+$/m)
    expect(stdout).toMatch(/^verified to event \d+/m)
    expect(stdout).toContain('  README.md  +1 -1  by doc')
    expect(stdout).toContain('  lib/slug.mjs  +1 -1  by builder, builder round 2')
    expect(readdirSync(folder)).toEqual(['demo'])
    const repository = join(folder, 'demo/repository')
    const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: repository, encoding: 'utf8' }).stdout
    expect(git('status', '--porcelain')).toBe(' M README.md\n M lib/slug.mjs\n')
    expect(git('rev-list', '--count', 'HEAD')).toBe('1\n')
  })

  test('sends the work back because its test fails, whatever the reviewer says', async () => {
    const place = given()
    cpSync(top('examples/fix-a-test'), place.directory, { recursive: true })
    const script = readFileSync(place.path('replies.json'), 'utf8')
    expect(script).not.toContain('"rejected"')
    expect(script).not.toContain('"run"')
    await place.run(['trust', '--yes'])
    expect((await place.run(FIX)).exit).toBe(0)
    const shown = await place.json(['runs', 'show', 'fix'])
    const { error } = (await documents['runs-show'].load()).safeParse(shown)
    expect(error?.issues ?? []).toEqual([])
    const { orchestration } = shown
    expect(orchestration).toMatchObject({
      files: [{ path: 'lib/slug.mjs' }, { path: 'README.md', added: 1, removed: 1 }],
      verdicts: [
        {
          node: 'reviewer',
          round: 1,
          status: 'rejected',
          findings: [expect.stringContaining('slug("Hello, World!") is "Hello,-World!", expected "hello-world"')],
        },
        { node: 'reviewer', round: 2, status: 'passed', findings: [] },
      ],
    })
    const { nodes } = orchestration as {
      nodes: readonly { id: string; round: number; backend: string; status: string }[]
    }
    expect(nodes.map(({ id, round, backend, status }) => `${id} ${round} ${backend} ${status}`)).toEqual([
      'planner 1 scripted success',
      'builder 1 scripted success',
      'builder 2 scripted success',
      'reviewer 1 scripted rejected',
      'reviewer 2 scripted success',
      'doc 1 scripted success',
    ])
  })

  test('shows on a terminal what agents do and say, and that a script speaks', async () => {
    const place = given()
    cpSync(top('examples/fix-a-test'), place.directory, { recursive: true })
    await place.run(['trust', '--yes'])
    const terminal = onTerminal(place, FIX)
    await terminal.until('| read lib/slug.mjs: 4 lines')
    expect(await terminal.exit).toBe(0)
    // Whatever has been taken away again since.
    expect(terminal.text()).toMatch(/ {2}run {3}builder +scripted +[\d.]+s {3}scripted reply/)
    expect(terminal.text()).toContain('        | Only the first blank is replaced.')
    const { text, broken } = terminal.screen()
    expect(broken).toBe(0)
    expect(text).toMatch(/^ {2}no {4}reviewer +scripted +[\d.]+s\n {8}passed by the reviewer, but not by the checks$/m)
    expect(text).toMatch(/^ {2}ok {4}builder round 2 +scripted +[\d.]+s {3}changed 1 file$/m)
  })

  test('sends nothing back where the test passes at once', async () => {
    const place = given()
    cpSync(top('examples/fix-a-test'), place.directory, { recursive: true })
    const script = JSON.parse(readFileSync(place.path('replies.json'), 'utf8')) as { replies: { agent: string }[] }
    const wrong = script.replies.findIndex((reply) => JSON.stringify(reply).includes('replaceAll'))
    // The first edit is left out, so that what was the second one meets the file as it was.
    const right = JSON.stringify(script.replies.toSpliced(wrong, 2)).replace(
      "title.replaceAll(' ', '-')",
      "title.replace(' ', '-')",
    )
    writeFileSync(place.path('replies.json'), JSON.stringify({ replies: JSON.parse(right) }))
    await place.run(['trust', '--yes'])
    expect((await place.run(FIX)).exit).toBe(0)
    const { orchestration } = await place.json(['runs', 'show', 'fix'])
    expect((orchestration as { verdicts: readonly unknown[] }).verdicts).toMatchObject([{ round: 1, status: 'passed' }])
  })
})
