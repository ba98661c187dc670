import { fitsShell, type Job } from '#domain/definition/job.ts'
import { paramFault } from '#domain/definition/param.ts'
import { unknownPlaceholders } from '#domain/definition/placeholders.ts'
import { type Finding, valueAt } from './config-finding.ts'
import { expectedByCheck, kindOf, valueText } from './config-phrases.ts'

/** Which of its two shapes a command must have depends on another key, which no schema of one key can say. */
export function shellFinding(jobs: unknown, name: string): readonly Finding[] {
  const [command, shell] = [valueAt(jobs, [name, 'command']), valueAt(jobs, [name, 'shell'])]
  if (fitsShell(command, shell)) return []
  const path = ['jobs', name, 'command']
  const expected = expectedByCheck(path, typeof command === 'string' ? 'needs_shell' : 'shell_text')
  return [{ kind: 'bad_value', path, at: 'value', found: kindOf(command), expected }]
}

/** What is wrong between the keys of a job whose keys are right one by one. */
export function jobFindings(name: string, job: Job): readonly Finding[] {
  return [...placeholderFindings(name, job), ...defaultFindings(name, job)]
}

function placeholderFindings(job: string, definition: Job): readonly Finding[] {
  return unknownPlaceholders(definition).map(({ key, name }) => ({
    kind: 'bad_value',
    path: ['jobs', job, key],
    at: 'value',
    found: valueText(`{{${name}}}`),
    expected: 'a parameter that the job declares',
    meant: { word: name, candidates: Object.keys(definition.params ?? {}) },
  }))
}

function defaultFindings(job: string, { params = {} }: Job): readonly Finding[] {
  return Object.entries(params).flatMap(([name, param]): readonly Finding[] => {
    const fault = param.default === undefined ? undefined : paramFault(param, String(param.default))
    if (fault === undefined) return []
    const path = ['jobs', job, 'params', name, 'default']
    const expected = `a value that "${fault.kind}" of the parameter takes`
    return [{ kind: 'bad_value', path, at: 'value', found: valueText(param.default), expected }]
  })
}
