import type { Json } from '#base/json.ts'

/** Something that an agent asks for in a reply. */
export type ToolCall = {
  readonly tool: string
  readonly args: Readonly<Record<string, Json>>
}

/** What came of a call, for the agent: data, also where it was refused. */
export type ToolResult = {
  readonly tool: string
  readonly result: Json
}

/** What an agent is told and says in the course of its turn. */
export type Message =
  | { readonly from: 'run'; readonly text: string }
  | { readonly from: 'agent'; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly from: 'tools'; readonly results: readonly ToolResult[] }

/** One answer of whatever takes an agent's turn. */
export type Reply = {
  readonly text: string
  readonly calls: readonly ToolCall[]
  /** What it hands in, in the form that was asked for; null where it hands in nothing. */
  readonly output: Json
}
