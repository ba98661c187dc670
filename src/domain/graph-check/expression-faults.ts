import { type ExpressionFault, expressionFault, type Wanted } from '../conditions/expression-fault.ts'
import { placeholdersIn } from '../context/fill-texts.ts'
import type { KnownKeys } from '../context/key-types.ts'
import type { OrchestrationNode } from '../definition/orchestration-node.ts'
import { type GraphFault, type Path, worded } from './graph-fault.ts'

/** What is known where the expressions of a node are evaluated. */
interface Known {
  /** Written by those before it, or there from the beginning. */
  readonly before: KnownKeys
  /** And what it has written itself. */
  readonly after: KnownKeys
}

/** What is wrong with the conditions and lists of a node, and with the placeholders in its texts. */
export function expressionFaults(node: OrchestrationNode, path: Path, { before, after }: Known): readonly GraphFault[] {
  const { when, foreach, until, with: work = {} } = node
  const list = typeof foreach === 'string' ? foreach : undefined
  const keys = new Map([...after, ['round', 'int'] as const])
  return [
    ...(when === undefined ? [] : faultIn(when, 'condition', { path: [...path, 'when'], keys: before })),
    ...(list === undefined ? [] : faultIn(list, 'list', { path: [...path, 'foreach'], keys: before })),
    ...(until === undefined
      ? []
      : faultIn(until.condition, 'condition', { path: [...path, 'until', 'condition'], keys })),
    ...textsOf(work, [...path, 'with']).flatMap((text) =>
      placeholderFaults(text, { keys: before, hasItem: foreach !== undefined }),
    ),
  ]
}

interface Place {
  readonly path: Path
  readonly keys: KnownKeys
}

function faultIn(text: string, wanted: Wanted, { path, keys }: Place): readonly GraphFault[] {
  const fault = expressionFault(text, wanted, keys)
  if (fault === undefined) return []
  const { from, to } = fault
  return [{ path, at: 'value', ...wordsOf(fault, { text, wanted, keys }), part: { text, from, to } }]
}

function wordsOf(
  { kind, detail, from, to }: ExpressionFault,
  { text, wanted, keys }: { readonly text: string; readonly wanted: Wanted; readonly keys: KnownKeys },
): Pick<GraphFault, 'kind' | 'found' | 'expected' | 'meant'> {
  const isList = wanted === 'list'
  if (kind !== 'unknown_key')
    return { kind: 'bad_expression', found: detail, expected: isList ? 'a list in CEL' : 'a condition in CEL' }
  const word = keyAround(text, from, to)
  const candidates = [...keys.keys()]
  return { kind: 'bad_value', found: worded(word), expected: expectedKey(candidates), meant: { word, candidates } }
}

/** The whole dotted key of which a part is unknown. */
function keyAround(text: string, from: number, to: number): string {
  const start = text.slice(0, from).search(/[A-Za-z0-9_.]*$/)
  const end = to + (/^[A-Za-z0-9_.]*/.exec(text.slice(to))?.[0].length ?? 0)
  return text.slice(Math.max(0, start), end)
}

/** Which keys could stand there, for people. */
function expectedKey(known: readonly string[]): string {
  const shown = known.slice(0, 8).join(', ')
  return `a key that a node before it writes (${shown}${known.length > 8 ? ', …' : ''})`
}

interface TextAt {
  readonly text: string
  readonly path: Path
}

function textsOf(value: unknown, path: Path): readonly TextAt[] {
  if (typeof value === 'string') return [{ text: value, path }]
  if (typeof value !== 'object' || value === null) return []
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, each]: [string | number, unknown]) => textsOf(each, [...path, key]))
}

function placeholderFaults(
  { text, path }: TextAt,
  { keys, hasItem }: { readonly keys: KnownKeys; readonly hasItem: boolean },
): readonly GraphFault[] {
  return placeholdersIn(text).flatMap(({ name, from, to }): readonly GraphFault[] => {
    const isItem = name === 'item' || name.startsWith('item.')
    const key = name.startsWith('context.') ? name.slice('context.'.length) : undefined
    if ((isItem && hasItem) || (key !== undefined && keys.has(key))) return []
    const candidates = [...[...keys.keys()].map((each) => `context.${each}`), ...(hasItem ? ['item'] : [])]
    const expected = isItem
      ? 'a node with "foreach", whose items it could be,'
      : key === undefined
        ? '{{context.KEY}} or {{item}}, or {{{{ for two braces,'
        : expectedKey([...keys.keys()])
    const found = worded(`{{${name}}}`)
    return [
      {
        kind: 'bad_value',
        path,
        at: 'value',
        found,
        expected,
        meant: { word: name, candidates },
        part: { text, from, to },
      },
    ]
  })
}
