import { unreachable } from '#base/unreachable.ts'
import { fitsShell, type Job } from '#domain/definition/job.ts'
import { type Param, type ParamFault, paramFault } from '#domain/definition/param.ts'
import { unknownPlaceholders } from '#domain/definition/placeholders.ts'
import { paramVariable } from '#domain/definition/planned-job.ts'
import { type Finding, type Path, valueAt } from './config-finding.ts'
import { expectedByCheck, expectedType, kindOf, valueText } from './config-phrases.ts'

/** Which of its two shapes a command must have depends on another key, which no schema of one key can say. */
export function shellFinding(jobs: unknown, name: string): readonly Finding[] {
  const [command, shell] = [valueAt(jobs, [name, 'command']), valueAt(jobs, [name, 'shell'])]
  if (fitsShell(command, shell)) return []
  const path = ['jobs', name, 'command']
  if (typeof command !== 'string')
    return [
      { kind: 'bad_value', path, at: 'value', found: kindOf(command), expected: expectedByCheck(path, 'shell_text') },
    ]
  const found = 'one text; for a shell to read it, add "shell = true"'
  return [{ kind: 'bad_value', path, at: 'value', found, expected: expectedType(path, 'array') }]
}

/** What is wrong between the keys of a job whose keys are right one by one. */
export function jobFindings(name: string, job: Job, platform: NodeJS.Platform): readonly Finding[] {
  return [...placeholderFindings(name, job), ...paramFindings(name, job), ...variableFindings(name, job, platform)]
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

/** A choice that the parameter's own type or pattern refuses could never be given, and so it is with a default. */
function paramFindings(job: string, { params = {} }: Job): readonly Finding[] {
  return Object.entries(params).flatMap(([name, param]): readonly Finding[] => {
    const path = ['jobs', job, 'params', name]
    const { enum: choices = [], ...others } = param
    return [
      ...choices.flatMap((choice, index) => paramFinding(others, choice, [...path, 'enum', index])),
      ...(param.default === undefined ? [] : paramFinding(param, param.default, [...path, 'default'])),
    ]
  })
}

function paramFinding(param: Param, value: string | number | boolean, path: Path): readonly Finding[] {
  const fault = paramFault(param, String(value))
  if (fault === undefined) return []
  const { word, candidates } = { word: String(value), candidates: fault.kind === 'enum' ? fault.choices : [] }
  return [
    {
      kind: 'bad_value',
      path,
      at: 'value',
      found: valueText(value),
      expected: takes(fault),
      meant: { word, candidates },
    },
  ]
}

function takes(fault: ParamFault): string {
  switch (fault.kind) {
    case 'type':
      return `a value of type ${fault.expected}, as the parameter is,`
    case 'enum':
      return `one of ${fault.choices.map((choice) => JSON.stringify(choice)).join(', ')}, as "enum" says,`
    case 'pattern':
      return `text that matches ${JSON.stringify(fault.pattern)}`
    case 'nul':
      return 'text without the character NUL'
    default:
      return unreachable(fault)
  }
}

/** Two keys that set one variable: which of them counts would be luck, or a rule that nobody knows. */
function variableFindings(job: string, { env = {}, secrets = {}, params = {} }: Job, platform: NodeJS.Platform) {
  // Windows has one variable where others have two: `Path` and `PATH`.
  const fold = (name: string) => (platform === 'win32' ? name.toUpperCase() : name)
  const seen = new Map<string, string>()
  const names: readonly (readonly [key: string, name: string, variable: string])[] = [
    ...Object.keys(params).map((name) => ['params', name, paramVariable(name)] as const),
    ...Object.keys(env).map((name) => ['env', name, fold(name)] as const),
    ...Object.keys(secrets).map((name) => ['secrets', name, fold(name)] as const),
  ]
  return names.flatMap(([key, name, variable]): readonly Finding[] => {
    const before = seen.get(variable)
    if (before === undefined) seen.set(variable, `"${name}" in "${key}"`)
    if (before === undefined || (key === 'env' && before.endsWith('"params"'))) return []
    const expected = `another name, since ${before} sets ${variable} already,`
    return [{ kind: 'bad_value', path: ['jobs', job, key, name], at: 'key', found: valueText(name), expected }]
  })
}
