import { pathText } from '#app/failure-texts/text.ts'
import type { ProjectReview } from '#app/project-port.ts'
import { cut, onOneLine } from '#base/text.ts'
import type { Job } from '#domain/definition/job.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import type { Task } from '#domain/definition/task.ts'
import { agentSections, commandText, shellText } from './review-agents.ts'

/** All that a project file would be allowed to do, for a person to decide on. */
export function reviewText(review: ProjectReview, home: string | undefined): string {
  const { file, path, covered, outside } = review
  const { jobs = {}, tasks = {} } = file.config
  const watched = covered.filter(({ digest }) => digest !== null).map((each) => each.path)
  const missing = covered
    .filter(({ path: each, digest }) => digest === null && /^\S*[/.]\S*$/.test(each))
    .map((each) => each.path)
  const strangers = [...new Set(outside.map((each) => each.path))]
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['it may run, when somebody asks for it:', Object.entries(jobs).flatMap(([name, job]) => jobLines(name, job))],
    ['for its tasks:', Object.entries(tasks).flatMap(([name, task]) => taskLines(name, task))],
    ...agentSections(file.config),
    ['a change of these takes the trust away:', watched],
    ['so would these, which are not there yet:', missing],
    ['nobody watches these, since they lie outside of the project:', strangers],
  ]
  const lines = sections.flatMap(([title, rows]) =>
    rows.length === 0 ? [] : [title, ...rows.map((row) => `  ${row}`)],
  )
  return `${[pathText(path, home), ...lines.map(onOneLine), NOT_COVERED].join('\n')}\n`
}

const LONGEST = 200

const NOT_COVERED =
  'not watched: what these programs read or start themselves, programs found by PATH, files that hold secrets'

function jobLines(name: string, job: Job): readonly string[] {
  const { command, shell, working_dir, env = {}, env_file = [], secrets = {} } = job
  return [
    `${name}: ${typeof command === 'string' ? shellText(command, shell) : commandText(command)}`,
    ...(working_dir === undefined ? [] : [`  in ${working_dir}`]),
    ...[env_file].flat().map((path) => `  variables from ${path}`),
    ...Object.entries(env).map(([variable, value]) => `  sets ${variable} to ${cut(value, LONGEST)}`),
    ...Object.entries(secrets).map(([variable, source]) => `  gives it ${variable} from ${sourceText(source)}`),
  ]
}

function taskLines(name: string, { command, checks = [], working_dir }: Task): readonly string[] {
  return [
    `${name}: ${commandText(command)}`,
    `  in ${working_dir}`,
    ...checks.map((check) => `  checks with ${commandText(check)}`),
  ]
}

function sourceText({ env, file, command = [] }: SecretSource): string {
  if (env !== undefined) return `the variable ${env}`
  return file === undefined ? `the command ${commandText(command)}` : `the file ${file}`
}
