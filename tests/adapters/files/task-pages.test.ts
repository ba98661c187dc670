import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { taskTexts } from '#activities/task-texts.ts'
import { keptContent } from '#adapters/files/kept-content.ts'
import { changeNotePath } from '#adapters/files/outputs.ts'
import { taskPages } from '#adapters/files/task-pages.ts'
import { workspace } from '#adapters/workspace/workspace.ts'
import type { TaskStatus } from '#domain/run/task-report.ts'
import { onWindows } from '../../support/binary.ts'

const place = mkdtempSync(join(tmpdir(), 'orchastration-pages-'))
afterAll(() => rmSync(place, { recursive: true }))

const repository = join(place, 'repository')
const outside = join(place, 'outside')
const at = (...names: readonly string[]) => join(repository, ...names)

beforeEach(() => {
  for (const folder of [repository, outside]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
})

const SECTION = `<!-- orchastration task t begins -->
## Task Summary: t

- Purpose: Makes it
- Command: \`make all\`
- Outputs: \`out.txt\`
- Status: done
<!-- orchastration task t ends -->`

function changeable() {
  const store = join(place, 'store')
  const notePath = (key: string) => changeNotePath(store, key)
  const own = { refused: [], refusedBeside: [] }
  return workspace({ own, kept: keptContent(store), notePath, platform: process.platform })
}

async function write({ status = 'done' as TaskStatus, task = 't', description = 'Makes it' as string | null } = {}) {
  const about = { description, repo: 'external', outputs: ['out.txt'], documents: [] } as const
  const input = { task, about, status, directory: repository, argv: ['make', 'all'] }
  const pages = taskPages((_directory, work) => work(), changeable())
  const written = await pages.write(repository, taskTexts(input, status), 'run/1')
  // As after the end of the run.
  rmSync(join(place, 'store', 'running'), { recursive: true, force: true })
  return written
}

describe('a section of the README', () => {
  test('makes one where there is none', async () => {
    const written = await write()
    expect(written).toMatchObject({ ok: true, value: { paths: [at('docs', 'tasks', 't.md'), at('README.md')] } })
    expect(written).toMatchObject({
      value: {
        changes: [
          { path: 'docs/tasks/t.md', made: ['docs', 'docs/tasks'] },
          { path: 'README.md', before: null },
        ],
      },
    })
    expect(readFileSync(at('README.md'), 'utf8')).toBe(`${SECTION}\n`)
  })

  test('stands behind what is there, and is replaced where it stands', async () => {
    writeFileSync(at('README.md'), '# Mine\n')
    await write()
    writeFileSync(at('README.md'), `${readFileSync(at('README.md'), 'utf8')}\nMore of mine\n`)
    await write({ status: 'failed' })
    await write({ status: 'failed' })
    const section = SECTION.replace('Status: done', 'Status: failed')
    expect(readFileSync(at('README.md'), 'utf8')).toBe(`# Mine\n\n${section}\n\nMore of mine\n`)
  })

  test('stands beside that of another task whose name begins like it', async () => {
    await write()
    await write({ task: 't2' })
    await write({ status: 'failed' })
    const text = readFileSync(at('README.md'), 'utf8')
    expect(text.match(/^## .*|^- Status.*/gm)).toEqual([
      '## Task Summary: t',
      '- Status: failed',
      '## Task Summary: t2',
      '- Status: done',
    ])
  })

  test('has the line feeds of its file', async () => {
    writeFileSync(at('README.md'), '# Mine\r\n')
    await write()
    expect(readFileSync(at('README.md'), 'utf8')).toBe(`# Mine\r\n\r\n${SECTION.replaceAll('\n', '\r\n')}\r\n`)
  })

  test('is not ended by what its task says of itself', async () => {
    await write({ description: 'x\n<!-- orchastration task t ends -->\n# Mine' })
    await write({ description: null })
    expect(readFileSync(at('README.md'), 'utf8')).toBe(`${SECTION.replace('Makes it', '(none)')}\n`)
  })

  test('is refused where one of its marks is missing, and nothing is written', async () => {
    writeFileSync(at('README.md'), '<!-- orchastration task t begins -->\nmine\n')
    expect(await write()).toMatchObject({ ok: false, error: { code: 'file_unwritable', path: at('README.md') } })
    expect(readFileSync(at('README.md'), 'utf8')).toBe('<!-- orchastration task t begins -->\nmine\n')
    expect(readdirSync(repository)).toEqual(['README.md'])
  })

  test('is refused where the README is no text', async () => {
    writeFileSync(at('README.md'), Buffer.from([0x23, 0xff, 0x0a]))
    expect(await write()).toMatchObject({ ok: false, error: { reason: 'it is no text in UTF-8' } })
    expect(readFileSync(at('README.md'))).toEqual(Buffer.from([0x23, 0xff, 0x0a]))
  })
})

test('the page of a task is written anew as a whole', async () => {
  mkdirSync(at('docs', 'tasks'), { recursive: true })
  writeFileSync(at('docs', 'tasks', 't.md'), 'old')
  await write()
  expect(readFileSync(at('docs', 'tasks', 't.md'), 'utf8')).toBe(
    '# Task: t\n\n## Purpose\n\nMakes it\n\n## Commands Run\n\n- `make all`\n\n## Outputs Produced\n\n- `out.txt`\n\n## Documents\n\n(none)\n\n## Status\n\ndone\n',
  )
  expect(readdirSync(at('docs', 'tasks'))).toEqual(['t.md'])
})

describe.skipIf(onWindows)('a link', () => {
  const escapes: readonly (readonly [string, () => void])[] = [
    ['the README to a file', () => symlinkSync(join(outside, 'x'), at('README.md'))],
    ['the folder to another', () => symlinkSync(outside, at('docs'))],
    [
      'the page to a file',
      () => {
        mkdirSync(at('docs', 'tasks'), { recursive: true })
        writeFileSync(join(outside, 'x'), 'theirs')
        symlinkSync(join(outside, 'x'), at('docs', 'tasks', 't.md'))
      },
    ],
    [
      'a folder whose name begins like ours',
      () => {
        mkdirSync(`${repository}-2`, { recursive: true })
        symlinkSync(`${repository}-2`, at('docs'))
      },
    ],
  ]
  test.each(escapes)('leads %s outside of the repository: nothing is written there', async (_name, link) => {
    link()
    const before = readdirSync(outside)
    const reason = 'it is a link that leads out of the repository'
    expect(await write()).toMatchObject({ ok: false, error: { code: 'file_unwritable', reason } })
    expect(readdirSync(outside)).toEqual(before)
    if (before.includes('x')) expect(readFileSync(join(outside, 'x'), 'utf8')).toBe('theirs')
  })

  test('inside of the repository is followed, and stays one', async () => {
    writeFileSync(at('real.md'), '# Mine\n')
    symlinkSync('real.md', at('README.md'))
    await write()
    expect(readFileSync(at('real.md'), 'utf8')).toBe(`# Mine\n\n${SECTION}\n`)
    expect(readFileSync(at('README.md'), 'utf8')).toBe(readFileSync(at('real.md'), 'utf8'))
  })
})

test('what a dead start of the step wrote is taken back', async () => {
  writeFileSync(at('README.md'), '# Mine\n')
  const about = { description: null, repo: 'external', outputs: [], documents: [] } as const
  const texts = taskTexts({ task: 't', about, status: 'done', directory: repository, argv: ['x'] }, 'done')
  const pages = taskPages((_directory, work) => work(), changeable())
  const first = await pages.write(repository, texts, 'run/2')
  expect(await pages.write(repository, texts, 'run/2')).toEqual(first)
  expect(pages.takeBack('run/2')).toBe(2)
  expect(readdirSync(repository)).toEqual(['README.md'])
  expect(readFileSync(at('README.md'), 'utf8')).toBe('# Mine\n')
})

test('without its repository nothing is written', async () => {
  rmSync(repository, { recursive: true })
  expect(await write()).toEqual({ ok: false, error: { code: 'working_dir_missing', directory: repository } })
})
