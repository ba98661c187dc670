import * as z from 'zod/mini'
import { about, document, exitCode, failureOrNull, question, runId, status, time } from './shapes.ts'

const taskStatus = z.enum(['planned', 'in_progress', 'done', 'failed'])
const action = about(
  z.enum(['plan.create', 'build.run', 'review.run', 'doc.generate', 'git.issue.create', 'git.branch.create']),
  'what was done',
)

/** `plan list`. */
export const planList = document('plan-list', {
  tasks: z.array(
    z.object({
      name: z.string(),
      description: z.optional(z.string()),
      status: about(taskStatus, 'where its latest build has left it; before the first one, as configured'),
    }),
  ),
})

/** `plan status`. */
export const planStatus = document('plan-status', {
  task: z.string(),
  status: taskStatus,
  action,
  last_run: time('when something was done with it last'),
  run: runId(),
})

/** Whatever is done with a task, by its own command. */
export const task = document('task', {
  task: z.string(),
  action,
  status: about(z.nullable(taskStatus), 'where the task stands after that; null where nothing was ever done with it'),
  run: runId(),
  run_status: status(),
  exit: exitCode('the exit code of the command'),
  command_exit: about(z.nullable(z.int()), "of a build: the exit code of the task's command, as its record has it"),
  outputs: about(z.optional(z.array(z.string())), 'of a build: what it made or wrote anew'),
  review: z.optional(z.enum(['passed', 'failed', 'rejected'])),
  report: about(z.optional(z.string()), 'of a review: in one line'),
  docs: about(z.optional(z.array(z.string())), "the files that were written, the task's page first"),
  issue: about(z.optional(z.nullable(z.string())), 'its URL; null where gh said none'),
  branch: z.optional(z.string()),
  directory: about(z.optional(z.string()), 'the repository of the branch'),
  questions: about(z.array(question), 'what the run waits for'),
  failure: failureOrNull,
})
