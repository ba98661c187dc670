import type { Json } from '#base/json.ts'
import type { Reply, ToolCall } from './message.ts'
import { textCalls } from './text-calls.ts'
import { toolOf } from './tool-name.ts'

/** A reply as its turn takes it. */
export interface ReadReply extends Reply {
  /** What cannot be read without a guess; nothing of the reply is done then. */
  readonly faults: readonly string[]
}

/** The calls of a reply, by our names, also where they stand in its text. */
export function readReply({ text, calls, output }: Reply, callsInText: boolean): ReadReply {
  const found = callsInText && calls.length === 0 ? textCalls(text) : { calls, said: text, faults: [] }
  return { text: found.said, calls: found.calls.map(ownCall), output, faults: found.faults }
}

/** What other programs call `content` is our `text`. */
function ownCall({ tool, args }: ToolCall): ToolCall {
  const own = toolOf(tool) ?? tool
  if (own !== 'write' || !Object.hasOwn(args, 'content') || Object.hasOwn(args, 'text')) return { tool: own, args }
  const { content, ...others } = args
  return { tool: own, args: { ...others, text: content as Json } }
}
