import * as z from 'zod/mini'
import { onOneLine } from '#base/text.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { FileChange } from '#domain/run/file-change.ts'

/** What was asked for. */
const Asked = z.object({ run: z.string(), node: z.nullable(z.string()), force: z.boolean() })

/** What a run undoes, and what became of each file so far. */
export function undoLines(events: readonly RunEvent[]): readonly string[] {
  const [queued] = events
  if (queued?.type !== 'run.queued') return []
  const input = Asked.safeParse(queued.body.input)
  if (!input.success) return []
  const { run, node, force } = input.data
  const only = node === null ? '' : `, node ${onOneLine(node)}`
  const head = `  undoes ${onOneLine(run)}${only}${force ? ', also what was changed since' : ''}`
  return [head, ...events.flatMap((event) => (event.type === 'step.succeeded' ? fileLine(event.body.output) : []))]
}

function fileLine(output: unknown): readonly string[] {
  const change = FileChange.safeParse(output)
  if (!change.success) return []
  const { root, path, sha256 } = change.data
  return [`  ${sha256 === null ? 'removed ' : 'restored'}  ${onOneLine(`${root}/${path}`)}`]
}
