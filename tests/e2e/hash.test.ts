import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { isRoot, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const ABC_XXH64 = '44bc2cf5ad770999'

/** A file that takes long to read and no room on the disk. */
function sparse(place: TestPlace, name: string, bytes: number): void {
  const file = openSync(place.path(name), 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
}

/** Waits until the process has the file open. */
async function untilOpen(pid: number, path: string): Promise<void> {
  const folder = `/proc/${pid}/fd`
  const target = (file: string) => {
    try {
      return readlinkSync(join(folder, file))
    } catch {
      return ''
    }
  }
  await until(() => readdirSync(folder).some((file) => target(file) === path), `${path} is open`)
}

describe.skipIf(onWindows)('hash', () => {
  test("prints the ancestor's line: these keys, in this order, and the absolute path", async () => {
    await given({ files: { abc: 'abc' } }).gives(['hash', '--file', './abc'], {
      stdout: `{"file":"<work>/abc","algorithm":"sha256","hash":"${ABC}"}\n`,
      exit: 0,
    })
  })

  test('spells the algorithm as it was written, on the command line and in the configuration', async () => {
    const place = given({ files: { abc: 'abc' }, config: '[hash]\nalgorithm = "XXH64"\n' })
    const line = (algorithm: string, hash: string) =>
      `{"file":"<work>/abc","algorithm":"${algorithm}","hash":"${hash}"}\n`
    // The configuration is read in any case, and is then all lower case.
    await place.gives(['hash', '--file', 'abc'], { stdout: line('xxh64', ABC_XXH64), exit: 0 })
    await place.gives(['hash', '--file=abc', '--algo', 'SHA256'], { stdout: line('SHA256', ABC), exit: 0 })
  })

  test('takes files before and after options, in the order in which they are named, twice if named twice', async () => {
    const place = given({ files: { a: '', 'b c': 'abc' } })
    const { stdout } = await place.run(['hash', 'a', '--file', 'b c', '--algo', 'sha256', 'a', '--file', 'a'])
    expect(stdout.split('\n').map((line) => line.slice(line.lastIndexOf('/') + 1, line.indexOf('"', 12)))).toEqual([
      'b c',
      'a',
      'a',
      'a',
      '',
    ])
  })

  test.each([
    ['nothing', ['hash']],
    ['an empty name', ['hash', '--file', '']],
  ])('asks for a file where it is given %s', async (_title, args) => {
    await given().gives(args, {
      stderr: 'hash requires --file\nfor instance:  orchastration hash --file README.md\n',
      exit: 2,
    })
  })

  test('names the nearest algorithm, and does not open the file', async () => {
    const stderr = 'unsupported algorithm: sha-265; did you mean "sha256"?\nsupported: sha256, sha512, sha1, xxh64\n'
    await given().gives(['hash', '--file', 'none', '--algo', 'sha-265'], { stderr, exit: 2 })
    const place = given({ config: '[hash]\nalgorithm = "md5"\n', files: { a: '' } })
    const { stderr: configured, exit } = await place.run(['hash', 'a'])
    expect([configured.includes('md5'), exit]).toEqual([true, 2])
  })

  test.each([
    [['hash', '--check', 'S', 'a'], 'unexpected argument "a"; expected is one manifest, which names the files'],
    [['hash', '--check'], '<path> is missing; expected is the manifest, - for standard input'],
    [
      ['hash', '--check', 'S', '--manifest', 'T'],
      '"--manifest" cannot be used; expected is either --manifest or --check',
    ],
    [['hash', 'a', '--tag'], '"--tag" cannot be used; expected is --tag with --manifest'],
    [['hash', 'a', '--strict'], '"--strict" cannot be used; expected is --strict with --check'],
    [['hash', 'a', '--ignore-missing'], '"--ignore-missing" cannot be used; expected is --ignore-missing with --check'],
  ])('refuses what says nothing together: %j', async (args, headline) => {
    await given({ files: { a: '', S: '' } }).gives(args, {
      stderr: `${headline}\nusage:  orchastration hash --help\n`,
      exit: 2,
    })
  })

  test('goes through directories: every file below, in the order of the bytes of its path', async () => {
    const place = given({ files: { 'd/b/z': '', 'd/b.txt': '', 'd/a': '', 'd/é': '', 'd/B': '', 'd/.hidden/x': '' } })
    const { stdout } = await place.run(['hash', 'd'])
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).file.slice(place.directory.length + 3))
    expect(names).toEqual(['.hidden/x', 'B', 'a', 'b.txt', 'b/z', 'é'])
  })

  test('says so where a directory holds no file', async () => {
    await given({ files: { 'd/e/f': '' } }).gives(['hash', 'd/e/f', '--file', 'none/'], {
      stdout: `{"file":"<work>/d/e/f","algorithm":"sha256","hash":"${EMPTY}"}\n`,
      stderr: 'file not found: <work>/none\n1 of 2 files could not be hashed\n',
      exit: 1,
    })
    const place = given()
    await place.shell('mkdir -p empty/er')
    await place.gives(['hash', 'empty'], { stderr: 'note: there are no files\n', exit: 0 })
  })

  test('escapes names as JSON does, whatever is in them', async () => {
    const place = given()
    await place.shell(
      `printf abc > 'quote"'; printf abc > 'back\\slash'; printf abc > $'line\\nfeed\\t'; printf abc > $'\\e[31m'`,
    )
    const { stdout } = await place.run(['hash', '.'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      ['\u001b[31m', 'back\\slash', 'line\nfeed\t', 'quote"'].map((name) => ({
        file: join(place.directory, name),
        algorithm: 'sha256',
        hash: ABC,
      })),
    )
    expect(stdout).not.toContain('\u001b')
  })
})

describe.skipIf(!onLinux)('a name that is no UTF-8', () => {
  const MAKE = `printf abc > $'a\\xff'; printf '' > $'a\\xfe'; mkdir $'d\\xff'; printf abc > $'d\\xff/x\\xc3'`

  test.each([
    ['named', `orchastration hash $'a\\xff' $'a\\xfe' --algo sha256`],
    ['named with --file=', `orchastration hash --file=$'a\\xff' --file=$'a\\xfe'`],
  ])('is found where it is %s, and is valid JSON', async (_title, line) => {
    const place = given()
    const { stdout, stderr, exit } = await place.shell(`${MAKE}; ${line}`)
    const hashes = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text))
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 })
    expect(hashes).toEqual(
      [ABC, EMPTY].map((hash) => ({ file: join(place.directory, 'a\ufffd'), algorithm: 'sha256', hash })),
    )
  })

  test('is found in directories and below the current one, and has its bytes in --json', async () => {
    const place = given()
    const { stdout } = await place.shell(`${MAKE}; cd $'d\\xff' && orchastration hash . --json`)
    const bytes = Buffer.concat([
      Buffer.from(`${place.directory}/d`),
      Buffer.from([0xff]),
      Buffer.from('/x'),
      Buffer.from([0xc3]),
    ])
    const file = join(place.directory, 'd\ufffd', 'x\ufffd')
    expect(JSON.parse(stdout)).toEqual({
      schema: 'orchastration.hash/1',
      exit: 0,
      algorithm: 'sha256',
      files: [{ file, file_base64: bytes.toString('base64'), algorithm: 'sha256', hash: ABC, bytes: 3 }],
      failures: [],
      not_entered: [],
    })
  })

  test('comes through a manifest unharmed', async () => {
    const place = given()
    const { stdout, exit } = await place.shell(
      `${MAKE}; orchastration hash . --manifest SUMS 2>/dev/null && sha256sum --check --quiet SUMS && orchastration hash --check SUMS`,
    )
    expect([stdout, exit]).toEqual(['./a\ufffd: OK\n./a\ufffd: OK\n./d\ufffd/x\ufffd: OK\n', 0])
  })
})

