import type { Message, Reply } from './message.ts'
import type { OutputKind } from './role.ts'
import type { ScriptedReply } from './script.ts'
import type { AnyTool } from './tool-name.ts'

/** What a backend is asked: all that the agent sees, and within which limits it answers. */
export type ReplyRequest = {
  readonly node: string
  readonly role: string
  readonly backend: string
  /** Which versions of our texts it was told: of the role's instructions, and of all that stands around them. */
  readonly role_version: number
  readonly prompt_version: number
  /** What holds for the whole turn. */
  readonly instructions: string
  readonly messages: readonly Message[]
  readonly tools: readonly AnyTool[]
  readonly output: OutputKind
  readonly temperature?: number
  /** How large the reply may be, as JSON. */
  readonly max_reply_bytes: number
  /** Of a scripted backend: what it plays. */
  readonly scripted?: ScriptedReply
}

/** What a backend answers. */
export type ReplyReport = Reply & {
  /** Why it cannot be taken for a reply, such as that it was cut off; empty where it can. */
  readonly broken: string
}
