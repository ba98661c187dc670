import { Config } from '#domain/definition/config.ts'
import { type NeedFault, needFaults } from '#domain/definition/graph.ts'
import { clashingNames, Name } from '#domain/definition/name.ts'
import { type Finding, type Path, valueAt } from './config-finding.ts'
import { findingsOf } from './config-issue.ts'
import { expectedByCheck, valueText } from './config-phrases.ts'
import { jobFindings, shellFinding } from './job-findings.ts'

type Table = Readonly<Record<string, unknown>>

export type CheckedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** A parsed file as a configuration, or everything that is wrong with it at once. */
export function checkConfig(value: unknown): CheckedConfig {
  const parsed = Config.safeParse(value)
  const issues = parsed.success ? [] : parsed.error.issues
  const findings = [
    ...issues.flatMap((issue) => findingsOf(issue, { schema: Config, value })),
    ...reservedKeys(value, []),
    ...nameFindings(valueAt(value, ['jobs'])),
    ...Object.entries(parsed.data?.jobs ?? {}).flatMap(([name, job]) => jobFindings(name, job)),
  ]
  return parsed.success && findings.length === 0 ? { ok: true, config: parsed.data } : { ok: false, findings }
}

/** Validation drops the key `__proto__` of a free table, such as `env`, in silence; so it is refused here. */
function reservedKeys(value: unknown, path: Path): readonly Finding[] {
  if (!isTable(value)) return []
  const expected = expectedByCheck(path, 'reserved_name')
  return Object.keys(value).flatMap((key): readonly Finding[] => {
    const here = [...path, key]
    const free = path.length === 1 ? path[0] === 'jobs' : path.length === 3 && path[2] === 'env'
    if (key === '__proto__')
      return free ? [{ kind: 'bad_name', path: here, at: 'key', found: '"__proto__"', expected }] : []
    return here.length > 3 ? [] : reservedKeys(value[key], here)
  })
}

function nameFindings(jobs: unknown): readonly Finding[] {
  if (!isTable(jobs)) return []
  const names = Object.keys(jobs)
  return [
    ...names.flatMap((name) => badName(name)),
    ...names.flatMap((name) => shellFinding(jobs, name)),
    ...clashingNames(names).map(([first, second]) => clash(first, second)),
    ...needFaults(needsOf(jobs)).map(needFinder(jobs)),
  ]
}

function badName(name: string): readonly Finding[] {
  const check = Name.safeParse(name).error?.issues[0]?.message
  if (check === undefined || check === 'reserved_name') return []
  const expected = expectedByCheck([], check)
  return [{ kind: 'bad_name', path: ['jobs', name], at: 'key', found: valueText(name), expected }]
}

function clash(first: string, second: string): Finding {
  return { kind: 'name_clash', path: ['jobs', second], at: 'key', found: valueText(first) }
}

/** The needs as far as they can be read. What is no name is a finding of its own already. */
function needsOf(jobs: Table): ReadonlyMap<string, readonly string[]> {
  const names = Object.keys(jobs)
  return new Map(names.map((name) => [name, listAt(jobs, name).filter((need): need is string => isName(need))]))
}

/** Turns faults into findings, each job's list being searched once however many of its needs are wrong. */
function needFinder(jobs: Table): (fault: NeedFault) => Finding {
  const candidates = Object.keys(jobs)
  const positions = new Map<string, ReadonlyMap<unknown, number>>()
  return (fault) => {
    const [job, need] = fault.kind === 'cycle' ? fault.cycle : [fault.job, fault.need]
    const known = positions.get(job) ?? firstPositions(listAt(jobs, job))
    positions.set(job, known)
    const path = ['jobs', job, 'needs', known.get(need) ?? 0]
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

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
