import type { Json } from '#base/json.ts'
import { borrowedEvents } from '../run/borrow.ts'
import type { EventOf, RunEvent } from '../run/event.ts'
import {
  beginning,
  errorLine,
  lineOf,
  modelFields,
  type OrketLine,
  type StepCall,
  stepFields,
  toolLines,
  usageLine,
} from './orket-lines.ts'
import { type PinnedRun, pinnedRun, StepPlaces } from './run-places.ts'

/** A line of Orket's event stream. */
export interface OrketEvent extends OrketLine {
  /** In UTC. */
  readonly timestamp: string
  readonly run_id: string
  /** The number of the fact in its run; several lines may tell of one. */
  readonly seq: number
}

/** How much of what an agent said its event shows. */
const OUTPUT_PREVIEW = 200

/** The events of an orchestration's run by the names and fields that Orket documents, made of its facts as they come. */
export class OrketEvents {
  readonly #run: PinnedRun
  readonly #places: StepPlaces
  readonly #calls = new Map<number, StepCall>()
  /** Of each step at work what was last said in it, by its place. */
  readonly #working = new Map<string, string>()
  /** Whom the Conductor has taken out: nodes and roles. */
  readonly #out = new Set<string>()
  readonly #notes: Json[] = []
  #skipped = 0

  private constructor(run: PinnedRun) {
    this.#run = run
    this.#places = new StepPlaces(run)
  }

  /** Begins with the first event of a run; undefined where that is none of an orchestration. */
  static begin(event: RunEvent | undefined): OrketEvents | undefined {
    const run = pinnedRun(event)
    return run === undefined ? undefined : new OrketEvents(run)
  }

  add(event: RunEvent): readonly OrketEvent[] {
    if (event.type === 'run.borrowed')
      return borrowedEvents(event).flatMap((each) => this.add({ ...each, runSeq: event.runSeq }))
    const timestamp = new Date(event.at).toISOString()
    return this.#lines(event).map((line) => ({ timestamp, ...line, run_id: event.runId, seq: event.runSeq }))
  }

  #lines(event: RunEvent): readonly OrketLine[] {
    switch (event.type) {
      case 'run.queued':
        return beginning(this.#run, this.#places)
      case 'node.started':
        return [this.#stepStart(event)]
      case 'node.ended':
        return this.#stepEnd(event)
      case 'step.started':
        this.#callStarted(event)
        return []
      case 'step.succeeded':
        return this.#callEnded(event)
      case 'step.failed':
        return this.#callFailed(event)
      case 'conductor.obeyed':
        this.#obeyed(event.body.command)
        return []
      case 'run.succeeded':
      case 'run.failed':
      case 'run.cancelled':
      case 'run.timed_out':
        return [this.#sessionEnd(event.type.slice('run.'.length))]
      default:
        return []
    }
  }

  #stepStart({ body }: EventOf<'node.started'>): OrketLine {
    const { node, role, round, item, backend } = body
    const place = this.#places.of(node, role)
    this.#working.set(keyOf(body), '')
    return lineOf('step_start', place, { ...stepFields(place), ...modelFields(place), backend, round, item })
  }

  /** A node that never began was skipped: by the Conductor, or because what it needs did not succeed. */
  #stepEnd({ body }: EventOf<'node.ended'>): readonly OrketLine[] {
    const { node, status, message, writes } = body
    const place = this.#places.of(node)
    const said = this.#working.get(keyOf(body))
    this.#working.delete(keyOf(body))
    if (said === undefined) {
      this.#skipped += 1
      const isOut = this.#out.has(`node ${node}`) || this.#out.has(`role ${place.role}`)
      const reason = isOut ? 'conductor_skip' : 'not_reached'
      return [lineOf('step_skipped', place, { ...stepFields(place), reason, message })]
    }
    const output_preview = (said === '' ? message : said).slice(0, OUTPUT_PREVIEW)
    const ended = { ...stepFields(place), output_preview, model: place.model?.model ?? null, status }
    const update = writes['notes']
    if (update === undefined) return [lineOf('step_end', place, ended)]
    this.#notes.push(...(Array.isArray(update) ? (update as readonly Json[]) : [update]))
    const notes = { ...stepFields(place), update, current_notes: [...this.#notes] }
    return [lineOf('notes_updated', place, notes), lineOf('step_end', place, ended)]
  }

  #callStarted({ body: { number, activity, input } }: EventOf<'step.started'>): void {
    if (activity !== 'tool' && activity !== 'reply') return
    // The activity's name says what its input is.
    const { node, tool, args = {} } = input as unknown as { node: string; tool?: string; args?: StepCall['args'] }
    this.#calls.set(number, { place: this.#places.of(node), args, ...(activity === 'tool' && { tool: tool ?? '' }) })
  }

  #callEnded({ body: { number, output } }: EventOf<'step.succeeded'>): readonly OrketLine[] {
    const call = this.#calls.get(number)
    if (call === undefined) return []
    this.#calls.delete(number)
    if (call.tool !== undefined) return toolLines(call, output)
    const { text } = output as { readonly text?: string }
    for (const key of this.#working.keys())
      if (key.startsWith(`${call.place.node}\n`) && text !== undefined && text !== '') this.#working.set(key, text)
    return [usageLine(call, this.#run.name, output)]
  }

  #callFailed({ body: { number, failure } }: EventOf<'step.failed'>): readonly OrketLine[] {
    const call = this.#calls.get(number)
    if (call === undefined) return []
    this.#calls.delete(number)
    return [errorLine(call, failure.code)]
  }

  #obeyed(command: Json): void {
    const { do: done, node, role, target } = command as unknown as Command
    if (done === 'skip' || done === 'drop') this.#out.add(`node ${node}`)
    if (done === 'disable') this.#out.add(`role ${role}`)
    if (done === 'enable') this.#out.delete(target?.node === undefined ? `role ${target?.role}` : `node ${target.node}`)
  }

  #sessionEnd(status: string): OrketLine {
    const steps = this.#places.all.length
    return lineOf('session_end', undefined, { flow: this.#run.name, steps, skipped: this.#skipped, status })
  }
}

/** What of a command of the Conductor says who is out. */
interface Command {
  readonly do: string
  readonly node?: string
  readonly role?: string
  readonly target?: Out
}

interface Out {
  readonly node?: string
  readonly role?: string
}

/** Of several steps at work at once, each has its own. */
function keyOf({ node, round, item }: EventOf<'node.started' | 'node.ended'>['body']): string {
  return `${node}\n${round}\n${item}`
}
