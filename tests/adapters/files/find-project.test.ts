import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findProject } from '#adapters/files/find-project.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'orchastration-find-')))
afterAll(() => rmSync(root, { recursive: true }))

const at = (...names: readonly string[]) => join(root, ...names)
const made = (...names: readonly string[]) => {
  mkdirSync(at(...names), { recursive: true })
  return at(...names)
}
const project = (...names: readonly string[]) => writeFileSync(join(made(...names), 'orchastration.toml'), '')

describe('a project file', () => {
  test('is the nearest one upward', () => {
    project('a')
    project('a', 'b', 'c')
    const found = (from: string) => findProject(from, root)
    expect(found(made('a', 'b', 'c', 'd'))).toEqual({
      ok: true,
      value: { directory: at('a', 'b', 'c'), path: at('a', 'b', 'c', 'orchastration.toml') },
    })
    expect(found(at('a', 'b'))).toMatchObject({ value: { directory: at('a') } })
    expect(found(made('x'))).toEqual({ ok: true, value: undefined })
  })

  test('of the home directory counts, and none above it', () => {
    project('over')
    const home = made('over', 'home')
    const inside = made('over', 'home', 'inside')
    expect(findProject(inside, home)).toEqual({ ok: true, value: undefined })
    project('over', 'home')
    expect(findProject(inside, home)).toMatchObject({ value: { directory: home } })
    expect(findProject(made('over', 'elsewhere'), home)).toMatchObject({ value: { directory: at('over') } })
  })

  test('is looked for by real paths, a home directory behind a link included', () => {
    project('real')
    const home = made('real', 'home')
    symlinkSync(home, at('link'))
    mkdirSync(join(home, 'in'))
    expect(findProject(at('link', 'in'), at('link'))).toEqual({ ok: true, value: undefined })
    expect(findProject(at('link', 'in'), undefined)).toMatchObject({ value: { directory: at('real') } })
  })

  test('may be a link that leads nowhere: somebody meant to have one here', () => {
    symlinkSync('nowhere', join(made('broken'), 'orchastration.toml'))
    expect(findProject(at('broken'), undefined)).toMatchObject({ value: { directory: at('broken') } })
  })

  test('cannot be looked for where no directory is', () => {
    expect(findProject(at('gone'), undefined)).toEqual({
      ok: false,
      error: { code: 'file_unreadable', path: at('gone'), reason: 'ENOENT' },
    })
  })
})
