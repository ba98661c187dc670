import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { BuildInput } from '#workflows/task-activities.ts'
import type { ExpectedFiles } from './expected-files-port.ts'

export interface BuildParts {
  /** What runs commands. */
  readonly command: Activity
  readonly files: () => Promise<ExpectedFiles>
}

/**
 * Runs a command as jobs are run, and looks at the outputs that are expected of it before and after. That it says it
 * succeeded is not enough: what is not there, or lies there as it lay before, it did not make.
 */
export function buildActivity(parts: BuildParts): Activity {
  return { run: async (input, attempt) => await run(parts, input as BuildInput, attempt) }
}

async function run(parts: BuildParts, input: BuildInput, attempt: ActivityAttempt): Promise<Result<Json, Failure>> {
  const { argv, directory } = input
  const files = await parts.files()
  const paths = input.outputs.map((path) => files.resolve(directory, path))
  const before = await files.signs(paths, attempt.signal)
  const ran = await parts.command.run({ argv, directory, env: {} }, attempt)
  if (!ran.ok) return ran
  // The command's activity answers with a report, and only with that.
  const report = ran.value as CommandReport
  const after = await files.signs(paths, attempt.signal)
  // An expected output may be large: whoever wants no more need not wait until it is read.
  if (attempt.signal.aborted) return err({ ...(attempt.signal.reason as Failure), report } as Failure)
  const missing = paths.filter((path) => after.get(path) === null)
  const untouched = paths.filter((path) => after.get(path) !== null && after.get(path) === before.get(path))
  if (missing.length + untouched.length > 0) return err({ code: 'outputs_not_made', missing, untouched, report })
  return ok({ ...report, outputs: [...new Set(paths)] })
}
