import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse } from 'smol-toml'
import { afterAll, describe, expect, test } from 'vitest'
import { configFile } from '#adapters/files/config-file.ts'
import { describeFailure } from '#app/failure-text.ts'
import { sha256 } from '#base/digest.ts'
import { printable } from '#base/text.ts'
import { tomlValue } from '#base/toml.ts'
import { namedFiles } from '#domain/definition/named-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'orchastration-config-'))
afterAll(() => rmSync(directory, { recursive: true }))
let files = 0

describe('a configuration file that is right', () => {
  test('is read whole', async () => {
    const text = `
[logging]
level = "debug"

[state]
dir = "here"

[jobs.install]
command = ["npm", "ci"]

[jobs.test]
description = "All tests"
command = ["npm", "test"]
working_dir = "app"
timeout_seconds = 10
env = { CI = "1" }
needs = ["install"]
retry = { attempts = 3, backoff = "2s", exit_codes = [75] }
confirm = "Sure?"
idempotent = true
resume = "auto"
`
    const path = write(text)
    expect(await load(path)).toEqual({
      ok: true,
      value: {
        kind: 'named',
        path,
        isThere: true,
        bytes: Buffer.from(text),
        digest: sha256(text),
        config: {
          logging: { level: 'debug' },
          state: { dir: 'here' },
          jobs: {
            install: { command: ['npm', 'ci'] },
            test: {
              description: 'All tests',
              command: ['npm', 'test'],
              working_dir: 'app',
              timeout_seconds: 10,
              env: { CI: '1' },
              needs: ['install'],
              retry: { attempts: 3, backoff: '2s', exit_codes: [75] },
              confirm: 'Sure?',
              idempotent: true,
              resume: 'auto',
            },
          },
        },
      },
    })
  })

  test('may be empty', async () => {
    expect(await load(write(''))).toMatchObject({ ok: true, value: { config: {}, digest: sha256('') } })
  })

  test('may have a byte order mark and Windows line ends', async () => {
    const path = write('\ufeff[jobs.a]\r\ncommand = ["a"]\r\n')
    expect(await load(path)).toMatchObject({ ok: true, value: { config: { jobs: { a: { command: ['a'] } } } } })
  })

  test('may call a job as parts of every object are called', async () => {
    const loaded = await load(
      write('[jobs.constructor]\ncommand = ["a"]\nneeds = ["toString"]\n[jobs.toString]\ncommand = ["b"]'),
    )
    expect(loaded).toMatchObject({ ok: true })
    expect(loaded.ok && Object.keys(loaded.value.config.jobs ?? {})).toEqual(['constructor', 'toString'])
  })

  test('may be a link or a pipe', async () => {
    const link = join(directory, 'link.toml')
    symlinkSync(write('[jobs]'), link)
    expect(await load(link)).toMatchObject({ ok: true, value: { path: link, config: { jobs: {} } } })
    if (process.platform === 'win32') return
    const pipe = join(directory, 'pipe')
    execFileSync('mkfifo', [pipe])
    // Reading waits for a writer, so that must be another process.
    Bun.spawn(['sh', '-c', `echo '[state]' > "${pipe}"`])
    expect(await load(pipe)).toMatchObject({ ok: true, value: { config: { state: {} } } })
  })

  test('counts from the current directory where it is named by a relative path', async () => {
    writeFileSync(join(directory, 'relative.toml'), '[jobs]')
    const loaded = await configFile('relative.toml', {
      usual: '/nowhere/config.toml',
      currentDirectory: directory,
    })
    expect(loaded).toMatchObject({ ok: true, value: { path: join(directory, 'relative.toml') } })
  })
})

