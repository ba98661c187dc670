import type { Config } from './config.ts'
import type { Job } from './job.ts'
import type { Orchestration } from './orchestration.ts'

/** A file that a configuration names so that it decides what is run: a program, a script, or variables for both. */
export interface NamedFile {
  /** What names it, such as `jobs.deploy`. */
  readonly by: string
  readonly role: 'program' | 'script' | 'env_file' | 'instructions'
  /** The directory that the path counts from, as the configuration has it. */
  readonly directory: string
  readonly path: string
}

/** Programs that run the file they are given, or hand on to one that does. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'cmd', 'powershell', 'pwsh', 'source', '.'],
  ...['node', 'bun', 'deno', 'tsx', 'python', 'python2', 'python3', 'ruby', 'perl', 'php', 'lua', 'rscript', 'tclsh'],
  ...['java', 'make', 'just', 'task', 'awk', 'sed', 'npx', 'bunx', 'uv', 'poetry', 'pipenv', 'bundle', 'parallel'],
  ...['env', 'sudo', 'doas', 'time', 'nice', 'nohup', 'setsid', 'stdbuf', 'flock', 'timeout', 'xargs', 'exec', 'eval'],
])

/** Every file that the configuration names as a program, a script or a file of variables, as far as its text tells. */
export function namedFiles({ jobs = {}, tasks = {}, agents = {}, orchestrations = {} }: Config): readonly NamedFile[] {
  return [
    ...Object.entries(jobs).flatMap(([name, job]) => filesOfJob(`jobs.${name}`, job)),
    ...Object.entries(tasks).flatMap(([name, { command, checks = [], working_dir: directory }]) =>
      [command, ...checks].flatMap((words) => wordsToFiles(words, { by: `tasks.${name}`, directory })),
    ),
    ...Object.entries(agents).flatMap(([name, { command, file, working_dir: directory = '.' }]) => {
      const by = `agents.${name}`
      const own: readonly NamedFile[] =
        file === undefined ? [] : [{ by, role: 'instructions', directory: '.', path: file }]
      return command === undefined ? own : [...own, ...wordsToFiles(command, { by, directory })]
    }),
    ...Object.entries(orchestrations).flatMap(([name, graph]) => filesOfGraph(`orchestrations.${name}`, graph)),
  ]
}

function filesOfGraph(by: string, { script, nodes = [] }: Orchestration): readonly NamedFile[] {
  const own: readonly NamedFile[] = script === undefined ? [] : [{ by, role: 'script', directory: '.', path: script }]
  const ofNodes = nodes.flatMap(({ with: { command, working_dir: directory = '.' } = {} }) =>
    command === undefined ? [] : commandsOf(command).flatMap((words) => wordsToFiles(words, { by, directory })),
  )
  return [...own, ...ofNodes]
}

function commandsOf(command: string | readonly string[]): readonly (readonly string[])[] {
  return typeof command === 'string' ? commandsInText(command) : [command]
}

function filesOfJob(by: string, { command, working_dir: directory = '.', env_file = [], secrets = {} }: Job) {
  const commands = commandsOf(command)
  const sources = Object.values(secrets).flatMap(({ command: source }) => (source === undefined ? [] : [source]))
  return [
    ...[...commands, ...sources].flatMap((words) => wordsToFiles(words, { by, directory })),
    ...[env_file].flat().map((path): NamedFile => ({ by, role: 'env_file', directory, path })),
  ]
}

/** The program, where it is named by a path, and all words that an interpreter may take for a script. */
function wordsToFiles(words: readonly string[], at: Pick<NamedFile, 'by' | 'directory'>): readonly NamedFile[] {
  const [program = '', ...rest] = words
  const isPath = /[/\\]/.test(program)
  const base = program.split(/[/\\]/).at(-1)?.toLowerCase() ?? ''
  const scripts = INTERPRETERS.has(base.replace(/(?:\.exe|[0-9.]+)$/, '')) || INTERPRETERS.has(base) ? rest : []
  return [
    ...(isPath ? [{ ...at, role: 'program' as const, path: program }] : []),
    ...scripts.flatMap((word) => scriptsIn(word, at)),
  ]
}

/** A word may be a path, the value of an option, or, as behind `sh -c`, commands itself. */
function scriptsIn(word: string, at: Pick<NamedFile, 'by' | 'directory'>): readonly NamedFile[] {
  const path = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word
  if (path === '' || path.startsWith('-')) return []
  const inside = /[\s;&|()`]/.test(path) ? commandsInText(path) : []
  return [{ ...at, role: 'script', path }, ...inside.flatMap((words) => wordsToFiles(words, at))]
}

/** A text for a shell cut into its commands and words, as far as that can be done without being a shell. */
function commandsInText(text: string): readonly (readonly string[])[] {
  return text.split(/&&|\|\||[;&|\n()`]|\$\(/).map((command) => {
    const words = command.split(/\s+/).map((word) => word.replaceAll(/^["'{]+|["'}]+$/g, ''))
    const first = words.findIndex((word) => word !== '' && !/^\w+=/.test(word))
    return first < 0 ? [] : words.slice(first).filter((word) => word !== '')
  })
}
