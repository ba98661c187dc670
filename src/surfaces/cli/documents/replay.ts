import * as z from 'zod/mini'
import { about, document, runId, status } from './shapes.ts'

/** `runs replay`. */
export const runsReplay = document('runs-replay', {
  run: runId(),
  workflow: z.string(),
  name: about(z.string(), 'what people call it'),
  status: status(),
  equal: about(z.boolean(), 'whether the replay did all that is recorded, and nothing else'),
  commands: about(z.int(), 'how many steps, timers and waits were compared'),
  facts: about(z.int(), 'how many recorded facts were compared, those commands among them'),
  reached: about(
    z.enum(['ended', 'closed', 'open']),
    'the recorded end; where others closed the run from outside; or where it stands',
  ),
  difference: about(
    z.nullable(
      z.object({
        seq: about(z.nullable(z.int()), 'the event of the log; null where nothing more is recorded'),
        recorded: z.string(),
        replayed: z.string(),
      }),
    ),
    'the first one; null where there is none',
  ),
})
