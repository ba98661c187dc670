import { orchestrationEnd } from '#app/orchestration-end.ts'
import type { StartedRun } from '#app/start-run.ts'
import { OrchContext } from '#domain/context/orch-context.ts'
import type { OrchestrationEnd } from '#domain/run/orchestration-record.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import { type Io, onlyAnswer } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { OrchestrationView } from '../orchestration-view.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `orchestration run`: its nodes as they go, and the ancestor's summary line. */
export const orchestrationRun = mount<StartedRun>(({ io, json, services }) => {
  const view = new OrchestrationView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: (started) => {
      const end = view.fold === undefined ? undefined : orchestrationEnd(view.fold)
      const exit = started.attended === undefined ? 0 : exitCodeOfRun(started.attended)
      if (json) printJson(io, 'orchestration run', documentOf(started, end, exit))
      else tellEnd(io, started, end)
      return exit
    },
  }
})

function tellEnd(io: Io, { runId, attended }: StartedRun, end: OrchestrationEnd | undefined): void {
  if (attended === undefined) {
    io.out(`run=${runId}\n`)
    return
  }
  sayWhereItStands(io, attended)
  if (end !== undefined) io.out(summaryLine(end))
}

function documentOf(
  { runId, requested, attended }: StartedRun,
  end: OrchestrationEnd | undefined,
  exit: number,
): object {
  return {
    run: runId,
    orchestration: requested[0] ?? '',
    status: attended?.run.status ?? 'queued',
    exit: attended === undefined ? null : exit,
    agents: end?.agents ?? [],
    context: OrchContext.of(end?.context ?? []).values,
    failure: attended?.failure ?? null,
  }
}

function summaryLine({ name, succeeded, startedAt, endedAt }: OrchestrationEnd): string {
  return `orchestration=${name} status=${succeeded ? 'success' : 'failed'} duration_ms=${endedAt - startedAt}\n`
}
