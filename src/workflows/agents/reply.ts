import type { ReplyReport, ReplyRequest } from '#domain/agents/reply-request.ts'
import { activity, type Pending, type RetryPolicy, type WorkflowContext } from '#engine/workflow.ts'

/** One answer of an agent's backend. Its input is all that the agent sees. */
const reply = activity<ReplyRequest, ReplyReport>('reply')

/** Of what goes away by itself, such as too many requests. */
const RETRY: RetryPolicy = { attempts: 3, backoffMs: 500, backoffMaxMs: 10_000, spread: 0 }
/** Nobody waits longer than this for one reply. */
const TIMEOUT_MS = 600_000

/** Asks an agent's backend for its next reply, as a step of its node. */
export function askForReply(ctx: WorkflowContext, request: ReplyRequest): Pending<ReplyReport> {
  return ctx.run(reply, request, {
    name: `${request.node}:reply`,
    idempotent: true,
    timeoutMs: TIMEOUT_MS,
    retry: RETRY,
  })
}
