import { orchestrationEnd } from '#app/orchestration-end.ts'
import type { StartedRun } from '#app/start-run.ts'
import { OrchContext } from '#domain/context/orch-context.ts'
import type { OrchestrationEnd } from '#domain/run/orchestration-record.ts'
import { exitCodeOfRun } from './exit-code.ts'
import type { Io } from './io.ts'
import type { OrchestrationView } from './orchestration-view.ts'
import { sayWhereItStands } from './where-it-stands.ts'

/** What a run of an orchestration that was begun has come to. */
export interface OrchestrationAnswer {
  readonly exit: number
  /** The ancestor's summary line, and what else the run waits for. */
  tell(io: Io): void
  /** The same as fields of a document. */
  readonly fields: object
}

export function orchestrationAnswer(started: StartedRun, { fold }: OrchestrationView): OrchestrationAnswer {
  const { attended } = started
  const end = fold === undefined ? undefined : orchestrationEnd(fold)
  const exit = attended === undefined ? 0 : exitCodeOfRun(attended)
  return {
    exit,
    tell: (io) => tellEnd(io, started, end),
    fields: {
      status: attended?.run.status ?? 'queued',
      exit: attended === undefined ? null : exit,
      agents: end?.agents ?? [],
      context: OrchContext.of(end?.context ?? []).values,
      failure: attended?.failure ?? null,
    },
  }
}

function tellEnd(io: Io, { runId, attended }: StartedRun, end: OrchestrationEnd | undefined): void {
  if (attended === undefined) {
    io.out(`run=${runId}\n`)
    return
  }
  sayWhereItStands(io, attended)
  if (end !== undefined) io.out(summaryLine(end))
}

function summaryLine({ name, succeeded, startedAt, endedAt }: OrchestrationEnd): string {
  return `orchestration=${name} status=${succeeded ? 'success' : 'failed'} duration_ms=${endedAt - startedAt}\n`
}
