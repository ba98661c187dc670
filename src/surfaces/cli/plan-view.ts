import { shellWord } from '#app/failure-texts/text.ts'
import type { RunPlan } from '#app/run-plan.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Io } from './io.ts'
import { widthOf } from './job-lines.ts'

/** How much of a digest is enough to name a plan by. */
const SHORT = 16

/** What would run, in the order in which it could: a line a job, and how to run exactly this. */
export function planText({ digest, input }: RunPlan, io: Io): string {
  const columns = Math.max(40, io.columns())
  const width = widthOf(
    input.jobs.map(({ name }) => name),
    columns,
  )
  return [
    `${io.answerPaint.strong(onOneLine(input.requested.join(' ')))} · ${count(input.jobs.length, 'job')} · plan ${digest.slice(0, SHORT)}`,
    ...input.jobs.flatMap((job) => jobLines(job, width, columns)),
    `run exactly this: orchastration run --plan ${digest.slice(0, SHORT)}`,
    '',
  ].join('\n')
}

function jobLines(job: PlannedJob, width: number, columns: number): readonly string[] {
  const indent = ' '.repeat(width + 4)
  const command = `  ${onOneLine(job.name).padEnd(width)}  ${commandText(job)}`
  return [cut(command, columns), ...surroundings(job).map((text) => cut(`${indent}${text}`, columns))]
}

/** The command as it could be typed into a shell. */
function commandText({ job: { shell = false, command }, argv }: PlannedJob): string {
  if (typeof command === 'string') return `${shell === true ? argv[0] : shell}: ${onOneLine(command)}`
  return argv.map(shellWord).join(' ')
}

function surroundings({ job, directory, params }: PlannedJob): readonly string[] {
  const { needs = [], confirm } = job
  const asked = typeof confirm === 'string' ? confirm : confirm?.question
  return [
    ...(job.working_dir === undefined ? [] : [`in ${onOneLine(directory)}`]),
    ...(needs.length === 0 ? [] : [`after ${needs.join(', ')}`]),
    ...Object.entries(params ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    ...(asked === undefined ? [] : [`asks: ${onOneLine(asked)}`]),
  ]
}

/** The same as a document. */
export function planDocument({ digest, input }: RunPlan): object {
  return {
    plan: digest,
    requested: input.requested,
    keep_going: input.keep_going ?? false,
    force: input.force ?? false,
    jobs: input.jobs.map(({ name, job, directory, argv, params = {} }) => ({
      job: name,
      argv,
      directory,
      params,
      definition: job,
    })),
  }
}
