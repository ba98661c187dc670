// The end of scripts/run: agents mend a failing test in a small repository that this makes. `bun scripts/demo.ts [DIRECTORY]`
// Their replies come from a file and propose edits only; whether the work is done, the test of that repository says.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const BINARY = top(`dist/orchastration${process.platform === 'win32' ? '.exe' : ''}`)
const NOBODY = ['-c', 'user.name=demo', '-c', 'user.email=demo@example.invalid', '-c', 'commit.gpgsign=false']

const place = resolve(process.argv[2] ?? top('dist/demo-agents'))
const repository = join(place, 'repository')
/** A demonstration reads nothing of its user's, and leaves nothing behind outside of its place. */
const home = join(place, 'home')
const XDG = ['CONFIG', 'DATA', 'STATE', 'CACHE'].map((name) => [`XDG_${name}_HOME`, join(home, name.toLowerCase())])
const WINDOWS = { USERPROFILE: home, APPDATA: join(home, 'roaming'), LOCALAPPDATA: join(home, 'local') }
const env = { ...process.env, HOME: home, ...Object.fromEntries(XDG), ...WINDOWS }

rmSync(place, { recursive: true, force: true })
mkdirSync(home, { recursive: true })
cpSync(top('examples/fix-a-test'), repository, { recursive: true })
git('init', '--quiet', '--template=')
git('add', '--all')
git(...NOBODY, 'commit', '--quiet', '--message', 'Begin')

say('A small repository with a test that fails:')
if (shown('node', 'test/slug.test.mjs') === 0) fail('the test of the demonstration passes before anybody has mended it')
say('Four agents mend it. Their replies stand in replies.json; that the first edit is wrong, the test finds out:')
must('orchastration', 'trust', '--yes')
must('orchastration', 'orchestration', 'run', 'fix', '--goal', 'make the tests pass', '--backend', 'scripted')
say('What happened, with the verdicts, what everybody wrote, and what they changed:')
must('orchastration', 'runs', 'show', 'fix')
must('node', 'test/slug.test.mjs')
must('orchastration', 'verify')
say(`The repository: ${repository}`)

function git(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: repository, env, encoding: 'utf8' })
  if (status !== 0) fail(`git ${args.join(' ')}: ${stderr}`)
}

/** Runs a command for whoever looks on, and gives its exit code. */
function shown(program: string, ...args: readonly string[]): number {
  const words = args.map((word) => (word.includes(' ') ? `"${word}"` : word))
  process.stderr.write(`\n$ ${[program, ...words].join(' ')}\n`)
  const file = program === 'orchastration' ? BINARY : program
  const { status, error } = spawnSync(file, args, { cwd: repository, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error !== undefined) fail(`${program}: ${error.message}`)
  return status ?? 1
}

function must(program: string, ...args: readonly string[]): void {
  const exit = shown(program, ...args)
  if (exit !== 0) fail(`${program} ended with exit code ${exit}`)
}

function say(text: string): void {
  process.stderr.write(`\n${text}\n`)
}

function fail(text: string): never {
  process.stderr.write(`\n${text}\n`)
  process.exit(1)
}
