import { drainMicrotasks } from 'bun:jsc'
import type { RunEvent } from '#domain/run/event.ts'
import { replayRun } from '#engine/replay-run.ts'
import type { Workflow } from '#engine/workflow.ts'
import { job } from '#workflows/job.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { undo } from '#workflows/undo.ts'
import { type Complain, isEnding } from './check-run.ts'
import { programWorkflow } from './programs.ts'
import { type SimRun, text } from './world.ts'

const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  job,
  orchestration,
  undo,
  program: programWorkflow({ wait: () => new Promise(() => undefined) }),
}

/** Executed from its journal alone, a run gives the same commands and comes to the same end. */
export async function checkReplay(run: SimRun, events: readonly RunEvent[], complain: Complain): Promise<void> {
  const last = events.at(-1)
  if (last === undefined) return
  const replayed = await replayRun(run.id, events, {
    findWorkflow: async (name) => WORKFLOWS[name],
    drain: drainMicrotasks,
  })
  if (!replayed.ok) return complain(`its journal cannot be replayed: ${text(replayed.error)}`)
  const { difference, reached, compared } = replayed.value
  if (difference !== undefined) complain(`a replay differs from its journal: ${text(difference)}`)
  const isOver = isEnding(last)
  if (isOver === (reached === 'open')) complain(`a replay says "${reached}" of a run that ends with ${last.type}`)
  const commands = events.filter(({ type }) => ['step.started', 'timer.started', 'wait.opened'].includes(type)).length
  if (compared.commands !== commands) complain(`a replay compared ${compared.commands} of ${commands} commands`)
}
