import { Name } from '#domain/definition/name.ts'
import { ParamName } from '#domain/definition/param.ts'
import type { Offer, OfferedJob } from './offered-job.ts'
import { offeredTask } from './offered-task.ts'

/** A job of the file that is to be written. */
interface NamedOffer {
  readonly name: string
  readonly offer: Offer
  readonly job: OfferedJob
}

export interface StartingConfig {
  readonly text: string
  readonly jobs: readonly string[]
  /** What a goal can ask agents for. */
  readonly tasks: readonly string[]
}

/**
 * A configuration with a job for all that the directory offers, tasks for what of it checks and makes, so that a goal
 * finds them, and with the comments that one needs to go on.
 */
export function startingConfig(offers: readonly Offer[]): StartingConfig {
  const { jobs, leftOut } = named(offers)
  const blocks = jobs.length === 0 ? [SAMPLE] : jobs.map(jobText)
  const names = jobs.length === 0 ? ['hello'] : jobs.map(({ name }) => name)
  const tasks = jobs.flatMap(taskText)
  const parts = [header(names[0] ?? ''), ...blocks, ...leftOut.map(leftOutText)]
  if (tasks.length > 0) parts.push(TASKS, ...tasks.map(({ text }) => text))
  return { text: [...parts, FOOTER].join('\n'), jobs: names, tasks: tasks.map(({ name }) => name) }
}

function header(first: string): string {
  return `# What orchastration runs here. Every key: orchastration config example
#   orchastration list            all jobs
#   orchastration run ${first.padEnd(11)} one of them, with all that it needs
`
}

const SAMPLE = `[jobs.hello]
description = "Say hello"
command = ["echo", "hello"] # a program and its arguments; no shell reads them
`

const TASKS = `# Tasks are for agents, which find them by the words of a goal, run them and review what came of it:
#   orchastration orchestration run --goal "run the tests"
`

const FOOTER = `# More that a job can say:
# needs = ["build"]                     # jobs that must have succeeded before
# timeout_seconds = 600
# retry = { attempts = 3, backoff = "2s" }
# inputs = ["src/**"]                   # unchanged inputs and outputs: the job need not run again
# outputs = ["dist/**"]
# confirm = "Really?"                   # asked before it starts
`

interface Named {
  readonly jobs: readonly NamedOffer[]
  /** What no job can be called after. */
  readonly leftOut: readonly NamedOffer[]
}

/** Names that all systems can take; the second of one name gets the name of its tool in front. */
function named(offers: readonly Offer[]): Named {
  const taken = new Set<string>()
  const jobs: NamedOffer[] = []
  const leftOut: NamedOffer[] = []
  for (const { offer, job } of offers.flatMap((each) => each.jobs.map((job) => ({ offer: each, job })))) {
    const plain = nameOf(job.name)
    const name = taken.has(plain.toLowerCase()) ? `${offer.tool}-${plain}` : plain
    const isUsable = !taken.has(name.toLowerCase()) && Name.safeParse(name).success
    if (isUsable) taken.add(name.toLowerCase())
    ;(isUsable ? jobs : leftOut).push({ name, offer, job })
  }
  return { jobs, leftOut }
}

function leftOutText({ offer, job }: NamedOffer): string {
  return `# left out: ${tomlText(job.name)} of ${offer.file}, after which no further job can be called\n`
}

/** `test:unit` is `test-unit`. */
function nameOf(name: string): string {
  return name
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, 48)
}

function jobText({ name, offer, job }: NamedOffer): string {
  const params = job.params.filter((param) => ParamName.safeParse(param.name).success)
  const lines = [
    `[jobs.${/^[A-Za-z0-9_-]+$/.test(name) ? name : tomlText(name)}] # from ${offer.file}`,
    ...(job.description === undefined ? [] : [`description = ${tomlText(job.description.slice(0, 200))}`]),
    `group = ${tomlText(offer.tool)}`,
    `command = [${job.argv.map(tomlText).join(', ')}]`,
    ...(job.confirm === undefined ? [] : [`confirm = ${tomlText(job.confirm)}`]),
    ...params.map(({ name: param, default: usual }) =>
      usual === undefined ? `params.${param} = {}` : `params.${param} = { default = ${tomlText(usual)} }`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** The task of an offer's job, where it is something that agents can be given. */
function taskText({ name, offer, job }: NamedOffer): readonly { readonly name: string; readonly text: string }[] {
  const task = offeredTask(job, offer.file)
  if (task === undefined) return []
  const command = `[${task.command.map(tomlText).join(', ')}]`
  const lines = [
    `[tasks.${/^[A-Za-z0-9_-]+$/.test(name) ? name : tomlText(name)}] # from ${offer.file}`,
    `description = ${tomlText(task.description.slice(0, 200))}`,
    ...(task.keywords.length === 0 ? [] : [`keywords = [${task.keywords.map(tomlText).join(', ')}]`]),
    'repo = "external"',
    'working_dir = "."',
    `command = ${command}`,
    `checks = [${command}]`,
  ]
  return [{ name, text: `${lines.join('\n')}\n` }]
}

/** A basic string of TOML: JSON's escapes are among its own, but for the control character DEL. */
function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F')
}
