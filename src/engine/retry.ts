import type { Failure } from '#domain/failure.ts'
import { failureRules } from '#domain/failure-rules.ts'
import type { RetryPolicy } from './workflow.ts'

/**
 * How long to wait before the next try of a failed step, in milliseconds; undefined where there is none. The wait
 * doubles with each try up to the policy's longest one, and is then stretched by up to half for the step's spread.
 */
export function delayBeforeRetry(
  policy: RetryPolicy | undefined,
  attempt: number,
  failure: Failure,
): number | undefined {
  if (policy === undefined || attempt >= policy.attempts || !isWorthRetrying(policy, failure)) return undefined
  const doubled = Math.min(policy.backoffMaxMs, policy.backoffMs * 2 ** (attempt - 1))
  return Math.round(doubled * (1 + policy.spread / 2))
}

function isWorthRetrying(policy: RetryPolicy, failure: Failure): boolean {
  if (failure.code === 'command_failed' && policy.exitCodes !== undefined)
    return policy.exitCodes.includes(failure.exit)
  return failureRules[failure.code].retry === 'later'
}
