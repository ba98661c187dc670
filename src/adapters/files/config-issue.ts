import type * as z from 'zod/mini'
import { type Finding, isTable, type Path, type Table, valueAt } from './config-finding.ts'
import { expectedByCheck, expectedByLimit, expectedType, kindOf, oneOf, valueText } from './config-phrases.ts'
import { knownKeys } from './schema-keys.ts'

type Issue = z.core.$ZodIssue

/** What make, just, go-task, npm and CI files call what has another name here. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    command: ['cmd', 'cmds', 'exec', 'recipe', 'run', 'script', 'steps'],
    description: ['desc', 'doc', 'summary'],
    env: ['environment', 'variables', 'vars'],
    env_file: ['dotenv', 'env_files'],
    inputs: ['sources', 'src'],
    needs: ['dependencies', 'depends', 'depends_on', 'deps', 'requires'],
    outputs: ['generates', 'targets'],
    params: ['arguments', 'parameters'],
    pty: ['interactive', 'terminal', 'tty'],
    confirm: ['prompt'],
    retry: ['retries'],
    timeout_seconds: ['timeout'],
    working_dir: ['chdir', 'cwd', 'dir', 'directory', 'working_directory'],
  }).flatMap(([own, others]) => others.map((other) => [other, own] as const)),
)

/** What was validated, against what. */
export interface Validated {
  readonly schema: z.core.$ZodType
  readonly value: unknown
}

/** The findings behind one issue of zod: more than one for several unknown keys, or within a union. */
export function findingsOf(issue: Issue, validated: Validated): readonly Finding[] {
  const path = plainPath(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], validated))
  if (issue.code === 'invalid_union') return unionFindings(issue, path, validated)
  const value = valueAt(validated.value, path)
  if (value === undefined) return [missingKey(issue, path)]
  if (issue.code === 'invalid_type') return [wrongType(path, issue.expected, value)]
  return [badValue(issue, path, value)]
}

function plainPath(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)))
}

function unknownKey(path: Path, { schema }: Validated): Finding {
  const candidates = knownKeys(schema, path.slice(0, -1))
  const meant = meantBy(String(path.at(-1)), candidates)
  return { kind: 'unknown_key', path, at: 'key', meant, expected: candidates.join(', ') }
}

/** A word that other tools have for a key is no misspelling of it, and means it all the same. */
function meantBy(word: string, candidates: readonly string[]): NonNullable<Finding['meant']> {
  const own = ELSEWHERE.get(word.toLowerCase().replaceAll('-', '_'))
  return own !== undefined && candidates.includes(own) ? { word: own, candidates: [own] } : { word, candidates }
}

function missingKey(issue: Issue, path: Path): Finding {
  const expected =
    issue.code === 'invalid_value'
      ? oneOf(issue.values)
      : expectedType(path, issue.code === 'invalid_type' ? issue.expected : 'a value')
  return { kind: 'missing_key', path, at: 'table', expected }
}

function wrongType(path: Path, type: string, value: unknown): Finding {
  return { kind: 'wrong_type', path, at: 'value', expected: expectedType(path, type), found: kindOf(value) }
}

/** Of the shapes that a value may have, the one that it comes nearest to: the one whose type at least is right. */
function unionFindings(issue: z.core.$ZodIssueInvalidUnion, path: Path, validated: Validated): readonly Finding[] {
  const value = valueAt(validated.value, path)
  const isOtherType = ({ code, path: at }: Issue) =>
    at.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof value !== 'string'))
  const near = issue.errors.find((issues) => !issues.some(isOtherType))
  if (value === undefined) return [missingKey(issue, path)]
  if (near === undefined) return [wrongType(path, 'another type', value)]
  return near.flatMap((inner) => findingsOf({ ...inner, path: [...path, ...inner.path] }, validated))
}

const NAME_CHECKS: ReadonlySet<string> = new Set(['name', 'long_name', 'device_name', 'reserved_name'])

function badValue(issue: Issue, path: Path, value: unknown): Finding {
  const at = issue.code === 'invalid_key' ? 'key' : 'value'
  const found = at === 'key' ? valueText(path.at(-1)) : isTable(value) ? tableText(value) : valueText(value)
  const finding: Finding = {
    kind: NAME_CHECKS.has(issue.message) ? 'bad_name' : 'bad_value',
    path,
    at,
    found,
    expected: expectedBy(issue, path),
  }
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return finding
  return { ...finding, meant: { word: value, candidates: issue.values.map(String) } }
}

function tableText(table: Table): string {
  const keys = Object.keys(table).map(valueText)
  return keys.length === 0 ? 'an empty table' : `a table with ${keys.slice(0, 5).join(', ')}`
}

function expectedBy(issue: Issue, path: Path): string {
  if (issue.code === 'too_small' || issue.code === 'too_big') return expectedByLimit(issue)
  if (issue.code === 'invalid_key') return expectedByCheck(path, issue.issues[0]?.message ?? '')
  if (issue.code === 'invalid_value') return oneOf(issue.values)
  return expectedByCheck(path, issue.message)
}
