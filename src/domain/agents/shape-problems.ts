import type * as z from 'zod/mini'

const MOST = 20

/** What is wrong with the form of an answer, in words for whoever gave it. */
export function shapeProblems(issues: readonly z.core.$ZodIssue[], what: string): readonly string[] {
  return issues.slice(0, MOST).map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
    return `${path === '' ? what : path.replace(/^\./, '')} ${problemOf(issue)}`
  })
}

function problemOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'unrecognized_keys':
      return `has a key that is not known: ${issue.keys.join(', ')}`
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'too_small':
      return 'must not be empty'
    case 'too_big':
      return 'is too long'
    default:
      return 'is not as it must be'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  int: 'a whole number',
  number: 'a whole number',
}
