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
  /** By their keys, nodes that write what is not known there, since they need not have ended. */
  readonly elsewhere: ReadonlyMap<string, string>
}

/** What is wrong with the conditions and lists of a node, and with the placeholders in its texts. */
export function expressionFaults(node: OrchestrationNode, path: Path, known: Known): readonly GraphFault[] {
  const { before, after, elsewhere } = known
  const { when, foreach, until, with: work = {} } = node
  const list = typeof foreach === 'string' ? foreach : undefined
  const keys = new Map([...after, ['round', 'int'] as const])
  return [
    ...(when === undefined ? [] : faultIn(when, 'condition', { path: [...path, 'when'], keys: before, elsewhere })),
    ...(list === undefined ? [] : faultIn(list, 'list', { path: [...path, 'foreach'], keys: before, elsewhere })),
    ...(until === undefined
      ? []
      : faultIn(until.condition, 'condition', { path: [...path, 'until', 'condition'], keys, elsewhere })),
    ...textsOf(work, [...path, 'with']).flatMap((text) =>
      placeholderFaults(text, { keys: before, elsewhere, hasItem: foreach !== undefined }),
    ),
  ]
}

interface Place {
  readonly path: Path
  readonly keys: KnownKeys
  readonly elsewhere: Known['elsewhere']
}

function faultIn(text: string, wanted: Wanted, { path, keys, elsewhere }: Place): readonly GraphFault[] {
  const fault = expressionFault(text, wanted, keys)
  if (fault === undefined) return []
  const { from, to } = fault
  return [{ path, at: 'value', ...wordsOf(fault, { text, wanted, keys, elsewhere }), part: { text, from, to } }]
}

function wordsOf(
  { kind, detail, from, to }: ExpressionFault,
  { text, wanted, keys, elsewhere }: Omit<Place, 'path'> & { readonly text: string; readonly wanted: Wanted },
): Pick<GraphFault, 'kind' | 'found' | 'expected' | 'meant'> {
  const isList = wanted === 'list'
  if (kind !== 'unknown_key')
    return { kind: 'bad_expression', found: detail, expected: isList ? 'a list in CEL' : 'a condition in CEL' }
  const word = keyAround(text, from, to)
  const known = [...keys.keys()]
  const candidates = elsewhere.has(word) ? [] : known
  const found = `${worded(word)}${writtenBy(word, elsewhere)}`
  return { kind: 'bad_value', found, expected: expectedKey(known), meant: { word, candidates } }
}

/** Who writes the key without being waited for. */
function writtenBy(key: string, elsewhere: Known['elsewhere']): string {
  const writer = elsewhere.get(key)
  return writer === undefined ? '' : `, which ${writer} writes: let it stand in "needs"`
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

function placeholderFaults({ text, path }: TextAt, there: Filling): readonly GraphFault[] {
  return placeholdersIn(text).flatMap(({ name, from, to }): readonly GraphFault[] => {
    const key = contextKey(name)
    if ((isItemName(name) && there.hasItem) || (key !== undefined && there.keys.has(key))) return []
    const found = `${worded(`{{${name}}}`)}${writtenBy(key ?? '', there.elsewhere)}`
    const meant = { word: name, candidates: candidatesFor(key, there) }
    const expected = expectedName(name, there.keys)
    return [{ kind: 'bad_value', path, at: 'value', found, expected, meant, part: { text, from, to } }]
  })
}

/** What placeholders of a node may be filled with. */
interface Filling extends Omit<Place, 'path'> {
  readonly hasItem: boolean
}

function isItemName(name: string): boolean {
  return name === 'item' || name.startsWith('item.')
}

function contextKey(name: string): string | undefined {
  return name.startsWith('context.') ? name.slice('context.'.length) : undefined
}

/** Nothing else is meant by a key that is only not waited for. */
function candidatesFor(key: string | undefined, { keys, elsewhere, hasItem }: Filling): readonly string[] {
  if (key !== undefined && elsewhere.has(key)) return []
  return [...[...keys.keys()].map((each) => `context.${each}`), ...(hasItem ? ['item'] : [])]
}

function expectedName(name: string, keys: KnownKeys): string {
  if (isItemName(name)) return 'a node with "foreach", whose items it could be,'
  return contextKey(name) === undefined
    ? '{{context.KEY}} or {{item}}, or {{{{ for two braces,'
    : expectedKey([...keys.keys()])
}
