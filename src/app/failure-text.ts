import { onOneLine } from '#base/text.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import { commandTexts } from './failure-texts/command.ts'
import { conductorTexts } from './failure-texts/conductor.ts'
import { fileTexts } from './failure-texts/file.ts'
import { flowTexts } from './failure-texts/flow.ts'
import { forkTexts } from './failure-texts/fork.ts'
import { inputTexts } from './failure-texts/input.ts'
import { orchestrationTexts } from './failure-texts/orchestration.ts'
import { projectTexts } from './failure-texts/project.ts'
import { runTexts } from './failure-texts/run.ts'
import { storeTexts } from './failure-texts/store.ts'
import { surroundingsTexts } from './failure-texts/surroundings.ts'
import { taskTexts } from './failure-texts/task.ts'
import { type FailureText, quoted, type TextsFor, words } from './failure-texts/text.ts'
import { turnTexts } from './failure-texts/turn.ts'
import { undoTexts } from './failure-texts/undo.ts'

/** Every code has its words: a missing one does not compile. */
const texts: TextsFor<Failure['code']> = {
  ...inputTexts,
  ...commandTexts,
  ...fileTexts,
  ...projectTexts,
  ...runTexts,
  ...orchestrationTexts,
  ...conductorTexts,
  ...forkTexts,
  ...flowTexts,
  orchestration_failed: orchestrationFailed,
  ...storeTexts,
  ...surroundingsTexts,
  ...taskTexts,
  ...turnTexts,
  ...undoTexts,
}

/**
 * What went wrong, for people: what and where, what was expected, what to do next. Lines of `detail` and `todo` are
 * complete, to be printed one by one below the headline. Paths below `home` are shown from `~`.
 */
export function describeFailure(failure: Failure, home?: string): FailureText {
  // The table holds under each code the function for that code; the compiler cannot tie the two together.
  const describe = texts[failure.code] as (failure: Failure, home: string | undefined) => FailureText
  return describe(failure, home)
}

/** The failure of an orchestration is that of the agent which failed; its words are those of that failure. */
function orchestrationFailed(
  { orchestration, agent, cause }: FailureOf<'orchestration_failed'>,
  home: string | undefined,
): FailureText {
  // It was a failure when it was recorded.
  const { headline, detail, todo } = describeFailure(cause as unknown as Failure, home)
  return words(`${onOneLine(agent)} of ${quoted(orchestration)} failed: ${headline}`, { detail, todo })
}
