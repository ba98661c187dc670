import * as z from 'zod/mini'
import { NodeState } from '#domain/run/node-state.ts'
import { about, document, failureOrNull, runId, status } from './shapes.ts'

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

/** `runs fork`. */
export const runsFork = document('runs-fork', {
  run: about(runId(), 'the new run'),
  from: about(
    z.object({ run: runId(), step: z.string() }),
    'the run that it goes on from, and its first step of its own',
  ),
  workspaces: about(
    z.array(z.object({ from: z.string(), to: z.string() })),
    'the new directories, each with that in whose place it is',
  ),
  status: about(z.string(), 'where the new run stands'),
  exit: about(z.nullable(z.int()), 'the exit code; null where the command does not stay with the run'),
  agents: about(z.array(NodeState), 'how each round of each node ended, in the order of the graph'),
  context: about(z.record(z.string(), z.unknown()), 'the values of the shared context in the end'),
  failure: failureOrNull,
})
