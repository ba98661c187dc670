import { RunLogs } from '#domain/orket/run-logs.ts'
import { type PinnedRun, pinnedRun } from '#domain/orket/run-places.ts'
import { Transcript } from '#domain/orket/transcript.ts'
import { transcriptJson, transcriptMarkdown } from '#domain/orket/transcript-text.ts'
import { borrowedEvents } from '#domain/run/borrow.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { TranscriptRecord } from './records-port.ts'

interface Folds {
  readonly transcript: Transcript
  readonly logs: RunLogs | undefined
}

/** The transcript of one orchestration's run, made of its facts as they come. */
export class TranscriptRecorder {
  readonly #runId: RunId
  readonly #run: PinnedRun
  readonly #transcript: Transcript
  /** Of a flow: somebody may look for the files that Orket leaves. */
  readonly #logs: RunLogs | undefined
  #status = ''

  private constructor(runId: RunId, run: PinnedRun, { transcript, logs }: Folds) {
    this.#runId = runId
    this.#run = run
    this.#transcript = transcript
    this.#logs = logs
  }

  /** Undefined where this is not the first event of an orchestration's run. */
  static begin(event: RunEvent | undefined): TranscriptRecorder | undefined {
    const run = pinnedRun(event)
    const transcript = Transcript.begin(event)
    if (event === undefined || run === undefined || transcript === undefined) return undefined
    const logs = run.flow === undefined ? undefined : RunLogs.begin(event)
    logs?.add(event)
    return new TranscriptRecorder(event.runId, run, { transcript, logs })
  }

  add(event: RunEvent): void {
    if (event.type === 'run.borrowed') {
      for (const each of borrowedEvents(event)) this.add(each)
      return
    }
    this.#transcript.add(event)
    if (event.type !== 'run.queued') this.#logs?.add(event)
    if (event.type.startsWith('run.')) this.#status = event.type.slice('run.'.length)
  }

  /** As it is after the last event. */
  get record(): TranscriptRecord {
    const { name, goal = null, flow, tools } = this.#run
    const head = {
      flow_name: name,
      run_id: this.#runId,
      task: goal,
      workspace: tools?.spaces.workspace ?? null,
      status: this.#status,
      not_honoured: (flow?.unheeded ?? []).map(({ setting }) => setting),
    }
    const { entries } = this.#transcript
    return {
      runId: this.#runId,
      orchestration: name,
      json: transcriptJson(head, entries),
      markdown: transcriptMarkdown(head, entries),
      logs: this.#logs?.files ?? [],
    }
  }
}
