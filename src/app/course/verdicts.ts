import type { Json } from '#base/json.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { GivenVerdict } from '#domain/run/verdict.ts'

/** The verdicts of a run in the order in which they were given, also those that ended it. */
export function verdictsOf(events: readonly RunEvent[]): readonly GivenVerdict[] {
  const begun = new Map<string, EventOf<'node.started'>['body']>()
  return events.flatMap((event) => {
    if (event.type === 'node.started') begun.set(event.body.node, event.body)
    if (event.type !== 'node.ended') return []
    const said = saidBy(event.body)
    if (said === undefined) return []
    const { node, round, item } = event.body
    const { role = null, backend = null } = begun.get(node) ?? {}
    return [{ node, writer: role ?? node, backend, round, item, at: event.at, ...said }]
  })
}

function saidBy({
  status,
  message,
  writes,
  failure,
}: EventOf<'node.ended'>['body']): Pick<GivenVerdict, 'status' | 'report' | 'findings'> | undefined {
  if (failure?.code === 'review_failed')
    return { status: 'rejected', report: failure.verdict, findings: [...failure.findings] }
  const said = writes['review.status']
  if (typeof said !== 'string' && status !== 'rejected') return undefined
  const report = writes['review.report']
  return {
    status: typeof said === 'string' ? said : 'rejected',
    report: typeof report === 'string' ? report : message,
    findings: findingTexts(writes['review.findings']),
  }
}

/** A finding is a text, or cites a place. */
function findingTexts(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(findingText) : []
}

function findingText(finding: Json): string {
  if (typeof finding === 'string') return finding
  if (typeof finding !== 'object' || finding === null || Array.isArray(finding)) return JSON.stringify(finding)
  const { path, line, why } = finding as Readonly<Record<string, Json>>
  if (typeof path !== 'string' || typeof why !== 'string') return JSON.stringify(finding)
  return `${path}${typeof line === 'number' ? `:${line}` : ''}: ${why}`
}
