import { closeSync, openSync, readSync } from 'node:fs'
import { type JobEnd, jobEndOf } from '#app/follow.ts'
import type { Progress } from '#app/progress.ts'
import type { OutputPaths } from '#app/services.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import { formatDuration } from '#base/duration.ts'
import { count, printable } from '#base/text.ts'
import type { CommandReport } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { Io } from './io.ts'
import { causeOf, jobLine, recordedLine } from './job-lines.ts'

/** Of a failed job, so many last lines stand in the terminal; the rest is one command away. */
const TAIL_LINES = 10
const TAIL_BYTES = 64 * 1024
/** Piped, so much of each output is passed on; what is left out is said. */
const GROUP_BYTES = 1024 * 1024
const REDRAW_MS = 100

export interface RunView {
  readonly report: (progress: Progress) => void
  /** Takes away what moves, and says what is left to say. */
  end(): void
}

/** Shows a run as it goes: on a terminal a line a job and one that moves, piped the output of each job in one piece. */
export function runView(io: Io, files: OutputPaths): RunView {
  return new LiveView(io, files)
}

class LiveView implements RunView {
  readonly #io: Io
  readonly #files: OutputPaths
  readonly #running = new Map<number, { readonly name: string; readonly since: number }>()
  readonly #failed: JobEnd[] = []
  #runId = ''
  #width = 8
  #timer: NodeJS.Timeout | undefined
  #isDrawn = false

  constructor(io: Io, files: OutputPaths) {
    this.#io = io
    this.#files = files
  }

  readonly report = (progress: Progress): void => {
    if (progress.kind === 'begun') this.#begin(progress)
    else if (progress.kind === 'event') this.#event(progress.event, progress.isNews)
    else if (progress.kind === 'asks') this.#ask(progress.question)
    else if (progress.kind === 'note') this.#say(`${progress.text}\n`)
    else if (progress.kind === 'sleeps' && this.#io.isLive) {
      this.#say(`  waits until ${new Date(progress.until).toISOString()}\n`)
    }
  }

  end(): void {
    this.#clear()
    clearInterval(this.#timer)
    for (const end of this.#failed) this.#showFailure(end)
  }

  #begin({ runId, name, jobs }: Extract<Progress, { kind: 'begun' }>): void {
    this.#runId = runId
    this.#width = Math.max(...jobs.map((job) => job.length), 8)
    if (!this.#io.isLive) return
    this.#say(`${this.#io.paint.strong(printable(name))} · ${count(jobs.length, 'job')} · ${runId}\n`)
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
  }

  #ask({ number, asker, text, choices }: AskedQuestion): void {
    this.#say(`  ?  ${number}  ${printable(asker)} asks: ${printable(text)}\n`)
    this.#say(`        orchastration answer ${number} ${choices.join(' | ')}\n`)
  }

  #event(event: RunEvent, isNews: boolean): void {
    if (event.type === 'step.started') {
      this.#running.set(event.body.number, { name: event.body.name, since: event.at })
    }
    if (event.type === 'step.retried' && isNews) this.#retried(event.body)
    if (event.type === 'run.failed' && event.body.failure.code === 'jobs_failed') this.#skipped(event.body.failure.jobs)
    const end = jobEndOf(event)
    if (end === undefined) return
    this.#running.delete(end.number)
    if (!isNews) {
      this.#say(recordedLine(end, this.#width))
      return
    }
    if (this.#io.isLive) {
      this.#say(jobLine(end.job, { kind: 'ended', end }, { width: this.#width, paint: this.#io.paint }))
      if (end.failure !== undefined) this.#failed.push(end)
    } else this.#group(end)
  }

