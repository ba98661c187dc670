import { canonicalJson } from '#base/json.ts'
import { err } from '#base/result.ts'
import type { ReplyRequest } from '#domain/agents/reply-request.ts'
import type { Activity } from '#engine/activities.ts'
import type { ReplyBackend } from './reply-backend-port.ts'

/** The backend of that name, loaded when it is first asked; undefined where this program has none. */
export type FindBackend = (name: string) => Promise<ReplyBackend | undefined>

/** One reply of an agent, by its backend. Nothing takes the place of one that is not there. */
export function replyActivity(find: FindBackend): Activity {
  return {
    run: async (input, attempt) => {
      // Only `askForReply` asks for it.
      const request = input as unknown as ReplyRequest
      const { role, backend: name, node, max_reply_bytes: allowed } = request
      const backend = await find(name)
      if (backend === undefined) return err({ code: 'backend_missing', agent: role, backend: name })
      const replied = await backend.reply(request, attempt)
      if (!replied.ok || Buffer.byteLength(canonicalJson(replied.value)) <= allowed) return replied
      return err({ code: 'turn_limit', agent: node, limit: 'max_reply_bytes', allowed })
    },
  }
}
