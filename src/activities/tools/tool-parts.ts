import type { Mask } from '#base/masker.ts'
import type { Result } from '#base/result.ts'
import { fileRefusal, refusal } from '#domain/agents/refusal.ts'
import type { Access } from '#domain/agents/spaces.ts'
import type { ToolRefusal } from '#domain/run/tool-answer.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { PlannedTools } from '#workflows/agents/tool-call.ts'
import type { KeptOutput } from '../expected-files-port.ts'
import type { SurroundingsPort } from '../surroundings-port.ts'
import type { Place, Workspace } from '../workspace-port.ts'

/** What tools are made of. */
export interface ToolParts {
  readonly workspace: Workspace
  /** Runs commands that inherit the usual variables of these names, and no others. */
  readonly command: (environment: readonly string[]) => Activity
  readonly kept: KeptOutput
  readonly surroundings: () => Promise<SurroundingsPort>
}

/** One call of a tool, its arguments read. */
export interface Calling<Args> extends ToolParts {
  readonly args: Args
  readonly tools: PlannedTools
  readonly attempt: ActivityAttempt
  /** Hides the secrets of the run; undefined where there are none. */
  readonly mask: Mask | undefined
}

export function find(
  { workspace, tools: { spaces } }: Pick<Calling<unknown>, 'workspace' | 'tools'>,
  path: string,
  access: Access,
): Result<Place, ToolRefusal> {
  const place = workspace.locate(path, access, spaces)
  return place.ok ? place : { ok: false, error: fileRefusal(path, place.error, spaces) }
}

/** The text of a file; a refusal where it is none. */
export function textOf(path: string, content: Uint8Array): Result<string, ToolRefusal> {
  const text = content.subarray(0, LOOKED_AT).includes(0) ? undefined : decoded(content)
  if (text !== undefined) return { ok: true, value: text }
  return {
    ok: false,
    error: refusal('binary', `${JSON.stringify(path)} is no text: ${content.length} bytes of something else`),
  }
}

const LOOKED_AT = 8192

function decoded(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}

/** The places at which the lines of a text begin; a last one that is empty is none. */
export function lineStarts(text: string): readonly number[] {
  const starts: number[] = text === '' ? [] : [0]
  for (let at = text.indexOf('\n'); at >= 0 && at + 1 < text.length; at = text.indexOf('\n', at + 1))
    starts.push(at + 1)
  return starts
}
