import type { Json } from '#base/json.ts'
import type { ToolCall } from './message.ts'

/** Calls as JSON: an object with `tool` and, where there are any, `args`; or a list of such. */
export function jsonCalls(text: string): { readonly calls: readonly ToolCall[]; readonly isBroken: boolean } {
  const value = jsonIn(text)
  if (value === undefined) return { calls: [], isBroken: /^\s*[[{]/.test(text) && text.includes('"tool"') }
  const list = Array.isArray(value) ? value : [value]
  const calls = list.flatMap((each) => callOf(each) ?? [])
  // One thing among calls that is none: nobody knows what was meant.
  return calls.length === list.length ? { calls, isBroken: false } : { calls: [], isBroken: calls.length > 0 }
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text; undefined where it is none. */
export function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** A text that is one fence and nothing else, without that fence; any other text as it is. */
export function withoutFence(text: string): string {
  const fenced = /^(`{3,})(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n\1$/.exec(text.trim())
  return fenced?.[2] ?? text
}

function callOf(value: unknown): ToolCall | undefined {
  if (!isJsonObject(value)) return undefined
  const { tool, args = {}, ...more } = value
  if (typeof tool !== 'string' || !isJsonObject(args) || Object.keys(more).length > 0) return undefined
  return { tool, args }
}
