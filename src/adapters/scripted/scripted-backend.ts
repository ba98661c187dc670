import type { ReplyBackend } from '#activities/reply-backend-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { ReplyReport, ReplyRequest } from '#domain/agents/reply-request.ts'
import type { Failure } from '#domain/failure.ts'

/** Plays what a run has pinned of its script: replies, faults and delays, and nothing of its own. */
export const scriptedBackend: ReplyBackend = {
  reply: async (request, { attempt, signal }) => {
    const { scripted } = request
    if (scripted === undefined) return err({ code: 'backend_missing', agent: request.role, backend: 'scripted' })
    const { delay_ms: delay, fault, times, reply } = scripted
    if (delay > 0 && !(await waited(delay, signal))) return err(signal.reason as Failure)
    if (fault === null || (times !== null && attempt > times)) return ok({ ...reply, broken: '' })
    return faulty(request, fault, scripted.number)
  },
}

type Fault = NonNullable<NonNullable<ReplyRequest['scripted']>['fault']>

function faulty({ role, backend }: ReplyRequest, fault: Fault, number: number): Result<ReplyReport, Failure> {
  const about = { agent: role, backend, detail: `entry ${number} of the script says so` }
  switch (fault) {
    case 'malformed':
      return ok({ text: '', calls: [], output: null, broken: 'it is malformed' })
    case 'cut':
      return ok({ text: '', calls: [], output: null, broken: 'it was cut off' })
    case 'refused':
    case 'auth':
      return err({ code: 'backend_refused', ...about, fault })
    default:
      return err({ code: 'backend_failed', ...about, fault })
  }
}

/** Whether the time passed before the signal came. */
function waited(durationMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false)
      return
    }
    const timer = setTimeout(() => resolve(true), durationMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve(false)
    })
  })
}
