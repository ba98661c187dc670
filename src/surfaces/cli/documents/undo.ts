import * as z from 'zod/mini'
import { about, document, exitCode, failureOrNull, runId, status } from './shapes.ts'

/** `runs undo`. */
export const runsUndo = document('runs-undo', {
  run: about(z.nullable(z.string()), 'the run that undoes; null with --dry-run'),
  of: runId(),
  name: about(z.string(), 'what people call the run that is undone'),
  status: z.nullable(status()),
  exit: exitCode('the exit code of the command'),
  files: z.array(
    z.object({
      path: about(z.string(), 'absolute'),
      outcome: z.enum(['restored', 'removed', 'untouched', 'refused', 'would_restore', 'would_remove']),
      reason: about(
        z.nullable(z.enum(['changed', 'content_gone', 'not_a_file', 'unreachable'])),
        'why it is refused; null where it is not',
      ),
    }),
  ),
  others: about(
    z.int(),
    'how many other steps of the run, such as commands, may have changed something that nobody knows',
  ),
  failure: failureOrNull,
})
