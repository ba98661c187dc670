import { type NeedFault, needFaults } from '#domain/definition/graph.ts'
import { Name } from '#domain/definition/name.ts'
import { type Finding, type Table, valueAt } from './config-finding.ts'
import { valueText } from './config-phrases.ts'

/** What is wrong with the needs of these jobs or tasks, also where other things are wrong with them. */
export function needFindings(table: 'jobs' | 'tasks', members: Table): readonly Finding[] {
  return needFaults(needsOf(members)).map(needFinder(table, members))
}

/** The needs as far as they can be read. What is no name is a finding of its own already. */
function needsOf(jobs: Table): ReadonlyMap<string, readonly string[]> {
  const names = Object.keys(jobs)
  return new Map(names.map((name) => [name, listAt(jobs, name).filter((need): need is string => isName(need))]))
}

/** Turns faults into findings, each job's list being searched once however many of its needs are wrong. */
function needFinder(table: 'jobs' | 'tasks', jobs: Table): (fault: NeedFault) => Finding {
  const candidates = Object.keys(jobs)
  const positions = new Map<string, ReadonlyMap<unknown, number>>()
  return (fault) => {
    const [job, need] = fault.kind === 'cycle' ? fault.cycle : [fault.job, fault.need]
    const known = positions.get(job) ?? firstPositions(listAt(jobs, job))
    positions.set(job, known)
    const path = [table, job, 'needs', known.get(need) ?? 0]
    if (fault.kind === 'cycle') return { kind: 'cycle', path, at: 'value', found: circleText(fault.cycle) }
    return { kind: 'unknown_need', path, at: 'value', found: valueText(need), meant: { word: need, candidates } }
  }
}

/** A long circle is shown by its beginning and the job that closes it. */
function circleText(cycle: readonly string[]): string {
  const shown = cycle.length > 20 ? [...cycle.slice(0, 18), '…', ...cycle.slice(-1)] : cycle
  return shown.join(', ')
}

function firstPositions(list: readonly unknown[]): ReadonlyMap<unknown, number> {
  return new Map(list.map((element, index): [unknown, number] => [element, index]).reverse())
}

function listAt(jobs: Table, job: string): readonly unknown[] {
  const needs = valueAt(jobs, [job, 'needs'])
  return Array.isArray(needs) ? needs : []
}

function isName(value: unknown): boolean {
  return Name.safeParse(value).success
}
