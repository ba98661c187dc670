import { constants } from 'node:os'
import type { Attended } from '#app/attended.ts'
import type { Failure } from '#domain/failure.ts'
import { failureRules } from '#domain/failure-rules.ts'
import { isEnded } from '#domain/run/run.ts'

/** The run waits for a person. */
export const EXIT_WAITING = 3

/** By the numbers of this operating system. */
const SIGNALS: Readonly<Record<string, number>> = constants.signals

/** The exit code of the process for a failure, as README's table has it. */
export function exitCodeOf(failure: Failure): number {
  switch (failure.code) {
    case 'command_failed':
      return failure.exit
    case 'command_killed':
      return 128 + (SIGNALS[failure.signal] ?? 0)
    case 'cancelled':
      return 128 + (SIGNALS[failure.signal ?? 'SIGINT'] ?? 2)
    default:
      return failureRules[failure.code].exit
  }
}

/** The exit code of a command that stayed with a run. */
export function exitCodeOfRun({ run, failure }: Attended): number {
  if (failure !== undefined) return exitCodeOf(failure)
  if (run.status === 'succeeded') return 0
  // Of a run that was erased, why it failed is gone.
  return isEnded(run.status) ? 1 : EXIT_WAITING
}
