import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Screen } from './screen.ts'

/** A command of a document, and what stands below it. */
export interface Snippet {
  readonly command: string
  readonly shown: string
  readonly printed: string
}

const FENCE = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm
/** What documents show in place of the home of this test. */
const SHOWN_HOME = '/home/ada'
/** What files in documents are written in. */
const FILES: ReadonlySet<string> = new Set(['toml', 'json', 'markdown', 'sh'])
/** Only a command that hangs comes near it. */
const LIMIT_MS = 30_000
const [WIDE, HIGH] = [400, 100]

/**
 * Executes a document from top to bottom in an empty directory with an empty home: ```toml NAME and others like it write a file,
 * ```console runs each line after a `$`. Gives the commands, and the document with what they print now where that differs.
 */
export function runSnippets(markdown: string, binaryFolder: string): { snippets: Snippet[]; document: string } {
  const folder = mkdtempSync(join(tmpdir(), 'orchastration-docs-'))
  const snippets: Snippet[] = []
  try {
    mkdirSync(join(folder, 'project'))
    // What documents call their reader's copy of this repository.
    mkdirSync(join(folder, 'orchastration'))
    symlinkSync(resolve('examples'), join(folder, 'orchastration/examples'))
    const document = markdown.replace(FENCE, (...match) => {
      const [block, language, name, text]: readonly (string | undefined)[] = match
      if (FILES.has(language ?? '') && name !== undefined) writeFileSync(join(folder, 'project', name), text ?? '')
      if (language !== 'console') return block ?? ''
      const ran = commandsOf(text ?? '').map(({ command, shown }) => ({
        command,
        shown,
        printed: run(command, folder, binaryFolder).replaceAll(folder, SHOWN_HOME),
      }))
      snippets.push(...ran)
      // What has changed in nothing but times and ids stays, so that a change of one page is no change of all others.
      if (ran.every(({ shown, printed }) => normalised(shown) === normalised(printed))) return block ?? ''
      return `\`\`\`console\n${ran.map(({ command, printed }) => `$ ${command}\n${printed}`).join('')}\`\`\``
    })
    return { snippets, document }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What differs from run to run, made equal. */
export function normalised(text: string): string {
  return text
    .replace(/[0-9a-hjkmnp-tv-z]{26}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\b[0-9a-f]{64}\b/g, '<digest>')
    .replace(/\b[0-9a-f]{16}\b/g, '<plan>')
    .replace(/\b(event|up to) \d+/g, '$1 <n>')
    .replace(/^(orchastration\/\S+\n)\d+$/gm, '$1<n>')
    .replace(/^\d+ (lines|events) in /gm, '<n> $1 in ')
    .replace(/^— orchastration \S+$/gm, '<signature>')
    .replace(/^[A-Za-z0-9+/]{43}=$/gm, '<hash>')
    .replace(/\b[0-9a-f]{8}\b/g, '<key>')
    .replace(/duration_ms(=|":)\d+/g, 'duration_ms$1<n>')
    .replace(/ *\b\d+(\.\d+)?s\b/g, ' <duration>')
    .replace(/[ \t]+/g, ' ')
}

function commandsOf(text: string): { command: string; shown: string }[] {
  const commands: { command: string; shown: string }[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const last = commands.at(-1)
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), shown: '' })
    else if (last !== undefined) last.shown += `${line}\n`
  }
  return commands
}

function run(command: string, folder: string, binaryFolder: string): string {
  const env = {
    HOME: folder,
    // Node is what every script of this repository begins with.
    PATH: `${resolve(binaryFolder)}:/usr/bin:/bin:${dirname(Bun.which('node') ?? '/usr/bin/node')}`,
    LANG: 'C.UTF-8',
  }
  const { stdout, status } = spawnSync('sh', ['-c', `{ ${command}\n} 2>&1`], {
    cwd: join(folder, 'project'),
    env,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  if (status === null) throw new Error(`it does not end: ${command}`)
  const shown = stdout.includes('\r') ? atRest(stdout) : stdout
  return shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`
}

/** What a terminal shows in the end: what moved on it, while it went on, has been taken away again. */
function atRest(written: string): string {
  const screen = new Screen(WIDE, HIGH)
  screen.write(written)
  return screen.text
}