  #retried({
    number,
    attempt,
    due_at,
  }: {
    readonly number: number
    readonly attempt: number
    readonly due_at: number
  }): void {
    const name = this.#running.get(number)?.name ?? String(number)
    const wait = formatDuration(due_at - Date.now())
    if (this.#io.isLive) this.#say(`  again ${printable(name)}: attempt ${attempt} in ${wait}\n`)
  }

  #skipped(jobs: Readonly<Record<string, { readonly status: string; readonly because?: string | undefined }>>): void {
    if (!this.#io.isLive) return
    for (const [name, { status, because = '' }] of Object.entries(jobs)) {
      const layout = { width: this.#width, paint: this.#io.paint }
      if (status === 'skipped') this.#say(jobLine(name, { kind: 'skipped', because }, layout))
      if (status === 'declined') this.#say(jobLine(name, { kind: 'declined' }, layout))
    }
  }

  /** Everything that a job wrote, in one piece, under a line that says whose it is. */
  #group({ job, report, failure }: JobEnd): void {
    const time = formatDuration(report.ended_at - report.started_at)
    const state = failure === undefined ? 'ok' : causeOf(failure)
    this.#io.note(`${printable(job)} · ${state} · ${time}\n`)
    for (const stream of ['stdout', 'stderr'] as const) {
      const { digest, bytes } = report[stream]
      if (bytes === 0) continue
      const from = Math.max(0, bytes - GROUP_BYTES)
      if (from > 0) this.#io.note(`… ${count(from, 'byte')} more: orchastration runs logs ${this.#runId} ${job}\n`)
      copyRange(this.#files.artifact(digest), { from, until: bytes }, (chunk) => this.#io.bytes(chunk, 'note'))
    }
  }

  #showFailure({ job, report, failure }: JobEnd): void {
    const hasOutput = report.stdout.bytes + report.stderr.bytes > 0
    // Whoever cancelled knows why it ended.
    if (failure === undefined || (failure.code === 'cancelled' && !hasOutput)) return
    const time = formatDuration(report.ended_at - report.started_at)
    this.#io.note(`\n${printable(job)} · ${printable(report.argv.join(' '))} · ${causeOf(failure)} after ${time}\n`)
    for (const line of tailOf(report, this.#files)) this.#io.note(`  | ${printable(line)}\n`)
    if (hasOutput) this.#io.note(`  all of it: orchastration runs logs ${this.#runId} ${job}\n`)
  }

  #say(text: string): void {
    this.#clear()
    this.#io.note(text)
  }

  /** The one line that moves: what runs, and for how long. */
  #draw(): void {
    const now = Date.now()
    const parts = [...this.#running.values()].map(
      ({ name, since }) => `${printable(name)} ${formatDuration(now - since)}`,
    )
    this.#clear()
    if (parts.length === 0) return
    const line = `  run   ${parts.join(' · ')}`
    const columns = this.#io.columns()
    this.#io.note(line.length < columns ? line : `${line.slice(0, columns - 2)}…`)
    this.#isDrawn = true
  }

  #clear(): void {
    if (this.#isDrawn) this.#io.note('\r\u001b[K')
    this.#isDrawn = false
  }
}

/** The last lines of what a failed job wrote: of its errors, or of its output where it wrote no errors. */
function tailOf(report: CommandReport, files: OutputPaths): readonly string[] {
  const { digest, bytes } = report.stderr.bytes > 0 ? report.stderr : report.stdout
  if (bytes === 0) return []
  const chunks: Uint8Array[] = []
  const from = Math.max(0, bytes - TAIL_BYTES)
  copyRange(files.artifact(digest), { from, until: bytes }, (chunk) => chunks.push(chunk.slice()))
  const lines = Buffer.concat(chunks).toString('utf8').replace(/\n$/, '').split('\n')
  const shown = lines.slice(-TAIL_LINES)
  const hidden = lines.length - shown.length
  return hidden > 0 || from > 0 ? [...shown, `… ${from > 0 ? 'many' : hidden} more lines before`] : shown
}

/** Passes bytes of a file on, a bounded piece at a time. A file that is gone has nothing to show. */
export function copyRange(
  path: string,
  { from, until }: { readonly from: number; readonly until: number },
  take: (chunk: Uint8Array) => void,
): void {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return
  }
  const buffer = Buffer.allocUnsafe(64 * 1024)
  try {
    for (let position = from; position < until; ) {
      const read = readSync(file, buffer, 0, Math.min(buffer.length, until - position), position)
      if (read === 0) return
      take(buffer.subarray(0, read))
      position += read
    }
  } finally {
    closeSync(file)
  }
}
