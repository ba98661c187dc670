import { orchestrationEnd } from '#app/orchestration-end.ts'
import type { Progress } from '#app/progress.ts'
import type { StartedRun } from '#app/start-run.ts'
import { onOneLine } from '#base/text.ts'
import { StepPrompts } from '#domain/conductor/step-prompt.ts'
import { OrchContext } from '#domain/context/orch-context.ts'
import { OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import type { OrchestrationEnd } from '#domain/run/orchestration-record.ts'
import { TREE_ACTIVITY } from '#domain/run/recorded-tree.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { causeOf } from '../job-lines.ts'
import { mount, printJson } from '../mount.ts'
import { nodeLines } from '../node-lines.ts'
import { stepPromptText } from '../step-prompt-text.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `orchestration run`: its steps as they end, then how each agent ended and what they have in common. */
export const orchestrationRun = mount<StartedRun>(({ io, json, options }) => {
  let fold: OrchestrationFold | undefined
  let prompts: StepPrompts | undefined
  return {
    report: (progress) => {
      if (progress.kind === 'event') {
        fold ??= OrchestrationFold.begin(progress.event)
        fold?.add(progress.event)
        if (progress.event.type === 'run.queued') prompts = new StepPrompts(progress.event)
        prompts?.add(progress.event)
      }
      if (!json) tell(progress, io, prompts)
    },
    answer: (started) => {
      const end = fold === undefined ? undefined : orchestrationEnd(fold)
      const exit = started.attended === undefined ? 0 : exitCodeOfRun(started.attended)
      if (json) printJson(io, 'orchestration run', documentOf(started, end, exit))
      else tellEnd(io, { started, end, isQuiet: options['quiet'] === true })
      return exit
    },
  }
})

interface Told {
  readonly started: StartedRun
  readonly end: OrchestrationEnd | undefined
  readonly isQuiet: boolean
}

function tellEnd(io: Io, { started: { runId, attended }, end, isQuiet }: Told): void {
  if (attended === undefined) {
    io.out(`run=${runId}\n`)
    return
  }
  const shown = (end?.agents ?? []).filter(({ status }) => !isQuiet || status === 'failed')
  for (const line of nodeLines(shown, { columns: io.size().columns, paint: io.paint })) io.note(`${line}\n`)
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

/** A line for each step that ended, as it ends. */
function tell(progress: Progress, io: Io, prompts: StepPrompts | undefined): void {
  if (progress.kind === 'note') io.note(`${onOneLine(progress.text)}\n`)
  if (progress.kind === 'begun') io.note(`${onOneLine(progress.name)} · ${progress.runId}\n`)
  if (progress.kind === 'asks') {
    const { number, asker, text, choices } = progress.question
    io.note(`  ?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}\n`)
    io.note(prompts === undefined ? '' : stepPromptText(prompts, progress.question))
    io.note(`        orchastration answer ${number} ${choices.join(' | ')}\n`)
  }
  if (progress.kind !== 'event' || !progress.isNews) return
  const { event } = progress
  if ('activity' in event.body && event.body.activity === TREE_ACTIVITY) return
  if (event.type === 'step.succeeded') io.note(`${onOneLine(event.body.name)} · ok\n`)
  if (event.type === 'step.failed') io.note(`${onOneLine(event.body.name)} · ${causeOf(event.body.failure)}\n`)
}
