import type { Json } from '#base/json.ts'
import { jsonIn } from './json-calls.ts'
import type { Reply } from './message.ts'

/** What a reply hands in: its output, else the JSON that its text is, or holds in its one fence. Null where there is none. */
export function answerIn({ output, text }: Pick<Reply, 'output' | 'text'>): Json {
  if (output !== null) return output
  const whole = jsonIn(text)
  if (whole !== undefined) return whole
  const fences = [...text.matchAll(/^(`{3,})(?:json)?[ \t]*\r?\n([\s\S]*?)^\1[ \t]*$/gm)]
  const [only] = fences
  return (fences.length === 1 && only?.[2] !== undefined ? jsonIn(only[2]) : undefined) ?? null
}
