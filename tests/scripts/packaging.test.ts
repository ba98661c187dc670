import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { needsOf, stripElf } from '../../scripts/packaging/elf.ts'
import { type PackedFile, tar, untarOne } from '../../scripts/packaging/tar.ts'
import { findTarget, targets } from '../../scripts/packaging/targets.ts'
import { buildSeconds } from '../../scripts/packaging/version.ts'
import { zip } from '../../scripts/packaging/zip.ts'
import { onLinux } from '../support/binary.ts'
import { hasTool, runTool } from '../support/checkout.ts'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const AT = Date.UTC(2026, 0, 2, 3, 4, 6) / 1000

const files: readonly PackedFile[] = [
  { path: 'top/run', bytes: Buffer.from('#!/bin/sh\necho ran\n'), executable: true },
  { path: 'top/deep/empty', bytes: Buffer.alloc(0) },
  { path: 'top/deep/block', bytes: Buffer.alloc(512, 'x') },
  { path: 'top/deep/more', bytes: Buffer.alloc(513, 'y') },
]

describe('the time of a package', () => {
  test('is SOURCE_DATE_EPOCH where it is set', () => {
    vi.stubEnv('SOURCE_DATE_EPOCH', '1234567890')
    expect(buildSeconds()).toBe(1234567890)
    vi.unstubAllEnvs()
  })

  test.each(['yesterday', '-1', '1.5', '1e9'])('is not guessed from SOURCE_DATE_EPOCH=%s', (value) => {
    vi.stubEnv('SOURCE_DATE_EPOCH', value)
    expect(buildSeconds).toThrow(`SOURCE_DATE_EPOCH is "${value}"; whole seconds since 1970 are expected`)
    vi.unstubAllEnvs()
  })
})

describe('a target', () => {
  test('is found by our name and by that of Bun', () => {
    expect(targets.map(({ bun }) => findTarget(bun))).toEqual(targets)
    expect(targets.map(({ name }) => findTarget(name))).toEqual(targets)
  })

  test('that is unknown stops everything before the first package, with the names there are', () => {
    const bun = join(TOP, 'node_modules/bun/bin/bun.exe')
    const script = ['scripts/package.ts', '--target', 'npm', '--target', 'amiga']
    inFolder((folder) => {
      expect(runTool([bun, ...script], { cwd: TOP, env: { HOME: folder } })).toEqual({
        stdout: '',
        stderr: `package: there is no target "amiga"; there are ${targets.map(({ name }) => name).join(', ')}\n`,
        exit: 1,
      })
    })
  })
})

describe('an archive is what other tools read:', () => {
  test.skipIf(!onLinux)('tar', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'a.tar'), tar(files, AT))
      const list = runTool(['tar', '--full-time', '-tvf', 'a.tar'], { cwd: folder, env: { TZ: 'Asia/Tokyo' } })
      expect(list.stderr).toBe('')
      expect(list.stdout.trimEnd().split('\n')).toEqual([
        expect.stringMatching(/^drwxr-xr-x root\/root +0 2026-01-02 12:04:06 top\/$/),
        expect.stringMatching(/^drwxr-xr-x root\/root +0 2026-01-02 12:04:06 top\/deep\/$/),
        expect.stringMatching(/^-rw-r--r-- root\/root +512 2026-01-02 12:04:06 top\/deep\/block$/),
        expect.stringMatching(/^-rw-r--r-- root\/root +0 2026-01-02 12:04:06 top\/deep\/empty$/),
        expect.stringMatching(/^-rw-r--r-- root\/root +513 2026-01-02 12:04:06 top\/deep\/more$/),
        expect.stringMatching(/^-rwxr-xr-x root\/root +19 2026-01-02 12:04:06 top\/run$/),
      ])
      runTool(['tar', '-xf', 'a.tar'], { cwd: folder })
      expect(runTool([join(folder, 'top/run')], { cwd: folder }).stdout).toBe('ran\n')
    })
  })

  test('tar, by ourselves', () => {
    const archive = Buffer.from(tar(files, AT))
    for (const { path, bytes } of files) expect(untarOne(archive, path)).toEqual(Buffer.from(bytes))
    expect(untarOne(archive, 'top/absent')).toBe(undefined)
  })

  test.skipIf(!hasTool('unzip'))('zip', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'a.zip'), zip(files, AT))
      expect(runTool(['unzip', '-qq', 'a.zip'], { cwd: folder })).toEqual({ stdout: '', stderr: '', exit: 0 })
      expect(runTool([join(folder, 'top/run')], { cwd: folder }).stdout).toBe('ran\n')
      const list = runTool(['unzip', '-ZT', 'a.zip'], { cwd: folder, env: { TZ: 'Asia/Tokyo' } }).stdout
      expect(list).toMatch(/^-rwxr-xr-x .* 19 .* 20260102\.030406 top\/run$/m)
      expect(list).toMatch(/^-rw-r--r-- .* 0 .* 20260102\.030406 top\/deep\/empty$/m)
    })
  })
})

describe.skipIf(!onLinux)('a program for Linux', () => {
  const runtime = Bun.file(process.execPath)

  test('loses its symbols and nothing it needs', async () => {
    const bytes = Buffer.from(await runtime.arrayBuffer())
    const stripped = stripElf(bytes)
    expect(stripped.length).toBeLessThan(bytes.length)
    expect(needsOf(stripped)).toEqual(needsOf(bytes))
    expect(needsOf(stripped)).toEqual({
      libraries: expect.arrayContaining(['libc.so.6']),
      glibc: expect.stringMatching(/^2\.\d+$/),
    })
    expect(stripElf(stripped)).toBe(stripped)
  })

  test('that is none is refused', () => {
    expect(() => stripElf(Buffer.from('#!/bin/sh\n'.repeat(10)))).toThrow('no 64-bit little-endian ELF file')
  })
})

function inFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'orchastration-packaging-'))
  act(folder)
  rmSync(folder, { recursive: true, force: true })
}