describe.skipIf(onWindows)('what cannot be hashed', () => {
  const MAKE = `mkdir t; cd t; printf abc > fine; mkfifo pipe; ln -s nowhere broken; ln -s loop loop; mkdir -p d/e; ln -s .. d/e/up; ln -s fine link`
  const FAULTS = [
    'broken link: <work>/t/broken (it leads to "nowhere", which is not there)',
    'links in a circle: <work>/t/loop (the link leads back to itself)',
    'not a regular file: <work>/t/pipe (it is a named pipe)',
    'not a regular file: <work>/t/socket (it is a socket)',
  ]
  const servers: { stop(): void }[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.stop()
  })

  /** A directory with one of each. */
  async function make(place: TestPlace): Promise<void> {
    await place.shell(MAKE)
    servers.push(Bun.listen({ unix: place.path('t/socket'), socket: { data: () => undefined } }))
  }

  const hashed = (name: string) => `{"file":"<work>/t/${name}","algorithm":"sha256","hash":"${ABC}"}\n`

  test('in a directory is named one by one, and all else is hashed', async () => {
    const place = given()
    await make(place)
    const { stdout, stderr, exit } = await place.run(['hash', 't'])
    const lines = place.tidy(stderr).trimEnd().split('\n')
    expect(lines.slice(0, 4).toSorted()).toEqual(FAULTS)
    expect(lines.slice(4)).toEqual([
      'note: links to directories are not entered: <work>/t/d/e/up',
      '4 of 6 files could not be hashed',
    ])
    expect([place.tidy(stdout), exit]).toEqual([hashed('fine') + hashed('link'), 1])
  })

  test('is named where it is given by name, and a device is not opened', async () => {
    const place = given()
    await make(place)
    const names = ['broken', 'loop', 'pipe', 'socket'].map((name) => `t/${name}`)
    const { stdout, stderr, exit } = await place.run(['hash', ...names, '/dev/null', 't/fine', ''])
    expect(place.tidy(stderr).trimEnd().split('\n')).toEqual([
      ...FAULTS,
      'not a regular file: /dev/null (it is a device)',
      'file not found: ""',
      '6 of 7 files could not be hashed',
    ])
    expect([place.tidy(stdout), exit]).toEqual([hashed('fine'), 1])
  })

  test('is in --json with its code, its data and its words', async () => {
    const place = given()
    await make(place)
    const { failures, files } = await place.json(['hash', 't/pipe', 't/broken', 't/fine'])
    expect(files).toEqual([{ file: place.path('t/fine'), algorithm: 'sha256', hash: ABC, bytes: 3 }])
    expect(failures).toEqual([
      {
        failure: { code: 'file_special', path: place.path('t/pipe'), kind: 'pipe' },
        text: expect.stringContaining('it is a named pipe'),
      },
      {
        failure: { code: 'link_broken', path: place.path('t/broken'), target: 'nowhere' },
        text: expect.stringContaining('which is not there'),
      },
    ])
  })

  test.skipIf(isRoot && !onLinux)('may be unreadable, a file or a directory', async () => {
    const place = given({ files: { 'd/shut': 'abc', 'd/closed/x': 'abc', 'd/fine': 'abc' } })
    chmodSync(place.path('d/shut'), 0)
    chmodSync(place.path('d/closed'), 0)
    for (const path of [place.root, place.directory, place.home]) chmodSync(path, 0o755)
    const before = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
    const { stdout, stderr, exit } = await place.run(['hash', 'd'], { before })
    chmodSync(place.path('d/closed'), 0o755)
    expect(place.tidy(stderr)).toBe(
      'the file cannot be read: <work>/d/closed (permission denied)\nthe file cannot be read: <work>/d/shut (permission denied)\n2 of 3 files could not be hashed\n',
    )
    expect([place.tidy(stdout), exit]).toEqual([`{"file":"<work>/d/fine","algorithm":"sha256","hash":"${ABC}"}\n`, 1])
  })

  test.skipIf(!onLinux)('may change meanwhile: it is named, and the others are hashed', async () => {
    const place = given({ files: { abc: 'abc' } })
    sparse(place, 'growing', 2 ** 30)
    const started = place.start(['hash', 'growing', 'abc'])
    await untilOpen(started.pid, place.path('growing'))
    appendFileSync(place.path('growing'), 'x')
    const { stdout, stderr, exit } = await started.ended
    expect(place.tidy(stderr)).toBe(
      'changed while it was read: <work>/growing (it grew)\n1 of 2 files could not be hashed\n',
    )
    expect([place.tidy(stdout), exit]).toEqual([`{"file":"<work>/abc","algorithm":"sha256","hash":"${ABC}"}\n`, 1])
  })
})

