import type { Json } from '#base/json.ts'
import type { EventOf, RunEvent } from '../run/event.ts'
import type { NodeStatus } from '../run/recorded-fact.ts'
import { pinnedRun, StepPlaces } from './run-places.ts'
import { theirTool } from './tools.ts'

/** A step of a run, as Orket's transcripts have it, and more of it. */
export interface TranscriptEntry {
  readonly step_index: number
  readonly role: string
  /** Such as `role=coder, tool=write_file`. */
  readonly note: string
  /** What was said in the end, else what became of it. */
  readonly summary: string
  readonly node: string
  /** From 1. */
  readonly iteration: number
  readonly backend: string | null
  readonly model: string | null
  readonly status: NodeStatus | 'open'
  readonly duration_ms: number | null
  readonly tool_calls: readonly TranscriptCall[]
}

interface TranscriptCall {
  readonly tool: string
  /** What it is about, where it is about a file. */
  readonly path: string | null
  readonly ok: boolean
}

interface Row {
  readonly began: EventOf<'node.started'> | null
  readonly calls: TranscriptCall[]
  said: string
  ended: EventOf<'node.ended'> | null
}

/** The transcript of an orchestration's run, made of its facts as they come. Steps that were skipped stand in it, too. */
export class Transcript {
  readonly #places: StepPlaces
  readonly #rows: (Row & { readonly node: string })[] = []
  readonly #calls = new Map<number, { readonly row: Row; readonly tool: string; readonly path: string | null }>()

  private constructor(places: StepPlaces) {
    this.#places = places
  }

  /** Begins with the first event of a run; undefined where that is none of an orchestration. */
  static begin(event: RunEvent | undefined): Transcript | undefined {
    const run = pinnedRun(event)
    return run === undefined ? undefined : new Transcript(new StepPlaces(run))
  }

  add(event: RunEvent): void {
    if (event.type === 'node.started')
      this.#rows.push({ node: event.body.node, began: event, calls: [], said: '', ended: null })
    else if (event.type === 'node.ended') this.#end(event)
    else if (event.type === 'step.started') this.#callStarted(event)
    else if (event.type === 'step.succeeded') this.#callEnded(event.body.number, event.body.output)
    else if (event.type === 'step.failed') this.#callEnded(event.body.number, null)
  }

  /** In the order of the steps of the graph; those that never came to an end or a beginning are there, too. */
  get entries(): readonly TranscriptEntry[] {
    const known = new Set(this.#rows.map(({ node }) => node))
    const rows = [
      ...this.#rows.map((row) => ({ row, place: this.#places.of(row.node, row.began?.body.role) })),
      ...this.#places.all.flatMap((place) => (known.has(place.node) ? [] : [{ row: NOTHING, place }])),
    ]
    const order = (index: number) => (index < 0 ? Number.MAX_SAFE_INTEGER : index)
    return rows
      .toSorted((left, right) => order(left.place.index) - order(right.place.index))
      .map(({ row, place: { index, role, node, model } }) => ({
        step_index: index,
        role,
        note: noteOf(role, row),
        summary:
          row.said === ''
            ? (row.ended?.body.message ?? (row.began === null ? 'never reached' : 'has not ended'))
            : row.said,
        node,
        iteration: row.ended?.body.round ?? row.began?.body.round ?? 1,
        backend: row.began?.body.backend ?? null,
        model: model?.model ?? null,
        status: row.ended?.body.status ?? (row.began === null ? 'skipped' : 'open'),
        duration_ms: row.began === null || row.ended === null ? null : row.ended.at - row.began.at,
        tool_calls: row.calls,
      }))
  }

  #end(event: EventOf<'node.ended'>): void {
    const { node, round, item } = event.body
    const row = this.#rows.findLast(
      ({ began, ended }) =>
        ended === null && began?.body.node === node && began.body.round === round && began.body.item === item,
    )
    if (row === undefined) this.#rows.push({ node, began: null, calls: [], said: '', ended: event })
    else row.ended = event
  }

  #callStarted({ body: { number, name, activity, input } }: EventOf<'step.started'>): void {
    if (activity !== 'tool' && activity !== 'reply') return
    // The activity's name says what its input is.
    const { node, tool, args } = input as unknown as { node: string; tool?: string; args?: { path?: Json } }
    const row = this.#rows.findLast((each) => each.ended === null && isStepOf(each, { node, name }))
    if (row === undefined) return
    const path = typeof args?.path === 'string' ? args.path : null
    this.#calls.set(number, { row, tool: activity === 'tool' ? (tool ?? '') : '', path })
  }

  #callEnded(number: number, output: Json): void {
    const call = this.#calls.get(number)
    if (call === undefined) return
    this.#calls.delete(number)
    const { ok, text } = (output ?? {}) as { readonly ok?: Json; readonly text?: Json }
    if (call.tool !== '') call.row.calls.push({ tool: theirTool(call.tool), path: call.path, ok: ok === true })
    else if (typeof text === 'string' && text !== '') call.row.said = text
  }
}

const NOTHING: Row = { began: null, calls: [], said: '', ended: null }

function noteOf(role: string, { calls, ended }: Row): string {
  const tools = [...new Set(calls.map(({ tool }) => `tool=${tool}`))]
  return [`role=${role}`, ...tools, ...(ended?.body.status === 'failed' ? ['error'] : [])].join(', ')
}

/** Steps that are done for an item of a list have its place behind the node in their name. */
function isStepOf(
  row: Pick<Row, 'began'> & { readonly node: string },
  step: { readonly node: string; readonly name: string },
): boolean {
  const item = row.began?.body.item ?? null
  return row.node === step.node && (item === null || step.name.startsWith(`${step.node}[${item}]`))
}
