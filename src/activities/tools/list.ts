import { fileRefusal } from '#domain/agents/refusal.ts'
import type { ToolArguments } from '#domain/agents/tool-arguments.ts'
import type { ListAnswer, ToolRefusal } from '#domain/run/tool-answer.ts'
import { type Calling, find } from './tool-parts.ts'

const MOST_ENTRIES = 1000

export function list(calling: Calling<ToolArguments<'list'>>): ListAnswer | ToolRefusal {
  const { args, workspace, tools } = calling
  const { path = '.', depth = 1 } = args
  const place = find(calling, path, 'read')
  if (!place.ok) return place.error
  // One more tells whether there are more.
  const found = workspace.list(place.value, { depth, most: MOST_ENTRIES + 1 })
  if (!found.ok) return fileRefusal(path, found.error, tools.spaces)
  const cut = found.value.length > MOST_ENTRIES
  return { ok: true, path: place.value.shown, entries: found.value.slice(0, MOST_ENTRIES), cut }
}