describe.skipIf(!onLinux)('hashing that takes long', () => {
  test('is ended by TERM while a manifest comes through a pipe to which nobody writes', async () => {
    const place = given({ files: {} })
    await place.shell('mkfifo pipe')
    const check = place.start(['hash', '--check', 'pipe'])
    const pipe = await until(() => opened(place.path('pipe')), 'the manifest is being read')
    check.signal('SIGTERM')
    expect((await check.ended).exit).toBe(143)
    closeSync(pipe)
  })

  test('shows how far it is on a terminal, takes the line away, and ends at once by Ctrl-C', async () => {
    const place = given({ files: { abc: 'abc' } })
    sparse(place, 'endless', 2 ** 42)
    const terminal = onTerminal(place, ['hash', 'abc', 'endless', 'abc'])
    await terminal.until(/hashing: 1 of 3 files · [\d.]+ [MG]B of 4\.4 TB, 0 % · [\d.]+ [MG]B\/s/)
    terminal.type('\u0003')
    expect(await terminal.exit).toBe(130)
    const left = terminal.text().split('\r\u001b[K').at(-1)
    expect(left).toBe('stopped by SIGINT after 1 file\r\n')
  })

  test('says nothing of it when piped, and writes no manifest when it is stopped', async () => {
    const place = given({ files: { abc: 'abc', SUMS: 'as it was\n' } })
    sparse(place, 'endless', 2 ** 42)
    const started = place.start(['hash', 'abc', 'endless', '--manifest', 'SUMS'])
    await untilOpen(started.pid, place.path('endless'))
    started.signal('SIGTERM')
    const { stdout, stderr, exit } = await started.ended
    expect({ stdout, stderr, exit }).toEqual({
      stdout: '',
      stderr: 'stopped by SIGTERM after 1 file\nSUMS was not written\n',
      exit: 143,
    })
    expect(place.read('SUMS')).toBe('as it was\n')
  })
})

