import { describe, expect, test } from 'vitest'
import { readVerdict, rejectionProblems, weighFinding } from '#domain/agents/verdict-answer.ts'

const cited = { path: 'a.ts', line: 9, text: 'return 1', why: 'it must be 2' }

describe('a finding', () => {
  test('holds where its text stands in the file, and has the line at which it really stands', () => {
    expect(weighFinding(cited, 'one\nreturn 1\n')).toMatchObject({ holds: true, line: 2 })
    expect(weighFinding(cited, 'return 1\r\n\r\nreturn 1\r\n')).toMatchObject({ holds: true, line: 3 })
  })

  test('does not hold where the file has no such text, or is not there', () => {
    expect(weighFinding(cited, 'return 2')).toMatchObject({ holds: false, fault: 'the file does not hold this text' })
    expect(weighFinding(cited, undefined)).toMatchObject({ holds: false, fault: 'no such file can be read' })
    expect(weighFinding({ ...cited, text: '  ' }, '   ')).toMatchObject({ holds: false })
  })
})

describe('a verdict', () => {
  const rejected = { verdict: 'rejected', reasons: ['wrong'], findings: [] } as const

  test('that rejects shows something that holds, unless a check has failed', () => {
    expect(rejectionProblems(rejected, { failed: [], findings: [] })).toHaveLength(1)
    expect(rejectionProblems(rejected, { failed: ['make test: exit 1'], findings: [] })).toEqual([])
    const [bad, good] = [weighFinding(cited, ''), weighFinding(cited, 'return 1')]
    expect(rejectionProblems(rejected, { failed: [], findings: [bad] })).toHaveLength(1)
    expect(rejectionProblems(rejected, { failed: [], findings: [bad, good] })).toEqual([])
  })

  test('has one of two words and, where it rejects, its reasons', () => {
    expect(readVerdict({ verdict: 'approved', reasons: [] })).toMatchObject({
      ok: false,
      error: ['verdict must be one of "passed", "rejected"'],
    })
    expect(readVerdict({ verdict: 'rejected', reasons: [] })).toMatchObject({ ok: false })
    expect(readVerdict(null)).toEqual({ ok: false, error: ['the verdict must be an object'] })
  })
})
