/** The type of a value of the context, in the words of CEL. */
export type KeyType = 'string' | 'int' | 'bool' | 'dyn' | 'list' | 'list<string>'

/** The keys that a context may hold, with their types. */
export type KnownKeys = ReadonlyMap<string, KeyType>

const TYPES: Readonly<Record<string, KeyType>> = {
  goal: 'string',
  'task.name': 'string',
  'plan.goal': 'string',
  'plan.tasks': 'list<string>',
  'plan.items': 'list',
  'build.outputs': 'list<string>',
  'build.items': 'list',
  'review.status': 'string',
  'review.report': 'string',
  'review.findings': 'list<string>',
  'doc.paths': 'list<string>',
  notes: 'list',
  transcript: 'list',
}

/** The keys that a run may begin with. */
export const START_KEYS = ['goal', 'task.name'] as const

/** The type of a key; a free one may hold anything. */
export function typeOfKey(key: string): KeyType {
  return Object.hasOwn(TYPES, key) ? (TYPES[key] ?? 'dyn') : 'dyn'
}
