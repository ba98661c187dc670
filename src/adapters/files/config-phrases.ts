import type * as z from 'zod/mini'
import { grouped } from '#base/text.ts'
import type { Path } from './config-finding.ts'

const SIZE = 'a size such as "10MB" or "1G"'
const PATHS = 'a list of paths such as ["src/**/*.ts"]'
const DURATION = 'a duration such as "30s" or "1h30m"'

/** What a key takes, where its type alone says too little. */
const EXPECTED_BY_KEY: Readonly<Record<string, string>> = {
  command: 'a list such as ["npm", "test"]',
  timeout_seconds: 'a whole number of seconds',
  needs: 'a list of job names',
  confirm: 'a question, or a table with "question"',
  exit_codes: 'a list of exit codes',
  backoff: DURATION,
  backoff_max: DURATION,
  timeout: DURATION,
  older_than: DURATION,
  max_size: SIZE,
  shell: 'true, or the name of a shell',
  env_file: 'a path, or a list of paths',
  allow_exit: 'a list of exit codes',
  default: 'text, a number, true or false',
  steps: 'a list of groups such as [["PlannerAgent"], ["BuilderAgent", "ReviewerAgent"]]',
  nodes: 'a list of nodes, each [[orchestrations.NAME.nodes]] with "id" and "with"',
  agents: 'a list of agents such as ["PlannerAgent", "BuilderAgent"]',
  env: 'a table of variables such as { CI = "1" }',
  secrets: 'a table such as { TOKEN = { env = "MY_TOKEN" } }',
  params: 'a table such as { target = { default = "all" } }',
  retry: 'a table such as { attempts = 3 }',
  inputs: PATHS,
  outputs: PATHS,
  artifacts: PATHS,
  documents: PATHS,
  enum: 'a list of values',
  rules: 'a list of tables, [[conductor.rules]]',
  do: 'a command such as "skip builder", or a list of them',
  keywords: 'a list of words such as ["lint", "style"]',
  checks: 'a list of commands such as [["npm", "test"]]',
}

/** What each member of a table takes whose keys are free. */
const EXPECTED_BY_TABLE: Readonly<Record<string, string>> = {
  jobs: 'a table such as { command = ["npm", "test"] }',
  tasks: 'a table with "repo", "working_dir" and "command"',
  orchestrations: 'a table with "agents", "steps" or "nodes"',
  agents: 'a table',
  secrets: 'a table with one of "env", "file" and "command"',
  params: 'a table such as { type = "integer", default = 1 }',
  env: 'text',
}

const EXPECTED_BY_TYPE: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
  record: 'a table',
}

/** By the word that a schema's own check gives as its message. */
const EXPECTED_BY_CHECK: Readonly<Record<string, string>> = {
  name: '1 to 64 letters, digits, "_", "-" or ".", with a letter, a digit or "_" first and no "." last',
  long_name: 'a shorter one, of at most 64 characters',
  device_name: 'a name that is no device of Windows, as con, nul and com1 are',
  reserved_name: 'another name than __proto__',
  duration: DURATION,
  empty_program: 'a program as the first element',
  nul: 'text without the character NUL',
  node_id: '1 to 64 letters, digits, "_" or "-"',
  context_key: 'words of small letters, digits and "_", joined by "."',
  size: SIZE,
  shell_text: 'one text for the shell that "shell" names',
  param_name: 'a letter or "_", then letters, digits, "_" or "-", 64 at most',
  pattern: 'a regular expression',
  file_pattern: 'a pattern such as "src/**/*.ts", with "/" between names and each "[" and "{" closed',
  one_source: 'exactly one of "env", "file" and "command"',
  absolute: 'an absolute path',
  variable_name: 'a variable name, not empty and without "="',
}

/** What a key or value of that type is expected to be, for people. */
export function expectedType(path: Path, type: string): string {
  return byKey(path) ?? lookUp(EXPECTED_BY_TYPE, type) ?? type
}

/** What a check of the schema asks for, for people. */
export function expectedByCheck(path: Path, check: string): string {
  return lookUp(EXPECTED_BY_CHECK, check) ?? byKey(path) ?? 'another value'
}

/** What a limit of the schema asks for, for people. */
export function expectedByLimit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const least = issue.code === 'too_small'
  const limit = Number(least ? issue.minimum : issue.maximum)
  if (least && limit === 1 && issue.origin === 'string') return 'text that is not empty'
  if (least && limit === 1 && issue.origin === 'array') return 'a list that is not empty'
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' elements' : ''
  return `${least ? 'at least' : 'at most'} ${grouped(limit)}${unit}`
}

/** The kind of a value, for people. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'bigint') return 'a number too large to keep'
  if (typeof value === 'number') return numberKind(value)
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return 'a date or time'
  if (typeof value === 'object' && value !== null) return 'a table'
  return String(value)
}

/** A value as it could stand in the file, shortened; the kind of what is no single value. */
export function valueText(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (Array.isArray(value) && value.length === 0) return 'an empty list'
  if (typeof value !== 'string') return kindOf(value)
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)
}

/** One of these values, for people. */
export function oneOf(values: readonly unknown[]): string {
  return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`
}

function numberKind(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : 'infinite'
  return Number.isInteger(value) ? 'a number' : 'a fraction'
}

function byKey(path: Path): string | undefined {
  const [table, last] = path.slice(-2)
  // `env` is a table of variables in a job, and the name of one in a secret.
  const isSource = path.at(-3) === 'secrets'
  const inFree = typeof table === 'string' && (path.length === 2 || path.length === 4) && !isSource
  const member = inFree ? lookUp(EXPECTED_BY_TABLE, table) : undefined
  if (member !== undefined) return member
  if (path.length === 1) return 'a table'
  if (path[0] === 'tasks' && last === 'needs') return 'a list of task names'
  return typeof last === 'string' && !(isSource && last !== 'command') ? lookUp(EXPECTED_BY_KEY, last) : undefined
}

/** Keys come from the user's file: `constructor` must find nothing. */
function lookUp(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
