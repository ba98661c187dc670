import type { Json } from '#base/json.ts'
import type { PinnedRun, StepPlace, StepPlaces } from './run-places.ts'
import { theirTool } from './tools.ts'

/** A line of Orket's event stream, without its time. */
export interface OrketLine {
  readonly role: string | null
  readonly event: string
  readonly data: Readonly<Record<string, Json>>
}

/** A call of a tool or of a backend that was made in a step. */
export interface StepCall {
  readonly place: StepPlace
  /** Undefined where the backend itself was asked. */
  readonly tool?: string
  readonly args: Readonly<Record<string, Json | undefined>>
}

/** How much of a task its event shows. */
const TASK_PREVIEW = 100

/** Which model each role has, and that the session begins. */
export function beginning({ name, goal = '', flow }: PinnedRun, places: StepPlaces): readonly OrketLine[] {
  const [part] = flow?.parts ?? []
  const byRole = new Map(places.all.map((place) => [place.role, place]))
  const [first] = byRole.values()
  const { band = null, score = null, venue = null } = part ?? {}
  const session = { flow: name, band, score, venue, ...modelFields(first), task: goal.slice(0, TASK_PREVIEW) }
  return [
    ...[...byRole.values()].map((place) =>
      lineOf('model_selected', place, { role: place.role, ...modelFields(place), backend: place.backend, flow: name }),
    ),
    lineOf('session_start', undefined, session),
  ]
}

export function lineOf(event: string, place: StepPlace | undefined, data: OrketLine['data']): OrketLine {
  return { role: place?.role ?? null, event, data }
}

export function stepFields({ role, index, node }: StepPlace): {
  readonly role: string
  readonly step_index: number
  readonly node: string
} {
  return { role, step_index: index, node }
}

export function modelFields(place: StepPlace | undefined): Readonly<Record<'model' | 'temperature' | 'seed', Json>> {
  const { model = null, temperature = null, seed = null } = place?.model ?? {}
  return { model, temperature, seed }
}

/** What a call of a tool came to, and what it wrote. */
export function toolLines({ place, tool = '', args }: StepCall, output: Json): readonly OrketLine[] {
  const { content, text = content, ...rest } = args
  const bytes = tool === 'write' && typeof text === 'string' ? bytesOf(text) : 0
  const call = {
    ...stepFields(place),
    tool: theirTool(tool),
    args: brief(tool === 'write' ? rest : args),
    content_bytes: bytes,
    result: brief(output),
  }
  return [lineOf('tool_call', place, call), ...writeLines(place, output)]
}

/** A file that was written, with what it held before by its digest. */
function writeLines(place: StepPlace, output: Json): readonly OrketLine[] {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return []
  const { ok, path, bytes, sha256, before } = output as Readonly<Record<string, Json | undefined>>
  if (ok !== true || typeof path !== 'string' || bytes === undefined || sha256 === undefined || before === undefined)
    return []
  return [lineOf('workspace_write', place, { path, bytes, sha256, before, role: place.role, step_index: place.index })]
}

/** A backend was asked once. Tokens are null where it counts none. */
export function usageLine({ place }: StepCall, flow: string, output: Json): OrketLine {
  const usage = typeof output === 'object' && output !== null && 'usage' in output ? output['usage'] : undefined
  const { input_tokens = null, output_tokens = null } = (usage ?? {}) as Readonly<Record<string, Json | undefined>>
  const isCounted = typeof input_tokens === 'number' && typeof output_tokens === 'number'
  const tokens = { input_tokens, output_tokens, total_tokens: isCounted ? input_tokens + output_tokens : null }
  return lineOf('model_usage', place, { ...stepFields(place), model: place.model?.model ?? null, flow, ...tokens })
}

export function errorLine({ place, tool, args }: StepCall, error: string): OrketLine {
  const { content: _content, text: _text, ...rest } = args
  const called = theirTool(tool ?? 'reply')
  const shown = brief(tool === 'write' ? rest : args)
  return lineOf('tool_error', place, { ...stepFields(place), tool: called, args: shown, error })
}

const MOST_TEXT = 200
const MOST_ITEMS = 20

/** What holds parts of files, or what a command printed. */
const BODIES: ReadonlySet<string> = new Set(['content', 'text', 'old', 'new'])

/** A value as lines for people show it: texts and lists are cut, and of bodies only the length stands in it. */
function brief(value: Json, key = ''): Json {
  if (typeof value === 'string' && BODIES.has(key)) return `(${bytesOf(value)} bytes)`
  if (typeof value === 'string') return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((each: Json) => brief(each))
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, brief(each, key)]])),
  )
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
