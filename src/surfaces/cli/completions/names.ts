import { callOperation } from '#app/call-operation.ts'
import type { Call } from '#app/operation.ts'
import type { Status } from '#app/operations/show-status.ts'
import { operations } from '#app/operations.ts'
import type { Services } from '#app/services.ts'
import type { RunSummary } from '#app/store-port.ts'
import { onOneLine } from '#base/text.ts'
import type { Param } from '#domain/definition/param.ts'
import { ALGORITHMS } from '#domain/hashing/algorithm.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Named } from '../command-spec.ts'
import { documents } from '../documents.ts'
import type { Candidate } from './line.ts'
import { commandWords } from './line.ts'

const RUNS = 50

type Names = Exclude<Named, 'file' | 'directory'>

/** What there is of a kind. Whatever goes wrong, nothing is said: somebody is writing a command line. */
export async function namesOf(
  kind: Names,
  before: readonly string[],
  services: () => Promise<Services | undefined>,
): Promise<readonly Candidate[]> {
  if (kind === 'command') return commandWords(before)
  if (kind === 'algorithm') return ALGORITHMS.map((word) => ({ word, summary: '' }))
  if (kind === 'document') return Object.keys(documents).map((word) => ({ word, summary: '' }))
  const found = await services()
  if (found === undefined) return []
  try {
    const named = await finders[kind](callOf(found), before)
    // What is not one plain word cannot be completed, and must not look like something else. bash puts words into the
    // line as they are, so one that a shell would read as more is left out, too.
    return named.filter(({ word }) => word !== '' && !/[\s\p{Cc}"'`$&|;<>()\\*?[\]{}!#~^]|^[-:]/u.test(word))
  } finally {
    await found.end()
  }
}

type Finder = (call: Call, before: readonly string[]) => Promise<readonly Candidate[]>

const finders: Readonly<Record<Exclude<Names, 'command' | 'document' | 'algorithm'>, Finder>> = {
  job: async (call, before) => {
    const listed = await callOperation(await operations.list(), {}, call)
    if (!listed.ok) return []
    const others = listed.value.jobs.filter(({ name }) => !before.includes(name))
    return others.map(({ name, description = '' }) => ({ word: name, summary: onOneLine(description) }))
  },
  task: async ({ services }) => {
    const loaded = await services.config()
    const tasks = loaded.ok ? Object.entries(loaded.value.config.tasks ?? {}) : []
    return tasks.map(([word, { description = '' }]) => ({ word, summary: onOneLine(description) }))
  },
  orchestration: async (call) => {
    const listed = await callOperation(await operations['orchestration list'](), {}, call)
    if (!listed.ok) return []
    return listed.value.map(({ name, description = '' }) => ({ word: name, summary: onOneLine(description) }))
  },
  agent: async (call) => {
    const listed = await callOperation(await operations['agent list'](), {}, call)
    if (!listed.ok) return []
    return listed.value.map(({ name, capabilities }) => ({ word: name, summary: onOneLine(capabilities.join('; ')) }))
  },
  group: async (call) => {
    const listed = await callOperation(await operations.list(), {}, call)
    if (!listed.ok) return []
    const groups = new Set(listed.value.jobs.flatMap(({ group }) => (group === undefined ? [] : [group])))
    return [...groups].map((word) => ({ word, summary: '' }))
  },
  parameter: async ({ services }, before) => {
    const loaded = await services.config()
    if (!loaded.ok) return []
    const jobs = Object.entries(loaded.value.config.jobs ?? {}).filter(([name]) => before.includes(name))
    return jobs.flatMap(([, { params = {} }]) => Object.entries(params).flatMap(parameterWords))
  },
  run: async (call) => {
    const listed = await callOperation(await operations['runs list'](), { limit: String(RUNS) }, call)
    return listed.ok ? runWords(listed.value) : []
  },
  question: async (call) =>
    (await openQuestions(call)).map(({ number, text }) => ({ word: String(number), summary: onOneLine(text) })),
  choice: async (call, [number]) => {
    const question = (await openQuestions(call)).find((each) => String(each.number) === number)
    return (question?.choices ?? []).map((word) => ({ word, summary: '' }))
  },
}

/** With the values it can have, where those are known. */
function parameterWords([name, { type, enum: choices, description = '' }]: [string, Param]): readonly Candidate[] {
  const values = choices ?? (type === 'boolean' ? ['true', 'false'] : [''])
  return values.map((value) => ({ word: `${name}=${value}`, summary: onOneLine(description) }))
}

/** A run is named by its id, or by a job: then its latest is meant. */
function runWords(runs: readonly RunSummary[]): readonly Candidate[] {
  const names = new Set(runs.flatMap(({ name }) => name.split(' ')))
  return [
    ...[...names].map((word) => ({ word, summary: 'its latest run' })),
    ...runs.map(({ id, name, status, queuedAt }) => ({
      word: id,
      summary: `${onOneLine(name)} ${status} ${wholeSeconds(queuedAt)}`,
    })),
  ]
}

async function openQuestions(call: Call): Promise<Status['questions']> {
  const status = await callOperation(await operations.status(), {}, call)
  return status.ok ? status.value.questions : []
}

function callOf(services: Services): Call {
  const nothing = () => undefined
  return {
    services,
    attended: false,
    stop: { onRequest: () => nothing },
    ask: async () => undefined,
    confirm: async () => false,
    report: nothing,
  }
}