describe('a configuration file that cannot be read', () => {
  test('is no mistake in the usual place where none is there', async () => {
    const usual = join(directory, 'none', 'config.toml')
    expect(await configFile(undefined, { usual, currentDirectory: directory })).toEqual({
      ok: true,
      value: {
        kind: 'user',
        path: usual,
        isThere: false,
        bytes: new Uint8Array(),
        config: {},
        digest: sha256(''),
      },
    })
  })

  test('is one where it was asked for', async () => {
    const path = join(directory, 'none.toml')
    expect(await load(path)).toEqual({ ok: false, error: { code: 'config_missing', path } })
    expect(await load('')).toEqual({ ok: false, error: { code: 'config_missing', path: '' } })
  })

  test('may be a directory', async () => {
    const path = join(directory, 'directory.toml')
    mkdirSync(path)
    expect(await load(path)).toEqual({ ok: false, error: { code: 'config_unreadable', path, reason: 'EISDIR' } })
    expect(await configFile(undefined, { usual: path, currentDirectory: directory })).toMatchObject({
      ok: false,
      error: { code: 'config_unreadable' },
    })
  })

  test.skipIf(process.getuid?.() === 0)('may be forbidden', async () => {
    const path = write('')
    chmodSync(path, 0)
    expect(await load(path)).toEqual({ ok: false, error: { code: 'config_unreadable', path, reason: 'EACCES' } })
  })

  test('may be too large, by one byte', async () => {
    const limit = 5 * 1024 * 1024
    expect(await load(write(`#${' '.repeat(limit - 1)}`))).toMatchObject({ ok: true })
    const path = write(`#${' '.repeat(limit)}`)
    expect(await load(path)).toEqual({ ok: false, error: { code: 'config_unreadable', path, reason: 'too_large' } })
  })
})

