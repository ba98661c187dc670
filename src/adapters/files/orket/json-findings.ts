import type * as z from 'zod/mini'
import { type Finding, type Path, valueAt } from '../config-finding.ts'
import { expectedByLimit, kindOf, oneOf, valueText } from '../config-phrases.ts'
import { knownKeys } from '../schema-keys.ts'

type Issue = z.core.$ZodIssue

export interface Checked {
  readonly schema: z.core.$ZodType
  readonly value: unknown
}

const BY_TYPE: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
  record: 'a table',
}

/** The findings behind one issue of zod in a JSON file. */
export function jsonFindings(issue: Issue, checked: Checked): readonly Finding[] {
  const path: Path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const value = valueAt(checked.value, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], checked))
    case 'invalid_union':
      return unionFindings(issue, path, checked)
    case 'invalid_type':
      return value === undefined
        ? [{ kind: 'missing_key', path, at: 'table', expected: typeText(issue.expected) }]
        : [{ kind: 'wrong_type', path, at: 'value', expected: typeText(issue.expected), found: kindOf(value) }]
    case 'invalid_value':
      return [badValue(path, value, { expected: oneOf(issue.values), candidates: issue.values.map(String) })]
    case 'too_small':
    case 'too_big':
      return [badValue(path, value, { expected: expectedByLimit(issue) })]
    default:
      return [badValue(path, value, { expected: 'another value' })]
  }
}

function typeText(type: string): string {
  return Object.hasOwn(BY_TYPE, type) ? (BY_TYPE[type] ?? type) : type
}

function unknownKey(path: Path, { schema }: Checked): Finding {
  const candidates = knownKeys(schema, path.slice(0, -1))
  const meant = { word: String(path.at(-1)), candidates }
  return { kind: 'unknown_key', path, at: 'key', meant, expected: candidates.join(', ') }
}

interface Wanted {
  readonly expected: string
  readonly candidates?: readonly string[]
}

function badValue(path: Path, value: unknown, { expected, candidates }: Wanted): Finding {
  const finding: Finding = { kind: 'bad_value', path, at: 'value', found: valueText(value), expected }
  if (typeof value !== 'string' || candidates === undefined) return finding
  return { ...finding, meant: { word: value, candidates } }
}

/** Of the shapes that a value may have, the one whose type at least is right. */
function unionFindings(issue: z.core.$ZodIssueInvalidUnion, path: Path, checked: Checked): readonly Finding[] {
  const value = valueAt(checked.value, path)
  const near = issue.errors.find(
    (issues) => !issues.some(({ code, path: at }) => at.length === 0 && code === 'invalid_type'),
  )
  if (value === undefined) return [{ kind: 'missing_key', path, at: 'table', expected: 'a value' }]
  if (near === undefined)
    return [{ kind: 'wrong_type', path, at: 'value', expected: 'text or a table', found: kindOf(value) }]
  return near.flatMap((inner) => jsonFindings({ ...inner, path: [...path, ...inner.path] }, checked))
}
