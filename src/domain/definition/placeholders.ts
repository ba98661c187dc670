import type { Job } from './job.ts'

/** `{{name}}`; doubled braces, as `{{{{`, stand for two that mean nothing. */
const PLACEHOLDER = /\{\{\{\{|\{\{ *([A-Za-z_][A-Za-z0-9_-]{0,63}) *\}\}/g

/** The keys of a job in whose texts parameters are filled in. A text for a shell is none: it would be read as code. */
const FILLED = ['command', 'working_dir', 'env', 'env_file', 'inputs', 'outputs', 'artifacts'] as const

/** The job with its parameters filled in. A job that declares none keeps its texts as they are, braces and all. */
export function fillIn(job: Job, values: Readonly<Record<string, string>>): Job {
  if (job.params === undefined) return job
  const filled = Object.fromEntries(
    placesOf(job).map(([key, value]) => [key, mapTexts(value, (text) => fillText(text, values))]),
  )
  return { ...job, ...filled }
}

/** The names in the job's placeholders that it declares no parameter for, with the key in which each stands. */
export function unknownPlaceholders(job: Job): readonly { readonly key: string; readonly name: string }[] {
  const declared = job.params
  if (declared === undefined) return []
  return placesOf(job).flatMap(([key, value]) =>
    textsIn(value).flatMap((text) =>
      [...text.matchAll(PLACEHOLDER)].flatMap(([, name]) =>
        name === undefined || Object.hasOwn(declared, name) ? [] : [{ key, name }],
      ),
    ),
  )
}

type Texts = string | readonly string[] | Readonly<Record<string, string>>

function placesOf(job: Job): readonly (readonly [string, Texts])[] {
  return FILLED.flatMap((key) => {
    const value: Texts | undefined = job[key]
    const isShellText = key === 'command' && typeof value === 'string'
    return value === undefined || isShellText ? [] : [[key, value] as const]
  })
}

function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACEHOLDER, (whole, name: string | undefined) => {
    if (name === undefined) return '{{'
    return Object.hasOwn(values, name) ? (values[name] ?? whole) : whole
  })
}

function mapTexts(value: Texts, map: (text: string) => string): Texts {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map(map)
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, map(text)]))
}

function textsIn(value: Texts): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value : Object.values(value)
}
