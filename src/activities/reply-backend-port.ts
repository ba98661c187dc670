import type { Result } from '#base/result.ts'
import type { ReplyReport, ReplyRequest } from '#domain/agents/reply-request.ts'
import type { Failure } from '#domain/failure.ts'

/** Where the replies of agents come from: a script, later a model or a coding agent. */
export interface ReplyBackend {
  /** One reply. It stops when the signal aborts, with the signal's reason. */
  reply(request: ReplyRequest, attempt: ReplyAttempt): Promise<Result<ReplyReport, Failure>>
}

interface ReplyAttempt {
  /** Equal for all tries of one reply, also after a crash. */
  readonly key: string
  /** Counts the tries, from 1. */
  readonly attempt: number
  readonly signal: AbortSignal
}
