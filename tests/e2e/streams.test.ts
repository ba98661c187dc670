import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const HELLO = `[jobs.hello]\ncommand = ["sh", "-c", "echo ran >> ledger; echo out; echo err >&2"]\n`

describe.skipIf(onWindows)('the standard streams', () => {
  test.each([
    ['standard input is closed', '<&-'],
    ['standard output is closed', '>&-'],
    ['standard error is closed', '2>&-'],
    ['all of them are closed', '<&- >&- 2>&-'],
    ['standard error is full', '2>/dev/full'],
  ])('may be missing: %s, and the run is recorded all the same', async (_title, redirect) => {
    const place = given({ config: HELLO })
    const { exit } = await place.shell(`orchastration run hello ${redirect}; code=$?; exit $code`)
    expect(place.lines('ledger')).toEqual(['ran'])
    expect(JSON.parse(place.recordText('hello')).exit_code).toBe(0)
    expect((await place.run(['status'])).stdout).toMatch(/^hello - exit=0 /)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('out\n')
    expect(exit).toBe(0)
  })

  test('an answer that cannot be written is no success, and the run is recorded all the same', async () => {
    const place = given({ config: HELLO })
    const { exit } = await place.shell('orchastration run hello >/dev/full')
    expect(exit).toBeGreaterThan(0)
    expect(place.lines('ledger')).toEqual(['ran'])
    expect((await place.run(['status'])).stdout).toMatch(/^hello - exit=0 /)
  })

  test('a reader that goes away is no failure', async () => {
    const place = given({ config: `[jobs.many]\ncommand = ["seq", "100000"]\n` })
    await place.run(['run', 'many'])
    const { stdout, stderr, exit } = await place.shell(
      `orchastration runs logs ${place.lastRun()} 2>/dev/null | head -1; echo "\${PIPESTATUS[0]}"`,
    )
    expect({ stdout, stderr, exit }).toEqual({ stdout: '1\n0\n', stderr: '', exit: 0 })
    const piped = await place.shell(`orchastration run many 2>&1 | head -1; echo "\${PIPESTATUS[0]}"`)
    expect(piped.stdout).toMatch(/^many · ok · [\d.]+m?s\n0\n$/)
  })

  test.each([
    ['hash', 'hash *', 0],
    ['hash --check', 'hash --check ../sums --algo sha256', 141],
  ])('%s ends with its reader, whatever is left to be hashed', async (_title, command, exit) => {
    const place = given({ files: { 'tree/a': 'a' } })
    // Of the lines between the first and that of the huge file, which would take hours, one meets no reader.
    const { stdout, stderr } = await place.shell(
      `cd tree; for n in 10 11 12 13 14 15 16 17; do truncate -s 64M b$n; done; truncate -s 8T huge
      for name in *; do printf '%064d  %s\\n' 0 "$name"; done > ../sums
      { orchastration ${command}; echo "$?" > ../code; } | { read -r line; exec 0<&-; echo "$line"; }
      cat ../code`,
    )
    expect(stdout).toMatch(new RegExp(`\\ba\\b.*\\n${exit}\\n$`))
    expect(stderr).not.toMatch(/internal|stopped/)
  })

  test.each(['runs logs many', 'runs events many', 'runs export many', 'runs logs -f big'])(
    '%s ends with its reader',
    async (command) => {
      const jobs = `[jobs.many]\ncommand = ["seq", "100"]\n[jobs.big]\ncommand = ["head", "-c", "50M", "/dev/zero"]\n`
      const place = given({ config: jobs })
      await place.run(['run', 'many', 'big'])
      const { stdout } = await place.shell(
        `{ orchastration ${command} 2>err; echo "$?" > code; } | { exec 0<&-; }; cat code err`,
      )
      expect(stdout.split('\n')[0]).toBe('0')
      expect(stdout).not.toContain('internal')
    },
  )

  test('a slow reader gets every byte', async () => {
    const place = given({ config: `[jobs.many]\ncommand = ["seq", "60000"]\n` })
    await place.run(['run', 'many'])
    const { stdout } = await place.shell(
      `orchastration runs logs ${place.lastRun()} 2>/dev/null | (read first; until [ -e ../home/.cache ]; do :; done; echo $first; cat) | cksum; seq 60000 | cksum`,
    )
    const [seen, expected] = stdout.split('\n')
    expect(seen).toBe(expected)
  })

  test('a child has an empty standard input, whatever ours is', async () => {
    const place = given({ config: `[jobs.cat]\ncommand = ["cat"]\n` })
    const { exit } = await place.shell('echo secret | orchastration run cat')
    expect(exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun()])).stdout).toBe('')
  })

  test('a child inherits no open file but its own three', async () => {
    const place = given({ config: `[jobs.fds]\ncommand = ["sh", "-c", "ls /proc/self/fd | tr '\\n' ' '"]\n` })
    await place.shell('exec 7</etc/hostname 8>other; orchastration run fds')
    const { stdout } = await place.run(['runs', 'logs', place.lastRun(), '--stdout'])
    // 7 and 8 are the shell's gift to all its children; of ours there is none. 3 is the directory that ls reads.
    expect(
      stdout
        .trim()
        .split(' ')
        .filter((fd) => !['0', '1', '2', '3', '7', '8'].includes(fd)),
    ).toEqual([])
  })
})

describe.skipIf(onWindows)('of a long output', () => {
  test('only the end is shown when piped, and it is said what was left out and how to see it', async () => {
    const place = given({ config: `[jobs.many]\ncommand = ["seq", "300000"]\n` })
    const { stderr } = await place.run(['run', 'many'])
    const [title, more] = stderr.split('\n')
    const whole = (await place.run(['runs', 'logs', place.lastRun()])).stdout
    const left = whole.length - 1024 * 1024
    expect(title).toMatch(/^many · ok · /)
    expect(more?.replaceAll(/[,. ]/g, '')).toContain(`${left}bytesmore`)
    expect(more).toContain(`orchastration runs logs ${place.lastRun()} many`)
    expect(stderr.endsWith(whole.slice(left))).toBe(true)
    expect(stderr.length).toBeLessThan(1024 * 1024 + 500)
  })
})

describe.skipIf(!onLinux)('a large output', () => {
  test('of 1 GiB moves our memory by less than 32 MiB, and comes back whole', async () => {
    const place = given({
      config: `[jobs.small]\ncommand = ["echo", "x"]\n[jobs.big]\ncommand = ["head", "-c", "1073741824", "/dev/zero"]\n`,
    })
    const small = place.start(['run', 'small'])
    await small.ended
    const big = place.start(['run', 'big'])
    expect((await big.ended).exit).toBe(0)
    expect(big.peakMemory).toBeGreaterThan(0)
    expect(big.peakMemory - small.peakMemory).toBeLessThan(32 * 1024 * 1024)
    const report = place.events('step.succeeded').at(-1)?.body['output']
    expect(report).toEqual(expect.objectContaining({ stdout: { digest: expect.any(String), bytes: 1073741824 } }))
    const logs = await place.shell(`orchastration runs logs ${place.lastRun()} 2>/dev/null | wc -c`)
    expect(logs.stdout.trim()).toBe('1073741824')
    rmSync(join(place.store, 'artifacts'), { recursive: true })
  }, 120_000)
})