describe.skipIf(onWindows)('a manifest', () => {
  const ODD = `printf abc > 'back\\slash'; printf abc > $'line\\nfeed'; printf abc > $'return\\r'; printf abc > ' lead'; printf abc > ./-dash; printf abc > '*star'; printf abc > plain`

  test.each([
    ['sha256', 'sha256sum'],
    ['sha512', 'sha512sum'],
    ['sha1', 'sha1sum'],
  ])(
    'is byte by byte that of the coreutils, plain and tagged, and each checks the other: %s',
    async (algorithm, tool) => {
      const place = given()
      const script = `mkdir d; cd d; ${ODD}; cd ..
      for tag in '' --tag; do
        LC_ALL=C ${tool} $tag d/* > theirs; orchastration hash --algo ${algorithm} $tag --manifest ours d 2>/dev/null
        cmp ours theirs && ${tool} --check --quiet ours && orchastration hash --check theirs | grep -c OK
        orchastration hash --algo ${algorithm} $tag d --manifest - | cmp - theirs
      done`
      const { stdout, stderr, exit } = await place.shell(script)
      expect({ stdout, stderr, exit }).toEqual({ stdout: '7\n7\n', stderr: '', exit: 0 })
    },
  )

  test.skipIf(Bun.which('xxhsum') === null)('goes to xxhsum and comes from it', async () => {
    const place = given()
    const { stdout, exit } = await place.shell(`printf abc > a; printf abc > 'b c'
      xxhsum -H64 a 'b c' 2>/dev/null > theirs; orchastration hash --algo xxh64 a 'b c' --manifest - | cmp - theirs
      orchastration hash --algo xxh64 a 'b c' --manifest - | xxhsum --check - 2>&1; orchastration hash --check theirs
      xxhsum -H64 --tag a 2>/dev/null | orchastration hash --check -`)
    expect([stdout, exit]).toEqual(['a: OK\nb c: OK\na: OK\nb c: OK\na: OK\n', 0])
  })

  test.skipIf(Bun.which('openssl') === null)('comes from OpenSSL, too', async () => {
    const place = given({ files: { a: 'abc' } })
    const { stdout, exit } = await place.shell(
      '(openssl dgst -sha256 a; openssl dgst -sha1 a; openssl dgst -r -sha512 a) | orchastration hash --check -',
    )
    expect([stdout, exit]).toEqual(['a: OK\na: OK\na: OK\n', 0])
  })

  test('does not list itself, is whole or not there, and says how many lines it has', async () => {
    const place = given({ files: { 'd/a': 'abc', 'd/SUMS': 'old' } })
    await place.gives(['hash', 'd', '--manifest', 'd/SUMS'], { stderr: 'wrote 1 line to d/SUMS\n', exit: 0 })
    expect(place.read('d/SUMS')).toBe(`${ABC}  d/a\n`)
    expect(readdirSync(place.path('d'))).toEqual(['SUMS', 'a'])
    await place.gives(['hash', 'mistyped', '--manifest', 'd/SUMS'], {
      stderr: 'file not found: <work>/mistyped\nd/SUMS was not written\n',
      exit: 1,
    })
    expect(place.read('d/SUMS')).toBe(`${ABC}  d/a\n`)
  })

  test('is never one of the files that are hashed, by whatever name', async () => {
    const place = given({ files: { a: 'abc', 'd/b': 'abc' } })
    await place.shell('ln -s a link; ln -s d e; ln -s ../a d/up')
    for (const [manifest = '', ...names] of [
      ['a', 'a'],
      ['./d/../a', 'd/b', 'a'],
      ['link', 'a'],
      ['a', 'link'],
      ['e/b', 'd/b'],
      ['new', 'new'],
    ]) {
      const { exit, stdout, stderr } = await place.run(['hash', ...names, '--manifest', manifest])
      expect({ manifest, exit, stdout }).toEqual({ manifest, exit: 2, stdout: '' })
      expect(stderr).toContain('expected is a file that is none of those to be hashed')
    }
    expect([place.read('a'), place.read('d/b')]).toEqual(['abc', 'abc'])
  })

  test('is left out of a directory, also behind links', async () => {
    const place = given({ files: { 'd/a': 'abc', 'd/SUMS': 'old', 'd/sub/b': 'abc' } })
    await place.shell('ln -s d e; ln -s SUMS d/link; ln -s ../SUMS d/sub/up')
    for (const [directory = '', manifest = ''] of [
      ['d', 'e/SUMS'],
      ['e', 'd/SUMS'],
      ['d', 'd/link'],
      ['e/', './d/sub/../SUMS'],
    ]) {
      expect((await place.run(['hash', directory, '--manifest', manifest])).exit).toBe(0)
      expect(place.read('d/SUMS')).toBe(
        `${ABC}  ${directory.replace('/', '')}/a\n${ABC}  ${directory.replace('/', '')}/sub/b\n`,
      )
    }
  })

  test('that cannot be written is a failure', async () => {
    const place = given({ files: { a: 'abc' } })
    const { stderr, exit } = await place.run(['hash', 'a', '--manifest', 'no/such/SUMS'])
    expect(place.tidy(stderr)).toContain(
      'the file cannot be written: <work>/no/such/SUMS\na directory above it is not there\n',
    )
    expect(exit).toBe(1)
    expect((await place.shell('orchastration hash a --manifest - > /dev/full')).exit).toBe(1)
  })
})