describe('a mistake in a configuration file is told with its place', () => {
  const cases: readonly { readonly title: string; readonly text: string; readonly expected: string }[] = [
    {
      title: 'an unknown key and a wrong type',
      text: '[jobs.test]\n\ncomand = ["npm", "test"]\ncommand = ["npm", "test"]\ntimeout_seconds = "10"',
      expected: `
config.toml: 2 problems, nothing was run

  FILE:3:1
  3 | comand = ["npm", "test"]
    | ^^^^^^ unknown key in [jobs.test]; did you mean "command"?

  FILE:5:19
  5 | timeout_seconds = "10"
    |                   ^^^^ a whole number of seconds is expected, this is text
`,
    },
    {
      title: 'a mistyped key that is then missing, once',
      text: '[jobs.test]\ncomand = ["npm"]\n[jobs.lint]\ncmds = ["x"]\ndeps = ["test"]',
      expected: `
config.toml: 3 problems, nothing was run

  FILE:2:1
  2 | comand = ["npm"]
    | ^^^^^^ unknown key in [jobs.test]; did you mean "command"?

  FILE:4:1
  4 | cmds = ["x"]
    | ^^^^ unknown key in [jobs.lint]; did you mean "command"?

  FILE:5:1
  5 | deps = ["test"]
    | ^^^^ unknown key in [jobs.lint]; did you mean "needs"?
`,
    },
    {
      title: 'a missing key',
      text: '# jobs\n[jobs.test]\ndescription = "x"\n\n[jobs.lint.env]\nA = "1"',
      expected: `
config.toml: 2 problems, nothing was run

  FILE:2:2
  2 | [jobs.test]
    |  ^^^^^^^^^ "command" is missing in [jobs.test]; a list such as ["npm", "test"] is expected

  FILE:5:7
  5 | [jobs.lint.env]
    |       ^^^^ "command" is missing in [jobs.lint]; a list such as ["npm", "test"] is expected
`,
    },
    {
      title: 'a missing key of tables without a header',
      text: 'logging = {}\njobs.a.timeout_seconds = 1\n[jobs.b]\ncommand = ["x"]\nconfirm = { timeout = "1m" }\n',
      expected: `
config.toml: 2 problems, nothing was run

  FILE:2:6
  2 | jobs.a.timeout_seconds = 1
    |      ^ "command" is missing in [jobs.a]; a list such as ["npm", "test"] is expected

  FILE:5:1
  5 | confirm = { timeout = "1m" }
    | ^^^^^^^ "question" is missing in [jobs.b.confirm]; text is expected
`,
    },
    {
      title: 'unknown keys at the top and one far from all that is known',
      text: '[job.test]\ncommand = ["x"]\n[logging]\nfile = "x"',
      expected: `
config.toml: 2 problems, nothing was run

  FILE:1:2
  1 | [job.test]
    |  ^^^ unknown key at the top of the file; did you mean "jobs"?

  FILE:4:1
  4 | file = "x"
    | ^^^^ unknown key in [logging]; did you mean "files"?
`,
    },
    {
      title: 'a value that is none of the choices, and wrong kinds of values',
      text: `[logging]
level = "inof"
[jobs.a]
command = "npm test"
timeout_seconds = 1.5
env = { PORT = 8080 }
idempotent = "yes"
resume = 1979-05-27
[[jobs.b]]
command = ["x"]`,
      expected: `
config.toml: 7 problems, nothing was run

  FILE:2:9
  2 | level = "inof"
    |         ^^^^^^ one of "debug", "info", "warn", "error" is expected, this is "inof"; did you mean "info"?

  FILE:4:11
  4 | command = "npm test"
    |           ^^^^^^^^^^ a list such as ["npm", "test"] is expected, this is one text; for a shell to read it, add "shell = true"

  FILE:5:19
  5 | timeout_seconds = 1.5
    |                   ^^^ a whole number of seconds is expected, this is a fraction

  FILE:6:16
  6 | env = { PORT = 8080 }
    |                ^^^^ text is expected, this is a number

  FILE:7:14
  7 | idempotent = "yes"
    |              ^^^^^ true or false is expected, this is text

  FILE:8:10
  8 | resume = 1979-05-27
    |          ^^^^^^^^^^ one of "ask", "auto" is expected, this is a date or time

  FILE:9:8
  9 | [[jobs.b]]
    |        ^ a table such as { command = ["npm", "test"] } is expected, this is a list
`,
    },
    {
      title: 'values of the right kind that will not do',
      text: `[jobs.a]
command = []
timeout_seconds = 99999999999999999999
env = { "" = "x" }
retry = { attempts = 0, backoff = "2", exit_codes = [0, 256] }
confirm = ""
[jobs.b]
command = ["", "x"]
timeout_seconds = 31536001
confirm = { question = 1, otherwise = "maybe" }
[jobs.c]
command = ["x"]
confirm = ["sure"]
timeout_seconds = nan`,
      expected: `
config.toml: 14 problems, nothing was run

  FILE:2:11
  2 | command = []
    |           ^^ a list that is not empty is expected, this is an empty list

  FILE:3:19
  3 | timeout_seconds = 99999999999999999999
    |                   ^^^^^^^^^^^^^^^^^^^^ a whole number of seconds is expected, this is a number too large to keep

  FILE:4:9
  4 | env = { "" = "x" }
    |         ^^ a variable name, not empty and without "=" is expected, this is ""

  FILE:5:22
  5 | retry = { attempts = 0, backoff = "2", exit_codes = [0, 256] }
    |                      ^ at least 1 is expected, this is 0

  FILE:5:35
  5 | retry = { attempts = 0, backoff = "2", exit_codes = [0, 256] }
    |                                   ^^^ a duration such as "30s" or "1h30m" is expected, this is "2"

  FILE:5:54
  5 | retry = { attempts = 0, backoff = "2", exit_codes = [0, 256] }
    |                                                      ^ at least 1 is expected, this is 0

  FILE:5:57
  5 | retry = { attempts = 0, backoff = "2", exit_codes = [0, 256] }
    |                                                         ^^^ at most 255 is expected, this is 256

  FILE:6:11
  6 | confirm = ""
    |           ^^ text that is not empty is expected, this is ""

  FILE:8:11
  8 | command = ["", "x"]
    |           ^^^^^^^^^ a program as the first element is expected, this is a list

  FILE:9:19
  9 | timeout_seconds = 31536001
    |                   ^^^^^^^^ at most 31,536,000 is expected, this is 31536001

  FILE:10:24
  10 | confirm = { question = 1, otherwise = "maybe" }
     |                        ^ text is expected, this is a number

  FILE:10:39
  10 | confirm = { question = 1, otherwise = "maybe" }
     |                                       ^^^^^^^ one of "yes", "no" is expected, this is "maybe"

  FILE:13:11
  13 | confirm = ["sure"]
     |           ^^^^^^^^ a question, or a table with "question" is expected, this is a list

  FILE:14:19
  14 | timeout_seconds = nan
     |                   ^^^ a whole number of seconds is expected, this is not a number
`,
    },
    {
      title: 'names that cannot be',
      text: `[jobs."../x"]
command = ["x"]
[jobs.Nul]
command = ["x"]
[jobs.__proto__]
command = ["x"]
[jobs.Test]
command = ["x"]
needs = ["../y"]
[jobs.test]
command = ["x"]
env.__proto__ = "y"`,
      expected: `
config.toml: 6 problems, nothing was run

  FILE:1:7
  1 | [jobs."../x"]
    |       ^^^^^^ "../x" is no name; expected is 1 to 64 letters, digits, "_", "-" or ".", with a letter, a digit or "_" first and no "." last

  FILE:3:7
  3 | [jobs.Nul]
    |       ^^^ "Nul" is no name; expected is a name that is no device of Windows, as con, nul and com1 are

  FILE:5:7
  5 | [jobs.__proto__]
    |       ^^^^^^^^^ "__proto__" is no name; expected is another name than __proto__

  FILE:9:10
  9 | needs = ["../y"]
    |          ^^^^^^ "../y" is no name; expected is 1 to 64 letters, digits, "_", "-" or ".", with a letter, a digit or "_" first and no "." last

  FILE:10:7
  10 | [jobs.test]
     |       ^^^^ differs from "Test" in letter case only, and names become file names

  FILE:12:5
  12 | env.__proto__ = "y"
     |     ^^^^^^^^^ "__proto__" is no name; expected is another name than __proto__
`,
    },
    {
      title: 'needs that are unknown or lead in a circle, also beside other mistakes',
      text: `[jobs.a]
command = 1
needs = ["b", "instal"]
[jobs.b]
command = ["x"]
needs = ["c"]
[jobs.c]
command = ["x"]
needs = ["install", "a"]
[jobs.install]
command = ["x"]
[jobs.self]
command = ["x"]
needs = ["self"]
[jobs.after]
command = ["x"]
needs = ["self", "zzz"]`,
      expected: `
config.toml: 5 problems, nothing was run

  FILE:2:11
  2 | command = 1
    |           ^ a list such as ["npm", "test"] is expected, this is a number

  FILE:3:10
  3 | needs = ["b", "instal"]
    |          ^^^ these jobs need each other in a circle: a, b, c, a

  FILE:3:15
  3 | needs = ["b", "instal"]
    |               ^^^^^^^^ no job "instal" is configured; did you mean "install"?

  FILE:14:10
  14 | needs = ["self"]
     |          ^^^^^^ these jobs need each other in a circle: self, self

  FILE:17:18
  17 | needs = ["self", "zzz"]
     |                  ^^^^^ no job "zzz" is configured
`,
    },
    {
      title: 'a text that is no TOML',
      text: '[jobs.a]\ncommand = ["a"\nenv = {}',
      expected: `
config.toml: 1 problem, nothing was run

  FILE:3:1
  3 | env = {}
    | ^ not valid TOML: expected comma or end of structure
`,
    },
    {
      title: 'a key that is given twice',
      text: '[jobs.a]\ncommand = ["a"]\ncommand = ["b"]',
      expected: `
config.toml: 1 problem, nothing was run

  FILE:3:1
  3 | command = ["b"]
    | ^ not valid TOML: this key or table is defined before
`,
    },
    {
      title: 'tabs, wide letters and control characters before the place, which keep the caret under it',
      text: '[jobs."日本"]\n\tcommand\t= ["a"]\n[jobs.a]\ncommand = ["日本\\u001b", "\u202e", 1]',
      expected: `
config.toml: 2 problems, nothing was run

  FILE:1:7
  1 | [jobs."日本"]
    |       ^^^^^^ "日本" is no name; expected is 1 to 64 letters, digits, "_", "-" or ".", with a letter, a digit or "_" first and no "." last

  FILE:4:29
  4 | command = ["日本\\u001b", "\ufffd", 1]
    |                               ^ text is expected, this is a number
`,
    },
    {
      title: 'a tab as the indent',
      text: '[jobs.a]\n\tcommand = ["a"]\n\ttimeout_seconds\t=\ttrue',
      expected: `
config.toml: 1 problem, nothing was run

  FILE:3:20
  3 |  timeout_seconds = true
    |                    ^^^^ a whole number of seconds is expected, this is true
`,
    },
    {
      title: 'a long line, of which a window is shown',
      text: `[jobs.a]\ncommand = [${'"a", '.repeat(60)}1${', "b"'.repeat(60)}]`,
      expected: `
config.toml: 1 problem, nothing was run

  FILE:2:312
  2 | …${'"a", '.repeat(12)}1${', "b"'.repeat(7)}, "b…
    | ${' '.repeat(61)}^ text is expected, this is a number
`,
    },
  ]
  test.each(cases)('$title', async ({ text, expected }) => {
    const path = write(text)
    expect(await told(path)).toBe(
      expected.slice(1).trimEnd().replaceAll('FILE', path).replace('config.toml', basename(path)),
    )
  })

  test('bytes that are not UTF-8', async () => {
    const path = write(Buffer.from([0x23, 0x0a, 0x78, 0x20, 0x3d, 0x20, 0x22, 0xff, 0x22]))
    expect(await told(path)).toBe(`${basename(path)}: 1 problem, nothing was run

  ${path}:2:6
  2 | x = "\ufffd"
    |      ^ not valid TOML: this byte is not UTF-8 text`)
  })

  test('more mistakes than anyone reads are counted', async () => {
    const loaded = await load(write(Array.from({ length: 250 }, (_, index) => `k${index} = 1`).join('\n')))
    if (loaded.ok || loaded.error.code !== 'config_invalid') throw new Error('the configuration is invalid')
    expect(loaded.error.problems.length).toBe(100)
    expect(loaded.error.more).toBe(150)
    expect(describeFailure(loaded.error).headline).toContain(': 250 problems, nothing was run')
    expect(describeFailure(loaded.error).detail.at(-1)).toBe('  and 150 problems more')
  })
})

