import { count } from '#base/text.ts'
import type { ConfigSource } from '../config-port.ts'
import { shellWord } from '../failure-texts/text.ts'
import type { Health } from '../health-port.ts'
import type { Services } from '../services.ts'
import { type Finding, failed, good, note, problem } from './finding.ts'

/** The configuration, as every command reads it. */
export async function checkConfiguration(services: Services, health: Health): Promise<readonly Finding[]> {
  const loaded = await services.config()
  if (!loaded.ok) return [failed(CONFIGURATION, loaded.error, health.home)]
  const { sources, untrusted } = loaded.value
  const found = sources.map((source) => checkSource(source, health))
  if (untrusted === undefined) return found
  const { path: where } = untrusted
  return [...found, note(CONFIGURATION, "the project's file is not trusted and does not count", { where, todo: TRUST })]
}

const CONFIGURATION = 'configuration'
const TRUST = ['look at it:  orchastration trust']

function checkSource({ path: where, config, isThere }: ConfigSource, { path }: Health): Finding {
  if (!isThere) {
    return note(CONFIGURATION, 'there is none: no jobs are configured', {
      where,
      todo: ['write one:  orchastration init'],
    })
  }
  const jobs = count(Object.keys(config.jobs ?? {}).length, 'job')
  const { mode } = path(where)
  const todo = [`for you alone:  chmod go-w ${shellWord(where)}`]
  if (mode !== null && (mode & 0o022) !== 0) {
    return problem(CONFIGURATION, 'others may write to it, and so choose what runs as you', { where, todo })
  }
  return good(CONFIGURATION, `valid, ${jobs}`, where)
}

/** What of the environment changes how the program, or a job of it, behaves. */
export function checkEnvironment({ variables }: Health): readonly Finding[] {
  const check = 'environment'
  const found: Finding[] = []
  const isSet = (name: string) => (variables[name] ?? '') !== ''
  if (isSet('BUN_OPTIONS')) {
    const what = 'BUN_OPTIONS is set: the runtime in this program obeys it, and may run code that it names'
    found.push(problem(check, what, { todo: ['unset BUN_OPTIONS'] }))
  }
  if (isSet('ORCHASTRATION_STATE_DIR')) {
    found.push(note(check, 'ORCHASTRATION_STATE_DIR moves store and records', { where: stateDirectory(variables) }))
  }
  const search = (variables['PATH'] ?? variables['Path'] ?? '').split(process.platform === 'win32' ? ';' : ':')
  if (search.every((entry) => entry === '')) {
    found.push(problem(check, 'PATH is empty: programs of jobs are found by their whole path only'))
  } else if (search.some((entry) => entry === '' || entry === '.')) {
    const what = 'PATH holds the current directory: a program that lies in a project may run in place of another'
    found.push(note(check, what, { todo: ['take "." and empty entries out of PATH'] }))
  }
  return found.length > 0 ? found : [good(check, 'nothing in it changes how this program works')]
}

function stateDirectory(variables: Health['variables']): string {
  return variables['ORCHASTRATION_STATE_DIR'] ?? ''
}

const TOOLS = ['git', 'gh'] as const

/** Programs that jobs and agents use often. Nothing of this program needs them. */
export function checkTools(health: Health): readonly Finding[] {
  return TOOLS.map((name) => {
    const found = health.program(name)
    return found === undefined
      ? note(name, 'not found on PATH; only jobs that use it need it')
      : good(name, 'found', found)
  })
}
