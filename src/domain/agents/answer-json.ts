import type { Json } from '#base/json.ts'
import { jsonIn, withoutFence } from './json-calls.ts'
import type { Reply } from './message.ts'

/**
 * What a reply hands in: its output, else the JSON that its whole text is. Null where there is none: JSON among other
 * words may be quoted from a file, and what files say is nobody's answer.
 */
export function answerIn({ output, text }: Pick<Reply, 'output' | 'text'>): Json {
  return output ?? jsonIn(withoutFence(text)) ?? null
}
