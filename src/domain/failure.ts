import * as z from 'zod/mini'
import { commandFailures } from './failures/command.ts'
import { conductorFailures } from './failures/conductor.ts'
import type { FailureEntries, FailureEntry } from './failures/entry.ts'
import { fileFailures } from './failures/file.ts'
import { flowFailures } from './failures/flow.ts'
import { forkFailures } from './failures/fork.ts'
import { inputFailures } from './failures/input.ts'
import { orchestrationFailures } from './failures/orchestration.ts'
import { projectFailures } from './failures/project.ts'
import { runFailures } from './failures/run.ts'
import { storeFailures } from './failures/store.ts'
import { surroundingsFailures } from './failures/surroundings.ts'
import { taskFailures } from './failures/task.ts'
import { undoFailures } from './failures/undo.ts'

/**
 * Everything that a user or the world can cause, as values. docs/failures.md is made from this table and the one in
 * failure-rules.ts.
 */
const catalogue = {
  ...inputFailures,
  ...projectFailures,
  ...surroundingsFailures,
  ...commandFailures,
  ...taskFailures,
  ...runFailures,
  ...orchestrationFailures,
  ...conductorFailures,
  ...forkFailures,
  ...undoFailures,
  ...flowFailures,
  ...storeFailures,
  ...fileFailures,
  internal: {
    means: 'A bug of ours. The log file has the details under the incident.',
    data: z.object({ incident: z.string(), detail: z.string() }),
  },
} as const satisfies FailureEntries

export type FailureCode = keyof typeof catalogue
export type Failure = {
  [Code in FailureCode]: { readonly code: Code } & z.infer<(typeof catalogue)[Code]['data']>
}[FailureCode]
/** One kind of failure, by its code. */
export type FailureOf<Code extends FailureCode> = Extract<Failure, { readonly code: Code }>

/**
 * The table behind the union, for documents and their schemas. What the program asks of a failure is in
 * failure-rules.ts.
 */
export const failureCatalogue: Readonly<Record<FailureCode, FailureEntry>> = catalogue
