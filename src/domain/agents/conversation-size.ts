import { canonicalJson, type Json } from '#base/json.ts'
import type { Message, ToolCall, ToolResult } from './message.ts'

/** What is sent with one reply at most, in UTF-16 units; a long turn would otherwise grow with its own square. */
const MOST_UNITS = 400_000
/** What is shorter is worth more than the room it takes. */
const SHORT_UNITS = 500

/**
 * The messages as they are sent. Where they are too much, the longest of what can be had again is left out and said to
 * be: first the answers of tools, the oldest before the others, then what the agent itself wrote into files, and only in
 * the end the latest answers. What the run itself says stays.
 */
export function withinSize(messages: readonly Message[], most = MOST_UNITS): readonly Message[] {
  const sent = [...messages]
  let units = messages.reduce((sum, message) => sum + unitsOf(message), 0)
  for (const index of leastNeeded(messages)) {
    if (units <= most) break
    const [long] = sent.slice(index, index + 1)
    if (long === undefined) break
    const short = shortened(long, units - most)
    units -= unitsOf(long) - unitsOf(short)
    sent[index] = short
  }
  return sent
}

/** The places of messages in the order in which they are shortened. */
function leastNeeded(messages: readonly Message[]): readonly number[] {
  const placesOf = (from: Message['from']) =>
    messages.flatMap((message, index) => (message.from === from ? [index] : []))
  const tools = placesOf('tools')
  return [...tools.slice(0, -1), ...placesOf('agent'), ...tools.slice(-1)]
}

/** Shorter by the excess, where that can be: of the answers of tools, as many of the first as it takes. */
function shortened(message: Message, excess: number): Message {
  switch (message.from) {
    case 'tools': {
      let left = excess
      const results = message.results.map((result) => {
        if (left <= 0) return result
        const short = shortResult(result)
        left -= canonicalJson(result).length - canonicalJson(short).length
        return short
      })
      return { from: 'tools', results }
    }
    case 'agent':
      return { from: 'agent', text: shortText(message.text), calls: message.calls.map(shortCall) }
    default:
      return message
  }
}

function shortResult({ tool, result }: ToolResult): ToolResult {
  const units = canonicalJson(result).length
  return {
    tool,
    result: units < SHORT_UNITS ? result : { left_out: `${units} characters; ask again for what you need` },
  }
}

function shortCall({ tool, args }: ToolCall): ToolCall {
  return { tool, args: Object.fromEntries(Object.entries(args).map(([key, value]) => [key, shortValue(value)])) }
}

function shortValue(value: Json): Json {
  const units = canonicalJson(value).length
  return units < SHORT_UNITS ? value : { left_out: `${units} characters` }
}

function shortText(text: string): string {
  const isShort = text.length < 2 * SHORT_UNITS
  return isShort ? text : `${text.slice(0, SHORT_UNITS)}… (${text.length - SHORT_UNITS} characters are left out)`
}

function unitsOf(message: Message): number {
  return canonicalJson(message).length
}