test('whatever stands in the file, reading it never throws', async () => {
  const seed = `[jobs.a]\ncommand = ["x", 'y']\ntimeout_seconds = 1_0\nenv = { A = "1", "b c" = """z""" }\nneeds = ["b"]\n[jobs."b"]\nretry.attempts = 3\n[[q]]\nd = 1979-05-27T07:32:00Z\n[jobs.c]\ncommand = "x {{p}}"\nshell = "sh"\nenv_file = ["a"]\nallow_exit = [3]\n[jobs.c.params.p]\ntype = "integer"\nenum = [1, 2]\n[jobs.c.secrets]\nS = { file = "f" }\n[tasks.t]\nrepo = "external"\nworking_dir = "/w"\ncommand = ["x"]\n[agents.A]\n[orchestrations.o]\nsteps = [["A"], ["DocAgent"]]\n`
  const pieces = [
    ...'[]{}"\'=.,#\n\t\\_0-',
    '"""',
    "'''",
    '__proto__',
    'jobs',
    'inf',
    '\r',
    '\0',
    '\ud800',
    '日',
    '[[',
    ']]',
    '= {',
    '1e999',
  ]
  const random = generator(7)
  const path = join(directory, 'fuzz.toml')
  for (let round = 0; round < 1500; round++) {
    let text = seed
    for (let change = 0; change <= round % 4; change++) {
      const at = Math.floor(random() * text.length)
      const piece = pieces[Math.floor(random() * pieces.length)] ?? ''
      text = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 4))
    }
    writeFileSync(path, text)
    const loaded = await load(path)
    if (loaded.ok) {
      // What is right can be shown, and reads as it was.
      expect(parse(`x = ${tomlValue(loaded.value.config)}`), text).toEqual({ x: loaded.value.config })
      namedFiles(loaded.value.config)
      continue
    }
    expect(loaded.error.code, text).toBe('config_invalid')
    for (const line of describeFailure(loaded.error).detail) {
      expect(line).toBe(printable(line))
      expect(line).not.toMatch(/undefined|\[object|\n/)
    }
  }
})

