import type * as z from 'zod/mini'
import { Config } from '#domain/definition/config.ts'
import { Job } from '#domain/definition/job.ts'
import { notForProjects } from '#domain/definition/merge-configs.ts'
import { clashingNames, Name } from '#domain/definition/name.ts'
import { Orchestration } from '#domain/definition/orchestration.ts'
import { relativeTasks } from '#domain/definition/task.ts'
import { type Finding, isTable, type Path, type Table, valueAt } from './config-finding.ts'
import { findingsOf } from './config-issue.ts'
import { expectedByCheck, valueText } from './config-phrases.ts'
import { isMistyped } from './is-mistyped.ts'
import { jobFindings, shellFinding } from './job-findings.ts'
import { needFindings } from './need-findings.ts'
import { orchestrationFindings } from './orchestration-findings.ts'

export type CheckedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly findings: readonly Finding[] }

type Issue = z.core.$ZodIssue

/** The tables whose keys are names that become file names. */
const NAMED_TABLES = ['jobs', 'tasks', 'agents', 'orchestrations'] as const

/** The tables of a job whose keys are free. */
const FREE_TABLES: ReadonlySet<string> = new Set(['env', 'secrets', 'params'])

export interface CheckOptions {
  readonly platform: NodeJS.Platform
  readonly isProject?: boolean
}

/** A parsed file as a configuration, or everything that is wrong with it at once. */
export function checkConfig(value: unknown, { platform, isProject = false }: CheckOptions): CheckedConfig {
  const parsed = Config.safeParse(value)
  const issues = parsed.success ? [] : parsed.error.issues.filter(isNews)
  const findings = [
    ...issues.flatMap((issue) => findingsOf(issue, { schema: Config, value })),
    ...reservedKeys(value, []),
    ...NAMED_TABLES.flatMap((table) => nameFindings(table, valueAt(value, [table]))),
    ...betweenKeys(value, platform),
    ...(isProject
      ? notForProjects(value).map((path): Finding => ({ kind: 'not_here', path, at: 'key' }))
      : relativeFindings(tableAt(value, 'tasks'))),
  ]
  if (parsed.success && findings.length === 0) return { ok: true, config: parsed.data }
  return { ok: false, findings: findings.filter((each) => !isMistyped(each, findings)) }
}

/** That a source is none is no news where a key of it is mistyped. */
function isNews({ message, path }: Issue, _index: number, all: readonly Issue[]): boolean {
  if (message !== 'one_source') return true
  return !all.some((other) => other.code === 'unrecognized_keys' && other.path.join('\n') === path.join('\n'))
}

/** Validation drops the key `__proto__` of a free table, such as `env`, in silence; so it is refused here. */
function reservedKeys(value: unknown, path: Path): readonly Finding[] {
  if (!isTable(value)) return []
  const expected = expectedByCheck(path, 'reserved_name')
  return Object.keys(value).flatMap((key): readonly Finding[] => {
    const here = [...path, key]
    if (key === '__proto__')
      return isFree(path) ? [{ kind: 'bad_name', path: here, at: 'key', found: '"__proto__"', expected }] : []
    return here.length > 3 ? [] : reservedKeys(value[key], here)
  })
}

function isFree([table, , key]: Path): boolean {
  const isNamed = NAMED_TABLES.some((name) => name === table)
  return isNamed && (key === undefined || FREE_TABLES.has(String(key)))
}

function nameFindings(table: string, named: unknown): readonly Finding[] {
  if (!isTable(named)) return []
  const names = Object.keys(named)
  return [
    ...names.flatMap((name) => badName(table, name)),
    ...clashingNames(names).map(([first, second]): Finding => {
      return { kind: 'name_clash', path: [table, second], at: 'key', found: valueText(first) }
    }),
  ]
}

function badName(table: string, name: string): readonly Finding[] {
  const check = Name.safeParse(name).error?.issues[0]?.message
  if (check === undefined || check === 'reserved_name') return []
  const expected = expectedByCheck([], check)
  return [{ kind: 'bad_name', path: [table, name], at: 'key', found: valueText(name), expected }]
}

/** A relative directory counts from the file of a project, and from nothing in any other. */
function relativeFindings(tasks: Table): readonly Finding[] {
  return relativeTasks(tasks).map((name): Finding => {
    const path = ['tasks', name, 'working_dir']
    const found = valueText(valueAt(tasks, [name, 'working_dir']))
    return { kind: 'bad_value', path, at: 'value', found, expected: expectedByCheck(path, 'absolute') }
  })
}

/** What no schema of one key can say. What is wrong by itself already is told once, and not looked at here. */
function betweenKeys(value: unknown, platform: NodeJS.Platform): readonly Finding[] {
  const [jobs, orchestrations] = [tableAt(value, 'jobs'), tableAt(value, 'orchestrations')]
  const agents = Object.keys(tableAt(value, 'agents'))
  return [
    ...needFindings('jobs', jobs),
    ...needFindings('tasks', tableAt(value, 'tasks')),
    ...Object.keys(jobs).flatMap((name) => shellFinding(jobs, name)),
    ...Object.entries(jobs).flatMap(([name, job]): readonly Finding[] => {
      const parsed = Job.safeParse(job)
      return parsed.success ? jobFindings(name, parsed.data, platform) : []
    }),
    ...Object.entries(orchestrations).flatMap(([name, orchestration]): readonly Finding[] => {
      const parsed = Orchestration.safeParse(orchestration)
      return parsed.success ? orchestrationFindings(name, parsed.data, agents) : []
    }),
  ]
}

function tableAt(value: unknown, key: string): Table {
  const table = valueAt(value, [key])
  return isTable(table) ? table : {}
}
