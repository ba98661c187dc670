import type { Failure } from '#domain/failure.ts'
import { commandTexts } from './failure-texts/command.ts'
import { fileTexts } from './failure-texts/file.ts'
import { inputTexts } from './failure-texts/input.ts'
import { projectTexts } from './failure-texts/project.ts'
import { runTexts } from './failure-texts/run.ts'
import { storeTexts } from './failure-texts/store.ts'
import { surroundingsTexts } from './failure-texts/surroundings.ts'
import { taskTexts } from './failure-texts/task.ts'
import type { FailureText, TextsFor } from './failure-texts/text.ts'

/** Every code has its words: a missing one does not compile. */
const texts: TextsFor<Failure['code']> = {
  ...inputTexts,
  ...commandTexts,
  ...fileTexts,
  ...projectTexts,
  ...runTexts,
  ...storeTexts,
  ...surroundingsTexts,
  ...taskTexts,
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
