import { borrowedEvents } from '#domain/run/borrow.ts'
import type { ChangedFile } from '#domain/run/changed-file.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { Moment } from '#domain/run/moment.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import { OrchestrationFold, type TimedEntry } from '#domain/run/orchestration-fold.ts'
import type { GivenVerdict } from '#domain/run/verdict.ts'
import { type ContentOf, changedFiles } from './course/file-changes.ts'
import { Timeline } from './course/timeline.ts'
import { verdictsOf } from './course/verdicts.ts'
import { inWords } from './orchestration-end.ts'

/** The whole course of an orchestration's run, as far as it has come. */
export interface Course {
  readonly name: string
  readonly goal: string | undefined
  /** Each round of each node, in the order of the graph; those that were left out say why. */
  readonly nodes: readonly NodeState[]
  readonly timeline: readonly Moment[]
  /** Each write into the shared context, in the order in which they come together. */
  readonly context: readonly TimedEntry[]
  readonly verdicts: readonly GivenVerdict[]
  /** What agents changed by their tools; what commands did is known to them alone. */
  readonly files: readonly ChangedFile[]
}

/** Undefined where these are not the events of an orchestration from its first on. */
export function courseOf(told: readonly RunEvent[], contentOf: ContentOf): Course | undefined {
  const events = told.flatMap((event) => (event.type === 'run.borrowed' ? borrowedEvents(event) : [event]))
  const fold = OrchestrationFold.begin(told[0])
  if (fold === undefined) return undefined
  const timeline = new Timeline()
  for (const event of events) {
    fold.add(event)
    timeline.add(event)
  }
  const goal = fold.writes.find(({ key, step }) => key === 'goal' && step === '')?.value
  return {
    name: fold.name,
    goal: typeof goal === 'string' ? goal : undefined,
    nodes: fold.nodes.map(inWords),
    timeline: timeline.moments,
    context: fold.writes,
    verdicts: verdictsOf(events),
    files: changedFiles(events, contentOf),
  }
}
