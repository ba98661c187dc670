import { shellWord } from '#app/failure-texts/text.ts'
import type { ShownJob } from '#app/operations/show-job.ts'
import { formatDuration } from '#base/duration.ts'
import { onOneLine } from '#base/text.ts'
import type { Job } from '#domain/definition/job.ts'
import type { Param } from '#domain/definition/param.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

const LABEL = 17

/** `show`: a job with all that its configuration says, a line for each thing. */
export const show = mount<ShownJob>(({ io, json }) => ({
  answer: (shown) => {
    if (json) printJson(io, 'show', documentOf(shown))
    else io.out(textOf(shown))
    return 0
  },
}))

function documentOf({ name, job, directory, before, last }: ShownJob): object {
  return { job: name, directory, before, definition: job, last: last === undefined ? null : snakeKeys(last) }
}

function textOf({ name, job, directory, before, last }: ShownJob): string {
  const title = job.description === undefined ? name : `${name} - ${job.description}`
  const rows = [
    ['command', commandText(job)],
    ['directory', directory],
    ['before it', before.join(', ')],
    ...Object.entries(job.params ?? {}).map(([param, definition]) => ['parameter', paramText(param, definition)]),
    ...settings(job),
    ['last run', lastText(last)],
  ] as const
  const shown = rows.filter(([, text]) => text !== '')
  const lines = shown.map(([label = '', text = '']) => `  ${label.padEnd(LABEL)}${onOneLine(text)}`)
  return `${[onOneLine(title), ...lines, `run it: orchastration run ${invocation(name, job)}`].join('\n')}\n`
}

function commandText({ command, shell }: Job): string {
  if (Array.isArray(command)) return command.map(shellWord).join(' ')
  return `${typeof shell === 'string' ? shell : 'shell'}: ${command}`
}

function paramText(
  name: string,
  { type = 'string', default: usual, enum: choices, pattern, description }: Param,
): string {
  const takes = choices === undefined ? type : `one of ${choices.join(', ')}`
  const matching = pattern === undefined ? '' : `, matching ${pattern}`
  const given = usual === undefined ? ', must be given' : `, ${JSON.stringify(usual)} by default`
  return `${name}: ${takes}${matching}${given}${description === undefined ? '' : ` - ${description}`}`
}

/** The settings that have a value of their own, under the names they have in the file. */
const SETTINGS = [
  'group',
  'timeout_seconds',
  'env',
  'env_file',
  'secrets',
  'inputs',
  'outputs',
  'artifacts',
  'cache',
  'allow_exit',
  'pty',
  'retry',
  'confirm',
  'idempotent',
  'resume',
] as const

function settings(job: Job): readonly (readonly [string, string])[] {
  return SETTINGS.flatMap((key) => {
    const value = job[key]
    return value === undefined ? [] : [[key, valueText(value)] as const]
  })
}

function valueText(value: NonNullable<Job[(typeof SETTINGS)[number]]>): string {
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.join(', ')
  return Object.entries(value)
    .map(([key, held]) => `${key} = ${JSON.stringify(held)}`)
    .join(', ')
}

function lastText(last: ShownJob['last']): string {
  if (last === undefined) return 'none recorded'
  const took = formatDuration(last.endedAt - last.startedAt)
  return `exit ${last.exit} after ${took}, ${wholeSeconds(last.startedAt)}, run ${last.runId}`
}

function invocation(name: string, { params = {} }: Job): string {
  const wanted = Object.entries(params).filter(([, { default: usual }]) => usual === undefined)
  return [name, ...wanted.map(([param]) => `--param ${param}=…`)].join(' ')
}
