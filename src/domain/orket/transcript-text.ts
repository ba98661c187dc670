import type { TranscriptEntry } from './transcript.ts'

/** What a transcript is of. */
export interface TranscriptHead {
  readonly flow_name: string
  readonly run_id: string
  readonly task: string | null
  /** Where the agents wrote; null where they have no directory of their own. */
  readonly workspace: string | null
  readonly status: string
  /** What the files of the flow say and nothing follows. */
  readonly not_honoured: readonly string[]
}

/** The transcript as JSON, under the keys that Orket gives back. */
export function transcriptJson(head: TranscriptHead, transcript: readonly TranscriptEntry[]): string {
  return `${JSON.stringify({ ...head, transcript }, undefined, 2)}\n`
}

/** The transcript for people, in Markdown. What agents said is quoted, so that no line of theirs is taken for ours. */
export function transcriptMarkdown(head: TranscriptHead, transcript: readonly TranscriptEntry[]): string {
  const facts = [
    `run ${head.run_id}, ${head.status}`,
    ...(head.workspace === null ? [] : [`workspace ${head.workspace}`]),
    ...head.not_honoured.map((setting) => `not honoured: ${setting}`),
  ]
  return `${[
    `# ${line(head.flow_name)}`,
    facts.map((fact) => `- ${line(fact)}`).join('\n'),
    ...(head.task === null ? [] : [quote(head.task)]),
    ...transcript.map(entryText),
  ].join('\n\n')}\n`
}

function entryText({
  step_index,
  role,
  node,
  iteration,
  status,
  backend,
  summary,
  tool_calls,
}: TranscriptEntry): string {
  const round = iteration > 1 ? `, round ${iteration}` : ''
  const who = backend === null ? '' : `, ${backend}`
  const calls = tool_calls.map(
    ({ tool, path, ok }) => `- ${line(tool)}${path === null ? '' : ` ${line(path)}`}${ok ? '' : ': refused'}`,
  )
  return [
    `## ${step_index < 0 ? '' : `${step_index} `}${line(node)}: ${line(role)}${round}`,
    `${status}${line(who)}`,
    ...(calls.length === 0 ? [] : [calls.join('\n')]),
    quote(summary),
  ].join('\n\n')
}

function quote(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((each) => `> ${each}`.trimEnd())
    .join('\n')
}

function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
