import { err, ok, type Result } from '#base/result.ts'
import { answerIn } from '#domain/agents/answer-json.ts'
import {
  type Finding,
  readVerdict,
  rejectionProblems,
  type Verdict,
  weighFinding,
} from '#domain/agents/verdict-answer.ts'
import type { ContextWrites } from '#domain/context/orch-context.ts'
import type { Failure } from '#domain/failure.ts'
import type { ReviewReport } from '#domain/run/task-report.ts'
import { reviewTasks } from '../task-steps.ts'
import { converse } from './conversation.ts'
import type { ToolDesk } from './tool-desk.ts'
import { planned, type Turn, type TurnEnd, type TurnVerdict } from './turn.ts'
import type { Talk } from './turn-request.ts'

/**
 * A review by replies. The declared checks run first, whatever the reviewer says; a check that fails rejects the work,
 * also where the reviewer lets it pass. A rejection must show something: what a finding cites is looked up.
 */
export async function judge(talk: Talk): Promise<TurnEnd> {
  const evidence = await evidenceFor(talk.turn)
  if (!evidence.ok) return evidence
  const { failed } = evidence.value
  const held = await converse({ ...talk, known: evidence.value.known }, async (reply, desk) => {
    const verdict = readVerdict(answerIn(reply))
    if (!verdict.ok) return verdict
    const findings = await weigh(verdict.value, desk)
    const problems = rejectionProblems(verdict.value, { failed, findings })
    return problems.length > 0 ? err(problems) : ok({ said: verdict.value, findings })
  })
  if (!held.ok) return held
  const { value, desk } = held.value
  const found = value.findings.filter(({ holds }) => holds).map(findingText)
  const { verdict: word, reasons } = value.said
  const verdict = judged({ verdict: word, reasons, found }, failed)
  return ok({ writes: { ...desk.notes, ...reviewWrites(verdict) }, message: verdict.reasons.join('; '), verdict })
}

/** What a verdict is in the shared context. */
export function reviewWrites({ status, reasons, findings }: TurnVerdict): ContextWrites {
  return {
    'review.status': status,
    'review.report': reasons.join('; '),
    ...(status === 'rejected' && { 'review.findings': [...findings] }),
  }
}

interface Evidence {
  /** What speaks against the work, whoever says what. */
  readonly failed: readonly string[]
  /** In one line; empty where there was nothing to run and to look for. */
  readonly report: string
  readonly known: { readonly checks: Pick<ReviewReport, 'status' | 'report' | 'findings'> } | Record<string, never>
}

/** Runs the declared checks of the plan's tasks and looks for their outputs. */
export async function evidenceFor(turn: Turn): Promise<Result<Evidence, Failure>> {
  const { tasks } = planned(turn)
  const hasEvidence = tasks.some(({ task: { checks = [], outputs = [] } }) => checks.length + outputs.length > 0)
  if (!hasEvidence) return ok({ failed: [], report: '', known: {} })
  const reviewed = await reviewTasks(turn.ctx, { tasks, outputs: [] }, `${turn.node.id}:checks`)
  if (!reviewed.ok) return reviewed
  const { status, report, findings } = reviewed.value
  const failed = status === 'passed' ? [] : findings.length > 0 ? findings : [report]
  return ok({ failed, report, known: { checks: { status, report, findings } } })
}

async function weigh({ findings }: Verdict, desk: ToolDesk): Promise<readonly Finding[]> {
  const weighed: Finding[] = []
  for (const finding of findings) {
    const near = weighFinding(finding, await desk.content(finding.path, finding.line))
    weighed.push(
      near.holds || finding.line === undefined ? near : weighFinding(finding, await desk.content(finding.path)),
    )
  }
  return weighed
}

/** A verdict as its reviewer gives it. */
interface Given {
  readonly verdict: 'passed' | 'rejected'
  readonly reasons: readonly string[]
  readonly found: readonly string[]
}

/** What the checks say counts before what the reviewer says. */
export function judged({ verdict, reasons, found }: Given, failed: readonly string[]): TurnVerdict {
  if (verdict === 'passed' && failed.length === 0)
    return { status: 'passed', reasons: reasons.length > 0 ? reasons : ['passed'], findings: [] }
  const because = verdict === 'rejected' ? reasons : ['passed by the reviewer, but not by the checks']
  return { status: 'rejected', reasons: because, findings: [...failed, ...found] }
}

function findingText({ path, line, text, why }: Finding): string {
  return `${path}${line === undefined ? '' : `:${line}`}: ${why} (${JSON.stringify(text)})`
}
