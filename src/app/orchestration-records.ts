import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import { orchestrationRecord } from '#domain/run/orchestration-record.ts'
import type { RunId } from '#domain/run/run.ts'
import { orchestrationEnd } from './orchestration-end.ts'
import { TranscriptRecorder } from './orchestration-transcript.ts'
import type { RecordsPort } from './records-port.ts'

/** The record of one orchestration's run, made of its facts as they come. */
export class OrchestrationRecorder {
  readonly #runId: RunId
  readonly #fold: OrchestrationFold
  readonly #transcript: TranscriptRecorder | undefined

  private constructor(runId: RunId, fold: OrchestrationFold, transcript: TranscriptRecorder | undefined) {
    this.#runId = runId
    this.#fold = fold
    this.#transcript = transcript
  }

  /** Undefined where this is not the first event of an orchestration's run. */
  static begin(event: RunEvent | undefined): OrchestrationRecorder | undefined {
    const fold = OrchestrationFold.begin(event)
    if (fold === undefined || event === undefined) return undefined
    return new OrchestrationRecorder(event.runId, fold, TranscriptRecorder.begin(event))
  }

  add(event: RunEvent): void {
    this.#fold.add(event)
    this.#transcript?.add(event)
  }

  /** Writes the record of a run that has ended; nothing for one that has not. */
  async write(records: RecordsPort, isNew: boolean): Promise<Result<boolean, Failure>> {
    const end = orchestrationEnd(this.#fold)
    if (end === undefined) return ok(false)
    const record = { runId: this.#runId, isNew, startedAt: end.startedAt, record: orchestrationRecord(end) }
    const written = await records.writeOrchestration(record)
    if (!written.ok || this.#transcript === undefined) return written.ok ? ok(true) : written
    const transcript = await records.writeTranscript(this.#transcript.record)
    return transcript.ok ? ok(true) : transcript
  }
}
