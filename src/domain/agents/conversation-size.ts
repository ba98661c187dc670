import { canonicalJson } from '#base/json.ts'
import type { Message, ToolResult } from './message.ts'

/** What is sent with one reply at most, in UTF-16 units; a long turn would otherwise grow with its own square. */
const MOST_UNITS = 400_000

/**
 * The messages as they are sent: where they are too much, the oldest results of tools are left out and said to be.
 * What the agent itself said stays, and so does the latest result.
 */
export function withinSize(messages: readonly Message[], most = MOST_UNITS): readonly Message[] {
  let units = messages.reduce((sum, message) => sum + unitsOf(message), 0)
  const last = messages.findLastIndex(({ from }) => from === 'tools')
  return messages.map((message, index): Message => {
    if (units <= most || message.from !== 'tools' || index === last) return message
    const short: Message = { from: 'tools', results: message.results.map(leftOut) }
    units -= unitsOf(message) - unitsOf(short)
    return short
  })
}

function leftOut({ tool, result }: ToolResult): ToolResult {
  const units = canonicalJson(result).length
  return units < 500
    ? { tool, result }
    : { tool, result: { left_out: `${units} characters; ask again if you need them` } }
}

function unitsOf(message: Message): number {
  return canonicalJson(message).length
}
