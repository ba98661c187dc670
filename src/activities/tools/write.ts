import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import { fileRefusal, refusal } from '#domain/agents/refusal.ts'
import { replaceTexts } from '#domain/agents/replace-texts.ts'
import type { ToolArguments } from '#domain/agents/tool-arguments.ts'
import type { ToolRefusal, WriteAnswer } from '#domain/run/tool-answer.ts'
import type { Place } from '../workspace-port.ts'
import { MOST_FILE_BYTES } from './read.ts'
import { type Calling, find, textOf } from './tool-parts.ts'

/** The content stands in the log as what the tool was asked for. */
const MOST_CONTENT_BYTES = 1_000_000

export function write(calling: Calling<ToolArguments<'write'>>): WriteAnswer | ToolRefusal {
  const { path, text } = calling.args
  const place = find(calling, path, 'write')
  if (!place.ok) return place.error
  const bytes = encoded(text)
  return bytes.ok ? replace(calling, place.value, { content: bytes.value }) : bytes.error
}

/** All of the edits or none: each is looked for in what those before it have left. */
export function edit(calling: Calling<ToolArguments<'edit'>>): WriteAnswer | ToolRefusal {
  const { args, workspace, tools } = calling
  const { path, edits } = args
  const place = find(calling, path, 'write')
  if (!place.ok) return place.error
  const readable = find(calling, path, 'read')
  if (!readable.ok) return readable.error
  const content = workspace.read(readable.value, MOST_FILE_BYTES)
  if (!content.ok) return fileRefusal(path, content.error, tools.spaces)
  const text = textOf(path, content.value)
  if (!text.ok) return text.error
  const replaced = replaceTexts(path, text.value, edits)
  if (!replaced.ok) return replaced.error
  const bytes = encoded(replaced.value, MOST_FILE_BYTES)
  if (!bytes.ok) return bytes.error
  const written = replace(calling, place.value, { content: bytes.value, expected: sha256(content.value) })
  return written.ok ? { ...written, edits: edits.length } : written
}

function replace(
  { args, workspace, tools, attempt }: Calling<ToolArguments<'write' | 'edit'>>,
  place: Place,
  change: { readonly content: Uint8Array; readonly expected?: string },
): WriteAnswer | ToolRefusal {
  const changed = workspace.replace(place, { key: attempt.key, ...change })
  return changed.ok ? { ok: true, ...changed.value } : fileRefusal(args.path, changed.error, tools.spaces)
}

function encoded(text: string, most = MOST_CONTENT_BYTES): Result<Uint8Array, ToolRefusal> {
  if (!text.isWellFormed()) return err(refusal('bad_arguments', 'the text holds half of a character'))
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return ok(bytes)
  return err(refusal('too_large', `the text has ${bytes.length} bytes; no more than ${most} are written at once`))
}