test('a table nested too deep is a mistake of the file', async () => {
  expect(await load(write(`x = ${'['.repeat(100_000)}`))).toMatchObject({
    ok: false,
    error: { code: 'config_invalid' },
  })
})

describe('a key of very many parts', () => {
  const parts = Array.from({ length: 100_000 }, () => 'a').join('.')
  test.each([
    ['at the top', `${parts} = 1\n`, 1, 1],
    ['as a table', `[${parts}]\n${'k = 1\n'}`, 1, 2],
    ['in a job', `[jobs.x]\ncommand = ["a"]\nparams.p.${parts} = 1\n`, 3, 10],
    ['in an inline table', `[jobs.x]\ncommand = { ${parts} = 1 }\n`, 2, 11],
    ['as an array of tables', `[[${parts}]]\n[[${parts}]]\n`, 1, 3],
  ])('is told by its place without delay: %s', async (...[, text, line, column]) => {
    const loaded = await load(write(text))
    expect(loaded).toMatchObject({ ok: false, error: { code: 'config_invalid', problems: [{ line, column }] } })
  })
})

function load(path: string) {
  return configFile(path, { usual: '/nowhere/config.toml', currentDirectory: directory })
}

async function told(path: string): Promise<string> {
  const loaded = await load(path)
  if (loaded.ok) throw new Error('the configuration is valid')
  const { headline, detail, todo } = describeFailure(loaded.error)
  return [headline, ...detail, ...todo].join('\n')
}

function write(content: string | Uint8Array): string {
  const path = join(directory, `config-${++files}.toml`)
  writeFileSync(path, content)
  return path
}

/** A small generator of the same numbers at each start (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
