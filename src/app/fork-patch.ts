import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { AgentNode, GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { ForkPoint } from '#domain/run/fork-points.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { Documents } from './documents-port.ts'
import { readScript } from './read-script.ts'

/** One thing that a fork changes: `goal=TEXT`, `instructions=TEXT`, `instructions+=TEXT`, `with.text=TEXT`. */
interface Patch {
  readonly text: string
  readonly name: string
  readonly value: string
  /** Whether the value is added to what there is. */
  readonly isMore: boolean
}

type Reason = FailureOf<'patch_invalid'>['reason']

const NAMES =
  'goal=TEXT, instructions=TEXT, instructions+=TEXT, backend=NAME, context.KEY=VALUE, with.KEY=VALUE, script=FILE'

export interface Patching {
  /** Where the fork goes on by itself: what is changed of a node is changed of this one. */
  readonly point: ForkPoint
  readonly texts: readonly string[]
  /** Who says so, as the log names people. */
  readonly by: string
  readonly documents: Documents
}

/** The input with all of these changes. */
export async function patched(
  input: OrchestrationInput,
  { point, texts, by, documents }: Patching,
): Promise<Result<OrchestrationInput, Failure>> {
  let result = input
  for (const text of texts) {
    const patch = readPatch(text)
    if (!patch.ok) return patch
    const isScript = patch.value.name === 'script'
    const applied = isScript
      ? await withScript(result, documents, patch.value.value)
      : apply(result, { point, by }, patch.value)
    if (!applied.ok) return applied
    result = applied.value
  }
  return ok(result)
}

/** The replies that were given are counted in it, so it says again what was said. */
async function withScript(
  input: OrchestrationInput,
  documents: Documents,
  path: string,
): Promise<Result<OrchestrationInput, Failure>> {
  const script = await readScript(documents, path)
  return script.ok ? ok({ ...input, script: script.value }) : script
}

function readPatch(text: string): Result<Patch, Failure> {
  const [, name, more, value] = text.match(/^([^=+]+)(\+?)=(.*)$/s) ?? []
  if (name === undefined || value === undefined) return refused(text, 'shape', 'NAME=VALUE')
  const isMore = more === '+'
  if (isMore && name !== 'instructions') return refused(text, 'name', NAMES)
  return ok({ text, name, value, isMore })
}

function apply(
  input: OrchestrationInput,
  { point, by }: Pick<Patching, 'point' | 'by'>,
  patch: Patch,
): Result<OrchestrationInput, Failure> {
  const { name, value, text } = patch
  if (name === 'goal') return ok({ ...input, goal: value })
  const [, table, key] = name.match(/^(context|with)\.(.+)$/s) ?? []
  const isOfNode = table !== undefined || name === 'instructions' || name === 'backend'
  if (!isOfNode) return refused(text, 'name', NAMES)
  const node = input.nodes.find(({ id }) => id === point.node)
  if (node === undefined) return refused(text, 'no_node', 'a fork from a node of the orchestration itself')
  if (table === 'context' && key !== undefined) {
    const { round } = point
    // What a turn reads is settled as it begins.
    if (round === null) return refused(text, 'within', `a fork from the node itself: --from ${node.id}`)
    const values = { ...input.patched?.values, [key]: jsonOrText(value) }
    return ok({ ...input, patched: { node: node.id, round, values, by } })
  }
  return changeNode(input, node, (each) => changed(each, input, { ...patch, key }))
}

/** Values that are JSON are what that says; all others are texts. */
function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function changeNode(
  input: OrchestrationInput,
  node: GraphNode,
  change: (node: GraphNode) => Result<GraphNode, Failure>,
): Result<OrchestrationInput, Failure> {
  const result = change(node)
  if (!result.ok) return result
  return ok({ ...input, nodes: input.nodes.map((each) => (each === node ? result.value : each)) })
}

function changed(
  node: GraphNode,
  input: OrchestrationInput,
  { text, name, value, isMore, key }: Patch & { readonly key: string | undefined },
): Result<GraphNode, Failure> {
  // What does not fit a node's work is refused by the node itself, as where the configuration says it.
  if (key !== undefined) return ok({ ...node, with: { ...node.with, [key]: jsonOrText(value) } } as GraphNode)
  if (node.kind !== 'agent') return refused(text, 'no_agent', 'a step of a node of kind agent')
  const change =
    name === 'backend' ? { backend: value } : { instructions: instructionsOf(node, input, { value, isMore }) }
  return ok({ ...node, with: { ...node.with, ...change } })
}

function instructionsOf(
  node: AgentNode,
  { agents }: OrchestrationInput,
  { value, isMore }: Pick<Patch, 'value' | 'isMore'>,
): string {
  if (!isMore) return value
  const own = node.with.instructions ?? agents.find(({ name }) => name === node.with.agent)?.role.instructions ?? ''
  return own === '' ? value : `${own}\n${value}`
}

function refused(patch: string, reason: Reason, expected: string): Result<never, Failure> {
  return err({ code: 'patch_invalid', patch, reason, expected })
}
