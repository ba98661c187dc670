import * as z from 'zod/mini'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { shapeProblems } from './shape-problems.ts'

const Filled = z.string().check(z.minLength(1), z.maxLength(4000))

/** What a reviewer found, with the place that shows it. */
const CitedFinding = z.strictObject({
  path: Filled,
  /** Counted from 1. */
  line: z.optional(z.int().check(z.gte(1))),
  /** As it stands in the file. */
  text: Filled,
  why: Filled,
})
export type CitedFinding = z.infer<typeof CitedFinding>

/** The verdict that a reviewer hands in. */
const VerdictAnswer = z.strictObject({
  verdict: z.enum(['passed', 'rejected']),
  reasons: z.array(Filled),
  findings: z.optional(z.array(CitedFinding).check(z.maxLength(50))),
})

/** What a reviewer says, before anybody has looked whether it holds. */
export interface Verdict {
  readonly verdict: 'passed' | 'rejected'
  readonly reasons: readonly string[]
  readonly findings: readonly CitedFinding[]
}

/** A finding after it was looked at: what it cites is there, or why not. */
export type Finding = {
  readonly path: string
  /** Where the text really stands. */
  readonly line?: number
  readonly text: string
  readonly why: string
  readonly holds: boolean
  /** Why it does not hold; empty where it does. */
  readonly fault: string
}

/** The verdict in an answer, or what is wrong with its form. */
export function readVerdict(answer: Json): Result<Verdict, readonly string[]> {
  const parsed = VerdictAnswer.safeParse(answer)
  if (!parsed.success) return err(shapeProblems(parsed.error.issues, 'the verdict'))
  const { verdict, reasons, findings = [] } = parsed.data
  if (verdict === 'rejected' && reasons.length === 0) return err(['a rejection gives its reasons'])
  return ok({ verdict, reasons, findings })
}

/** Whether a finding cites what is there. `content` is that of the file it names, undefined where no such file is. */
export function weighFinding(cited: CitedFinding, content: string | undefined): Finding {
  const { path, line, text, why } = cited
  const about = { path, text, why }
  if (content === undefined) return { ...about, holds: false, fault: 'no such file can be read' }
  const lines = linesWith(content, text)
  if (lines.length === 0) return { ...about, holds: false, fault: 'the file does not hold this text' }
  const near =
    line === undefined ? lines : lines.toSorted((left, right) => Math.abs(left - line) - Math.abs(right - line))
  return { ...about, ...(near[0] !== undefined && { line: near[0] }), holds: true, fault: '' }
}

const MOST_PLACES = 1000

/** The lines at which a text begins, counted from 1. White space at its ends and the kind of line break do not count. */
function linesWith(content: string, text: string): readonly number[] {
  const wanted = text.replaceAll('\r\n', '\n').trim()
  const searched = content.replaceAll('\r\n', '\n')
  if (wanted === '') return []
  const lines: number[] = []
  let line = 1
  let counted = 0
  for (
    let at = searched.indexOf(wanted);
    at >= 0 && lines.length < MOST_PLACES;
    at = searched.indexOf(wanted, at + 1)
  ) {
    for (; counted < at; counted++) if (searched[counted] === '\n') line++
    lines.push(line)
  }
  return lines
}

/** What code knows beside what the reviewer says. */
export interface Evidence {
  /** What declared checks and expected outputs show against the work; none where all is well. */
  readonly failed: readonly string[]
  readonly findings: readonly Finding[]
}

/** What is wrong with a rejection: it must show something that holds, unless a check has failed as well. */
export function rejectionProblems({ verdict }: Verdict, { failed, findings }: Evidence): readonly string[] {
  if (verdict !== 'rejected' || failed.length > 0 || findings.some(({ holds }) => holds)) return []
  if (findings.length === 0) return ['the rejection cites nothing: a finding names path, text and why']
  return findings.map(({ path, fault }) => `the finding at ${JSON.stringify(path)} does not hold: ${fault}`)
}
