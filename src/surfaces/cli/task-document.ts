import type { TaskRun } from '#app/run-task.ts'
import { exitCodeOfRun } from './exit-code.ts'
import { snakeKeys } from './mount.ts'

/** The one shape of a document on what was done with a task. */
export function taskDocument({ task, action, runId, attended, status, exit, output }: TaskRun): object {
  const { run, questions, failure } = attended
  return {
    task,
    action,
    status: status ?? null,
    run: runId,
    run_status: run.status,
    exit: exitCodeOfRun(attended),
    command_exit: exit ?? null,
    ...(output !== undefined && 'outputs' in output && { outputs: output.outputs }),
    ...(output !== undefined && 'report' in output && { review: output.status, report: output.report }),
    ...(output !== undefined && 'paths' in output && { docs: output.paths }),
    ...(output !== undefined && 'url' in output && { issue: output.url }),
    ...(output !== undefined && 'branch' in output && { branch: output.branch, directory: output.directory }),
    questions: questions.map(snakeKeys),
    failure: failure ?? null,
  }
}