describe.skipIf(onWindows)('hash --check', () => {
  const ZEROS = '0'.repeat(64)

  test('says OK of each file that is as it was, and nothing more', async () => {
    const place = given({ files: { a: 'abc', b: '', SUMS: `${ABC}  a\n${EMPTY} *b\n` } })
    await place.gives(['hash', '--check', 'SUMS'], { stdout: 'a: OK\nb: OK\n', exit: 0 })
  })

  test('says nothing of what is as it was with --quiet, as sha256sum does', async () => {
    const place = given({
      files: { a: 'abc', b: '', SUMS: `${ABC}  a\n${EMPTY} *b\n`, BAD: `${ABC}  a\n${ZEROS}  b\n` },
    })
    await place.gives(['hash', '--check', 'SUMS', '--quiet'], { exit: 0 })
    const stderr = 'BAD: 2 files checked, 1 differs\n'
    await place.gives(['hash', '--check', 'BAD', '-q'], { stdout: 'b: FAILED\n', stderr, exit: 1 })
    await place.gives(['hash', 'a', '-q', '--manifest', 'a.sum'], { exit: 0 })
  })

  test('names what differs, what is missing, what is no file and what is no line', async () => {
    const lines = [`${ZEROS}  a`, 'what?', `${ABC}  b`, `${ABC}  gone`, `${ABC}  dir`, `${ABC}  bro\\ken`]
    const place = given({ files: { a: 'abc', b: 'abc', 'dir/x': '', SUMS: `${lines.join('\n')}\n` } })
    symlinkSync('nowhere', place.path('bro\\ken'))
    await place.gives(['hash', '--check', 'SUMS'], {
      stdout:
        'a: FAILED\nb: OK\ngone: FAILED (missing)\ndir: FAILED (unreadable)\n\\bro\\\\ken: FAILED (broken link)\n',
      stderr:
        'SUMS:2: no checksum line: neither "digest  file" nor "SHA256 (file) = digest": "what?"\nSUMS: 5 files checked, 1 differs, 3 could not be read, 1 line not understood\n',
      exit: 1,
    })
  })

  test('passes over lines that nobody understands, unless it is told to be strict', async () => {
    const place = given({ files: { a: 'abc', SUMS: `-----BEGIN-----\n${ABC}  a\n` } })
    const stderr =
      'SUMS:1: no checksum line: neither "digest  file" nor "SHA256 (file) = digest": "-----BEGIN-----"\nSUMS: 1 file checked, 1 line not understood\n'
    await place.gives(['hash', '--check', 'SUMS'], { stdout: 'a: OK\n', stderr, exit: 0 })
    await place.gives(['hash', '--check', 'SUMS', '--strict'], { stdout: 'a: OK\n', stderr, exit: 1 })
  })

  test.each([
    ['an empty file', '', ['no checksum line in SUMS']],
    ['comments', '# nothing\n\n', ['no checksum line in SUMS']],
    [
      'a page',
      '<html>\n</html>\n',
      [
        'no checksum line in SUMS',
        'SUMS:1: neither "digest  file" nor "SHA256 (file) = digest": "<html>"',
        'and 1 more like it',
      ],
    ],
  ])('has nothing to go by in %s', async (_title, text, lines) => {
    const todo = 'expected are lines as sha256sum writes them: a digest, two blanks, the name of the file'
    await given({ files: { SUMS: text } }).gives(['hash', '--check', 'SUMS'], {
      stderr: [...lines, todo, ''].join('\n'),
      exit: 2,
    })
  })

  test('needs a manifest that is there and can be read', async () => {
    const place = given({ files: { 'd/x': '' } })
    await place.gives(['hash', '--check', 'none'], {
      stderr: 'the file cannot be read: <work>/none\nit is not there\ncheck the path and who may read it\n',
      exit: 2,
    })
    expect((await place.run(['hash', '--check', 'd'])).exit).toBe(2)
  })

  test('passes over files that are not there where it is told so, but not over all of them', async () => {
    const place = given({ files: { a: 'abc', SUMS: `${ABC}  a\n${ABC}  gone\n`, NONE: `${ABC}  gone\n` } })
    await place.gives(['hash', '--check', 'SUMS', '--ignore-missing'], {
      stdout: 'a: OK\n',
      stderr: '1 file not there, passed over\n',
      exit: 0,
    })
    const { stderr, exit } = await place.run(['hash', '--check', 'NONE', '--ignore-missing'])
    expect([place.tidy(stderr).split('\n')[0], exit]).toEqual([
      'nothing was checked: none of the files in NONE is there',
      2,
    ])
  })

  test('takes only lines of the algorithm that is asked for', async () => {
    const place = given({ files: { a: 'abc', SUMS: `${ABC_XXH64}  a\n${ABC}  a\n` } })
    const { stdout, stderr, exit } = await place.run(['hash', '--check', 'SUMS', '--algo', 'XXH64'])
    expect([stdout, exit]).toEqual(['a: OK\n', 0])
    expect(stderr).toContain('SUMS:2: no checksum line: it is of sha256, xxh64 was asked for')
    expect((await place.run(['hash', '--check', 'SUMS', '--algo', 'md5'])).exit).toBe(2)
  })

  test('gives one document with --json', async () => {
    const place = given({ files: { a: 'abc', SUMS: `${ABC}  a\n${ZEROS}  a\n?\n${ABC}  gone\n` } })
    expect(await place.json(['hash', '--check', 'SUMS'])).toEqual({
      schema: 'orchastration.hash/1',
      exit: 1,
      manifest: 'SUMS',
      checked: [
        { file: place.path('a'), line: 1, algorithm: 'sha256', expected: ABC, state: 'ok', hash: ABC, bytes: 3 },
        { file: place.path('a'), line: 2, algorithm: 'sha256', expected: ZEROS, state: 'differs', hash: ABC, bytes: 3 },
        {
          file: place.path('gone'),
          line: 4,
          algorithm: 'sha256',
          expected: ABC,
          state: 'failed',
          failure: { code: 'file_missing', path: place.path('gone') },
          text: `file not found: ${place.path('gone')}\ncheck the path`,
        },
      ],
      malformed: [{ line: 3, reason: 'neither "digest  file" nor "SHA256 (file) = digest"', text: '?' }],
      passed_over: 0,
    })
  })
})

describe.skipIf(onWindows)('many files', () => {
  test('are hashed by several threads of the binary, and agree with sha256sum', async () => {
    const place = given({ files: { 'd/0': '' } })
    for (let number = 1; number < 3000; number++) writeFileSync(place.path(`d/${number}`), `content ${number}`)
    const { stdout, stderr, exit } = await place.shell(
      'orchastration hash d --manifest - | cmp - <(LC_ALL=C; sha256sum d/*) && orchastration hash --check <(sha256sum d/*) | grep -c OK',
    )
    expect({ stdout, stderr, exit }).toEqual({ stdout: '3000\n', stderr: '', exit: 0 })
  })

  test('leave nothing behind: no store, no record', async () => {
    const place = given({ files: { a: 'abc' } })
    await place.run(['hash', 'a'])
    expect(readdirSync(place.home)).toEqual([])
  })
})

/** The writing end of a pipe, once somebody has it open for reading. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}
