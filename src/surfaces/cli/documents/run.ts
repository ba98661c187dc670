import * as z from 'zod/mini'
import { about, document, exitCode, failureOrNull, question, runId, status } from './shapes.ts'

/** `run` and `runs resume`: the run, as far as the command stayed with it. */
export const run = document('run', {
  run: runId(),
  name: about(z.string(), 'what people call it: the jobs that were asked for'),
  status: status(),
  exit: about(z.nullable(z.int()), 'the exit code of the command; null where it did not stay with the run'),
  jobs: about(
    z.array(
      z.object({
        job: z.string(),
        exit: about(z.nullable(z.int()), 'as its record has it; null where it has not ended'),
        duration_ms: about(z.nullable(z.int()), 'null where it has not ended'),
        up_to_date: about(
          z.optional(z.object({ run: runId(), inputs: z.int(), outputs: z.int() })),
          'only where nothing was started: the run whose success still holds, and how many files were looked at',
        ),
      }),
    ),
    'the jobs that were asked for',
  ),
  questions: about(z.array(question), 'what the run waits for'),
  failure: failureOrNull,
})

/** `runs cancel`. */
export const runsCancel = document('runs-cancel', { run: runId(), status: status() })

/** `runs steer`. */
export const runsSteer = document('runs-steer', {
  run: runId(),
  command: about(z.looseObject({ do: z.string() }), 'as it stands in the log'),
  words: about(z.string(), 'the same as people say it'),
  obeyed: about(z.boolean(), 'false where nobody executes the run yet: it obeys when it goes on'),
  launched: about(z.boolean(), 'whether a process was started in the background to go on with the run'),
})

/** `runs wait`. */
export const runsWait = document('runs-wait', {
  exit: exitCode('the exit code of the command'),
  because: about(z.enum(['ended', 'people', 'time']), 'why it waits no longer'),
  runs: z.array(
    z.object({
      run: runId(),
      name: z.string(),
      status: status(),
      interrupted: z.boolean(),
      exit: about(z.nullable(z.int()), 'the exit code of a run that is over'),
      questions: z.array(question),
      failure: failureOrNull,
    }),
  ),
})

/** `work`: a line for each run that came to rest, or could not be served. */
export const work = document('work', {
  run: runId(),
  status: about(z.nullable(status()), 'null where the run could not be served'),
  failure: failureOrNull,
})

/** `answer`. */
export const answer = document('answer', {
  question: about(z.int(), 'its number'),
  run: runId(),
  choice: z.string(),
  launched: about(z.boolean(), 'whether a process was started in the background to go on with the run'),
})

/** `run --plan` and `run --dry-run`: what would run. */
export const plan = document('plan', {
  plan: about(z.string(), 'the digest by which exactly this can be run: orchastration run --plan'),
  requested: z.array(z.string()),
  keep_going: z.boolean(),
  force: z.boolean(),
  jobs: about(
    z.array(
      z.object({
        job: z.string(),
        argv: z.array(z.string()),
        directory: z.string(),
        params: z.record(z.string(), z.unknown()),
        definition: about(z.record(z.string(), z.unknown()), 'the job as the configuration has it'),
      }),
    ),
    'in the order in which they could run',
  ),
})
